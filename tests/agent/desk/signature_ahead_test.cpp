#include "agent/desk/signature_ahead.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <thread>

namespace tillside {
namespace {

class SignatureAheadTest : public testing::Test {
 protected:
  SignatureAheadTest() {
    VerifyingKey verifying;
    crypto_sign_seed_keypair(verifying.data(), key_.data(), Bytes32{7}.data());
  }
  const ChainId chain_{3};
  SigningKey key_{};
  const CouponBytes body_{1, 2, 3}, other_{1, 2, 4};
};

TEST_F(SignatureAheadTest, IsTheSignatureTheWriterWouldHaveMade) {
  SignatureAhead ahead(body_);
  ahead.sign(chain_, key_);
  EXPECT_EQ(ahead.take(body_), sign_coupon(body_, chain_, key_));
  EXPECT_EQ(ahead.take(body_), sign_coupon(body_, chain_, key_)) << "a job may run again";
}

TEST_F(SignatureAheadTest, IsNeverGivenForAnotherCoupon) {
  SignatureAhead ahead(body_);
  ahead.sign(chain_, key_);
  EXPECT_EQ(ahead.take(other_), std::nullopt);
}

TEST_F(SignatureAheadTest, IsNotWaitedForWhenItWasNotBegun) {
  SignatureAhead ahead(body_);
  EXPECT_EQ(ahead.take(body_), std::nullopt);
  ahead.sign(chain_, key_);
  EXPECT_EQ(ahead.take(body_), std::nullopt) << "the writer has signed by itself";
}

TEST_F(SignatureAheadTest, IsRightOrAbsentWhileBothThreadsAreAtIt) {
  const Signature expected = sign_coupon(body_, chain_, key_);
  int given = 0;
  for (int i = 0; i < 200; ++i) {
    SignatureAhead ahead(body_);
    std::thread door([&] { ahead.sign(chain_, key_); });
    const auto taken = ahead.take(body_);
    door.join();
    if (!taken) continue;
    ++given;
    ASSERT_EQ(*taken, expected);
  }
  RecordProperty("given", given);
}

}  // namespace
}  // namespace tillside
