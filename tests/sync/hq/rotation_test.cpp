// A till changes its key for another under the same epoch, with every crash and lost answer on the way.
#include "agent/domain/key_directory.h"
#include "tests/contract/till_events.h"
#include "tests/sync/hq/hq_rig.h"

namespace tillside::test {
namespace {

using wire::ContactOutcome;

class HqRotation : public HqWithTill {
 protected:
  void ask() { rig_.admin("POST", "tills/" + std::to_string(till_.number()) + "/rotate"); }
  bool is_asked() { return rig_.admin("GET", "tills")["tills"][0]["rotate"]; }
  std::map<int, std::string> keys() {
    std::map<int, std::string> out;
    const auto listed = rig_.admin("GET", "keys");
    for (const auto& key : listed["keys"])
      if (key["till"] == till_.number()) out[key["generation"]] = key["status"];
    return out;
  }
  void expect_rotated() {
    const auto identity = *till_.till.identity();
    EXPECT_EQ(identity.epoch, epoch_);
    EXPECT_EQ(identity.key_generation, 1);
    EXPECT_EQ(identity.public_key, till_.till.current()->public_key);
    EXPECT_EQ(keys(), (std::map<int, std::string>{{0, "retired"}, {1, "live"}}));
    EXPECT_EQ(till_.contact().outcome, ContactOutcome::honest);
    EXPECT_FALSE(is_asked());
  }
  wire::Epoch epoch_{};
};

TEST_F(HqRotation, ATillThatIsAskedChangesItsKeyAtOnceAndKeepsItsLife) {
  epoch_ = till_.till.identity()->epoch;
  const auto old_key = till_.till.current()->public_key;
  const auto old_typed = till_.till.identity()->typed_key;
  till_.till.sell(sale_event({.sequence = 1, .coupon_serials = {1}}));
  till_.send_all();
  till_.drain();
  ask();
  EXPECT_TRUE(is_asked());
  const auto refused = till_.poll();
  ASSERT_NE(std::get_if<sync::Trouble>(&refused), nullptr) << "its token ends, so that it makes contact";
  const auto answer = till_.contact();
  EXPECT_EQ(answer.outcome, ContactOutcome::honest);
  ASSERT_TRUE(answer.identity);
  ASSERT_EQ(answer.identity->earlier_typed_keys.size(), 1u);
  EXPECT_EQ(answer.identity->earlier_typed_keys[0].generation, 0);
  EXPECT_EQ(answer.identity->earlier_typed_keys[0].key, old_typed);
  EXPECT_NE(answer.identity->typed_key, old_typed);
  expect_rotated();
  EXPECT_NE(till_.till.current()->public_key, old_key);
  till_.till.sell(sale_event({.sequence = 2}));
  till_.send_all();
  const auto quotas = rig_.ledger().quotas(1);
  ASSERT_EQ(quotas.size(), 1u) << "no new epoch, no new quota";
  EXPECT_EQ(quotas[0].issued, 1);
  EXPECT_EQ(rig_.ledger().key_of({till_.number(), 0}), old_key);
  EXPECT_EQ(rig_.ledger().key_of({till_.number(), 1}), till_.till.current()->public_key);
}

TEST_F(HqRotation, TheDirectoryVouchesForBothKeys) {
  ask();
  till_.contact();
  rig_.settle_keys();
  till_.drain();
  KeyDirectory directory;
  const auto identity = *till_.till.identity();
  for (const auto& change : till_.told(wire::ChangeKind::keys)) {
    auto part = read_key_part(change.keys.document, identity.chain, identity.hq_key);
    ASSERT_TRUE(part);
    directory.take(std::move(*part), identity.hq_incarnation);
  }
  const auto before = directory.find({till_.number(), 0}), now = directory.find({till_.number(), 1});
  ASSERT_TRUE(before);
  ASSERT_TRUE(now);
  EXPECT_EQ(before->status, KeyFacts::Status::retired);
  ASSERT_TRUE(before->until);
  EXPECT_GT(before->until->ms, rig_.clock.now().ms);
  EXPECT_EQ(judge_key(*before, 1, rig_.clock.now().plus_ms(-kDay)), KeyFinding::good);
  EXPECT_EQ(now->status, KeyFacts::Status::live);
  EXPECT_EQ(now->key, identity.public_key);
}

TEST_F(HqRotation, AnAnswerThatWasLostIsGivenAgain) {
  epoch_ = till_.till.identity()->epoch;
  ask();
  auto before = till_.till.disk;
  before.pending_nonce = Bytes16{42};
  till_.till.disk = before;
  till_.contact();
  till_.till.disk = before;  // nothing of the answer was kept
  rig_.restart();
  EXPECT_TRUE(till_.contact().identity) << "the first answer again";
  expect_rotated();
}

TEST_F(HqRotation, ATillThatDiesBetweenIdentityAndKeySwitchesLater) {
  epoch_ = till_.till.identity()->epoch;
  ask();
  till_.contact();
  --till_.till.disk.key_number;
  till_.contact();
  expect_rotated();
}

TEST_F(HqRotation, DyingAfterAnyDurableStepEndsWithOneNewKey) {
  for (int step = 0; step < 6; ++step) {
    HqRig rig;
    rig.add_store();
    TillAt till(rig, 1);
    till.enroll(rig.code());
    till.contact();
    const auto epoch = till.till.identity()->epoch;
    rig.admin("POST", "tills/1/rotate");
    till.till.die_after = step;
    try {
      (void)till.try_contact();
    } catch (const fakes::Died&) {
    }
    till.till.die_after = -1;
    till.contact();
    till.contact();
    EXPECT_EQ(till.till.identity()->epoch, epoch) << "step " << step;
    EXPECT_EQ(till.till.identity()->key_generation, 1) << "step " << step;
    EXPECT_EQ(till.till.identity()->public_key, till.till.current()->public_key) << "step " << step;
  }
}

TEST_F(HqRotation, ACopyFromBeforeIsFencedAndNotLockedOut) {
  const auto copy = till_.till.disk;
  epoch_ = till_.till.identity()->epoch;
  ask();
  till_.contact();
  TillAt second(rig_, copy);
  EXPECT_EQ(second.contact().outcome, ContactOutcome::fenced);
  EXPECT_NE(second.till.identity()->epoch, epoch_);
  EXPECT_EQ(second.till.identity()->key_generation, 2);
  EXPECT_EQ(second.contact().outcome, ContactOutcome::honest);
  EXPECT_EQ(till_.contact().outcome, ContactOutcome::honest);
}

TEST_F(HqRotation, AHeadquartersRestoredFromBeforeTakesTheTillBack) {
  rig_.restart([this] { rig_.keep_backup(); });
  till_.contact();
  ask();
  till_.contact();
  ASSERT_EQ(till_.till.identity()->key_generation, 1);
  rig_.restart([this] { rig_.restore_backup(); });
  EXPECT_EQ(till_.contact().outcome, ContactOutcome::readmitted);
  EXPECT_EQ(till_.till.identity()->key_generation, 2);
  EXPECT_EQ(till_.contact().outcome, ContactOutcome::honest);
}

TEST_F(HqRotation, CanBeAskedForUntilTheGenerationsAreUsedUp) {
  for (int generation = 1; generation <= 15; ++generation) {
    ask();
    till_.contact();
    ASSERT_EQ(till_.till.identity()->key_generation, generation);
  }
  const auto path = "tills/" + std::to_string(till_.number()) + "/rotate";
  EXPECT_GE(rig_.admin_answer("POST", path).status, 400);
  EXPECT_EQ(rig_.admin_answer("POST", "tills/99/rotate").status, 404);
  EXPECT_EQ(till_.till.identity()->earlier_typed_keys.size(), 15u);
}

TEST_F(HqRotation, ARevokedTillIsNotAsked) {
  const auto path = "tills/" + std::to_string(till_.number());
  rig_.admin("POST", path + "/revoke");
  EXPECT_GE(rig_.admin_answer("POST", path + "/rotate").status, 400);
}

}  // namespace
}  // namespace tillside::test
