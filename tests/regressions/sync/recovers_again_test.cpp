// A restored headquarters could not take back a till that was enrolled after the backup into a store it knew. And:
// headquarters restored a second time from a backup older than its first recovery stayed recovering for ever: it waited
// for an epoch that its till had left in the life that was forgotten.
#include "tests/contract/till_events.h"
#include "tests/sync/hq/hq_rig.h"

namespace tillside::test {
namespace {

using wire::ContactOutcome;

class RecoversAgain : public HqWithTill {
 protected:
  void SetUp() override {
    HqWithTill::SetUp();
    rig_.restart([this] { rig_.keep_backup(); });
  }
  void restore() {
    rig_.restart([this] { rig_.restore_backup(); });
  }
  void sell() { till_.till.sell(sale_event({.sequence = ++sold_})); }
  std::map<std::string, std::string> epochs() {
    std::map<std::string, std::string> states;
    const auto ledger = rig_.admin("GET", "tills/1/ledger");
    for (const auto& epoch : ledger["epochs"]) states[epoch["epoch"]] = epoch["state"];
    return states;
  }
  int sold_ = 0;
};

TEST_F(RecoversAgain, AsOftenAsItIsRestoredFromBeforeItsFirstRecovery) {
  till_.contact();
  for (std::size_t times = 1; times <= 3; ++times) {
    sell();
    till_.send_all();
    restore();
    EXPECT_EQ(till_.contact().outcome, ContactOutcome::readmitted);
    EXPECT_EQ(till_.till.disk.left.size(), times);
    sell();
    // As a till's store does on hearing of another incarnation.
    for (auto& [epoch, log] : till_.till.disk.log) log.acknowledged = 0;
    EXPECT_TRUE(rig_.ledger().still_recovering()) << "what it did under the epochs before is still to come";
    till_.send_all();
    EXPECT_FALSE(rig_.ledger().still_recovering()) << "time " << times;
    EXPECT_EQ(rig_.ledger().counts().checkouts, static_cast<std::uint64_t>(sold_));
    const auto known = epochs();
    EXPECT_EQ(known.size(), times + 1);
    for (const auto& [epoch, state] : known)
      EXPECT_EQ(state, epoch == to_hex(till_.till.identity()->epoch) ? "live" : "ended") << epoch;
  }
}

TEST_F(RecoversAgain, ATillThatCameAfterTheBackupIsTakenBackIntoItsStore) {
  rig_.add_store("0456");
  TillAt here(rig_, 2), there(rig_, 3);
  here.enroll(rig_.code());
  there.enroll(rig_.code("0456"));
  restore();
  EXPECT_EQ(here.contact().outcome, ContactOutcome::readmitted);
  EXPECT_EQ(rig_.ledger().stores().size(), 1u);
  EXPECT_EQ(there.contact().outcome, ContactOutcome::readmitted);
  EXPECT_EQ(rig_.ledger().stores().size(), 2u) << "of this one the till alone knows";
  restore();
  rig_.add_store("0789");  // takes the number
  const auto refused = there.try_contact();
  const auto* trouble = std::get_if<sync::Trouble>(&refused);
  ASSERT_NE(trouble, nullptr);
  EXPECT_EQ(trouble->status, 409);
}

TEST_F(RecoversAgain, KeysOfEpochsThatHeadquartersForgotVouchAgain) {
  till_.contact();
  restore();
  till_.contact();
  const auto second = *till_.till.identity();
  restore();
  till_.contact();
  EXPECT_EQ(rig_.ledger().key_of({1, second.key_generation}), second.public_key);
  EXPECT_GT(till_.till.identity()->key_generation, second.key_generation);
}

TEST_F(RecoversAgain, AnEpochThatAnotherTillNamesOrNobodySignedIsNotEnded) {
  TillAt other(rig_, 2);
  other.enroll(rig_.code());
  other.contact();
  till_.contact();
  till_.till.disk.left.push_back({other.till.identity()->certificate, 0});
  till_.till.disk.left.push_back({std::string(600, 'a'), 0});
  restore();
  EXPECT_EQ(till_.contact().outcome, ContactOutcome::readmitted);
  EXPECT_EQ(other.contact().outcome, ContactOutcome::readmitted);
}

TEST_F(RecoversAgain, OfATillThatNamesNothingOnTheOwnersWord) {
  till_.contact();
  restore();
  till_.contact();
  till_.till.disk.left.clear();
  restore();
  till_.contact();
  till_.send_all();
  EXPECT_TRUE(rig_.ledger().still_recovering());
  rig_.admin("POST", "tills/1/write-off", "{}");
  EXPECT_FALSE(rig_.ledger().still_recovering());
}

}  // namespace
}  // namespace tillside::test
