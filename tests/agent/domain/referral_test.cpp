#include "agent/domain/referral.h"

#include <gtest/gtest.h>

#include <random>

#include "agent/domain/base32.h"
#include "agent/domain/time.h"
#include "tests/agent/domain/coupon_samples.h"

namespace tillside {
namespace {

const ReferralKey kKey = samples::counting_from<ReferralKey>(0x80);
constexpr char kAlphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

// Checkout 451 of till 17, guide 33, shown 2026-11-22T09:15+08:00.
Referral shown() { return {1, true, 17, 33, code_minutes(Instant{1'795'310'100'000}), 451}; }

ErrorCode verdict_of(const std::string& token) {
  const auto read = verify_referral(token, kKey);
  return read.ok() ? ErrorCode::internal : read.error().code;
}

TEST(Referral, IsTheDocumentedExample) {
  const std::string token = encode_referral(shown(), kKey);
  EXPECT_EQ(token, "600120112WT4P0071ZW6KY6HXDQ9MR");
  EXPECT_EQ(referral_url("go.example.cn", token), "HTTPS://GO.EXAMPLE.CN/R/600120112WT4P0071ZW6KY6HXDQ9MR");
}

TEST(Referral, BadgeIsTheDocumentedExample) {
  const Referral badge{1, false, 123, 33, code_minutes(Instant{1'795'310'100'000}), 0};
  EXPECT_EQ(encode_referral(badge, kKey), "4007P0112WT4P0000037GSW9DP6HG3");
}

TEST(Referral, StandsInThePromisedBits) {
  const auto bytes = base32_decode(encode_referral(shown(), kKey), 150);
  ASSERT_TRUE(bytes);
  ASSERT_EQ(bytes->size(), 19u);
  EXPECT_EQ((*bytes)[0], 0x30);  // version 001, kind 1, till's top 4 bits
  EXPECT_EQ((*bytes)[2], 17);
  EXPECT_EQ((*bytes)[4], 33);
  EXPECT_EQ((*bytes)[18] & 3, 0);
}

TEST(Referral, ComesBackAsItWas) {
  std::mt19937 twister(3);
  const auto random = [&] { return static_cast<std::uint32_t>(twister()); };
  for (int round = 0; round < 2000; ++round) {
    const Referral referral{1,
                            (random() & 1) != 0,
                            random() & kMaxTillNumber,
                            static_cast<StaffNumber>(random()),
                            random() & 0xFFFFFF,
                            random() & kMaxOrdinal};
    const std::string token = encode_referral(referral, kKey);
    ASSERT_EQ(token.size(), 30u);
    ASSERT_EQ(read_referral(token).value(), referral);
    ASSERT_EQ(verify_referral(token, kKey).value(), referral);
  }
}

TEST(Referral, EveryFlippedBitIsSeen) {
  const std::string token = encode_referral(shown(), kKey);
  for (std::size_t at = 0; at < token.size(); ++at)
    for (unsigned bit = 1; bit < 32; bit <<= 1) {
      std::string spoilt = token;
      const auto value = static_cast<unsigned>(std::string_view(kAlphabet).find(token[at]));
      spoilt[at] = kAlphabet[value ^ bit];
      const ErrorCode wanted = at == 0 && bit >= 4 ? ErrorCode::bad_format : ErrorCode::bad_signature;
      EXPECT_EQ(verdict_of(spoilt), wanted) << at << " " << bit;
    }
}

TEST(Referral, AnotherKeyDoesNotHold) {
  const auto read = verify_referral(encode_referral(shown(), kKey), samples::counting_from<ReferralKey>(0x81));
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::bad_signature);
}

TEST(Referral, ReadsLowerCaseAndLookAlikes) {
  std::string token = encode_referral(shown(), kKey);
  for (char& c : token) c = c == '0' ? 'o' : c == '1' ? 'l' : static_cast<char>(tolower(c));
  EXPECT_EQ(verify_referral(token, kKey).value(), shown());
}

TEST(Referral, RefusesWhatIsNotOne) {
  const std::string token = encode_referral(shown(), kKey);
  for (std::size_t length = 0; length < token.size(); ++length)
    EXPECT_EQ(verdict_of(token.substr(0, length)), ErrorCode::bad_format) << length;
  EXPECT_EQ(verdict_of(token + "0"), ErrorCode::bad_format);
  EXPECT_EQ(verdict_of(token.substr(0, 29) + "U"), ErrorCode::bad_format);
  EXPECT_EQ(verdict_of(token.substr(0, 29) + "-"), ErrorCode::bad_format);
  Referral later = shown();
  later.version = 2;
  EXPECT_EQ(verdict_of(encode_referral(later, kKey)), ErrorCode::bad_format);
}

TEST(ReferralUrl, IsAllInTheAlphanumericSetOfQrCodes) {
  const std::string url = referral_url("go.example.cn", encode_referral(shown(), kKey));
  EXPECT_EQ(url.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"), std::string::npos);
}

}  // namespace
}  // namespace tillside
