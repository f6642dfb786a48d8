// The key directory on its way from headquarters' ledger to its tills.
#include "agent/domain/key_directory.h"
#include "sync/hq/hq_keys.h"
#include "sync/hq/key_publisher.h"
#include "tests/sync/hq/hq_rig.h"

namespace tillside::test {
namespace {

class HqKeyDirectory : public testing::Test {
 protected:
  void SetUp() override {
    rig_.add_store();
    till_.enroll(rig_.code());
    till_.contact();
    rig_.settle_keys();
  }
  // What a till makes of everything it was told, and how often it was told something of value.
  KeyDirectory directory() {
    till_.drain();
    KeyDirectory directory;
    const auto identity = *till_.till.identity();
    for (const auto& change : till_.told(wire::ChangeKind::keys)) {
      auto part = read_key_part(change.keys.document, identity.chain, identity.hq_key);
      EXPECT_TRUE(part) << part.error().detail;
      if (part) {
        EXPECT_TRUE(directory.take(std::move(*part), identity.hq_incarnation));
      }
    }
    return directory;
  }
  HqRig rig_;
  TillAt till_{rig_, 1};
};

TEST_F(HqKeyDirectory, ATillLearnsItsOwnKeyAndHeadquarters) {
  const auto known = directory();
  const auto identity = *till_.till.identity();
  ASSERT_TRUE(known.find({till_.number(), 0}));
  EXPECT_EQ(known.find({till_.number(), 0})->key, identity.public_key);
  ASSERT_TRUE(known.find({0, 0}));
  EXPECT_EQ(known.find({0, 0})->key, identity.hq_key);
  EXPECT_FALSE(known.expired({0, 0}, rig_.clock.now()));
}

TEST_F(HqKeyDirectory, ATillLearnsOfAnotherThatCameLater) {
  till_.drain();
  TillAt other(rig_, 2);
  other.enroll(rig_.code());
  rig_.settle_keys();
  EXPECT_EQ(directory().find({other.number(), 0})->key, other.till.identity()->public_key);
}

TEST_F(HqKeyDirectory, ARevocationIsToldAtOnce) {
  const auto path = "keys/" + std::to_string(till_.number()) + "/0/revoke";
  rig_.admin("POST", path, R"({"good_to":451})");
  const auto facts = directory().find({till_.number(), 0});
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->status, KeyFacts::Status::revoked);
  EXPECT_EQ(facts->good_to, 451u);
  const auto listed = rig_.admin("GET", "keys")["keys"];
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0]["till"], 0) << "headquarters itself";
  EXPECT_EQ(listed[0]["status"], "live");
  EXPECT_EQ(listed[1]["status"], "revoked");
  EXPECT_EQ(listed[1]["good_to"], 451);
}

TEST_F(HqKeyDirectory, ARevocationThatNamesNothingIsRefused) {
  EXPECT_EQ(rig_.admin_answer("POST", "keys/99/0/revoke", R"({"good_to":1})").status, 404);
  EXPECT_EQ(rig_.admin_answer("POST", "keys/1/16/revoke", R"({"good_to":1})").status, 404);
  for (const char* body : {"{}", R"({"good_to":-1})", R"({"good_to":"1"})", R"({"good_to":4294967296})", "[]"})
    EXPECT_EQ(rig_.admin_answer("POST", "keys/1/0/revoke", body).status / 100, 4) << body;
  EXPECT_EQ(directory().find({1, 0})->status, KeyFacts::Status::live);
}

TEST_F(HqKeyDirectory, IsSignedAnewLongBeforeItExpires) {
  const auto first = directory().expires();
  ASSERT_TRUE(first);
  rig_.clock.advance(hq::kKeysRenewed + kHour);
  const auto renewed = [&] {
    rig_.clock.advance(kSecond);
    till_.contact();
    const auto expires = directory().expires();
    return expires && *expires > *first;
  };
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!renewed() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_TRUE(renewed());
}

TEST_F(HqKeyDirectory, AFencedCopyGetsAKeyOfItsOwnAndTheOldOneStillVouches) {
  const auto copy = till_.till.disk;
  till_.contact();
  TillAt second(rig_, copy);
  EXPECT_EQ(second.contact().outcome, wire::ContactOutcome::fenced);
  rig_.settle_keys();
  const auto known = directory();
  ASSERT_TRUE(known.find({till_.number(), 0}));
  ASSERT_TRUE(known.find({till_.number(), 1}));
  EXPECT_EQ(known.find({till_.number(), 0})->status, KeyFacts::Status::retired);
  EXPECT_EQ(known.find({till_.number(), 1})->status, KeyFacts::Status::live);
}

}  // namespace
}  // namespace tillside::test
