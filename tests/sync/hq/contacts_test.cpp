#include "tests/contract/till_events.h"
#include "tests/sync/hq/hq_rig.h"

namespace tillside::test {
namespace {

using wire::ContactOutcome;

class HqContacts : public testing::Test {
 protected:
  void SetUp() override { rig_.add_store(); }
  // The same disk in a second machine.
  TillAt copy_of(const TillAt& till) { return {rig_, till.till.disk}; }
  HqRig rig_;
};

const sync::Trouble* trouble_of(const sync::Attempt<wire::ContactAnswer>& attempt) {
  return std::get_if<sync::Trouble>(&attempt);
}

TEST_F(HqContacts, AHonestTillGoesOnAndOn) {
  TillAt till(rig_, 1);
  till.enroll(rig_.code());
  for (std::uint64_t counter = 2; counter < 6; ++counter) {
    const auto answer = till.contact();
    EXPECT_EQ(answer.outcome, ContactOutcome::honest);
    EXPECT_EQ(answer.contact.counter, counter);
  }
}

TEST_F(HqContacts, ALostAnswerIsGivenAgainByteForByte) {
  TillAt till(rig_, 1);
  till.enroll(rig_.code());
  wire::ContactRequest request;
  const auto identity = *till.till.identity();
  request.till = identity.till;
  request.epoch = identity.epoch;
  request.request_nonce = {7};
  request.contact = till.till.disk.contact;
  const auto ask = [&] {
    const auto nonce = wire::read_nonce_answer(rig_.exchange("GET", "/v1/nonce", "", "").body);
    request.server_nonce = nonce->nonce;
    wire::sign(request, till.till.current()->secret_key);
    return rig_.exchange("POST", "/v1/token", wire::write(request), "");
  };
  const auto first = ask();
  ASSERT_EQ(first.status, 200);
  rig_.restart();
  EXPECT_EQ(ask().body, first.body);
  request.request_nonce = {8};
  const auto copy = wire::read_contact_answer(ask().body);
  ASSERT_TRUE(copy.ok());
  EXPECT_EQ(copy->outcome, ContactOutcome::fenced);
}

TEST_F(HqContacts, TheSecondCopyToMakeContactIsFencedAndBothGoOn) {
  rig_.add_campaign();
  TillAt first(rig_, 1);
  first.enroll(rig_.code());
  first.contact();
  auto second = copy_of(first);
  const auto epoch = first.till.identity()->epoch;
  EXPECT_EQ(first.contact().outcome, ContactOutcome::honest);
  const auto fenced = second.contact();
  EXPECT_EQ(fenced.outcome, ContactOutcome::fenced);
  EXPECT_NE(second.till.identity()->epoch, epoch);
  EXPECT_EQ(second.till.identity()->key_generation, first.till.identity()->key_generation + 1);
  EXPECT_EQ(second.contact().outcome, ContactOutcome::honest);
  EXPECT_EQ(first.contact().outcome, ContactOutcome::honest);
  EXPECT_EQ(first.till.identity()->epoch, epoch);
  std::int64_t lent = 0;
  for (const auto& row : rig_.ledger().quotas(1)) lent += row.lent;
  EXPECT_EQ(lent, 20);  // the copied quota stays counted, the copy has one of its own
}

TEST_F(HqContacts, ACopyMadeWhileAnAnswerWasOutstandingIsFencedOneContactLater) {
  TillAt first(rig_, 1);
  first.enroll(rig_.code());
  ASSERT_TRUE(first.till.begin_contact({5}).ok());
  auto second = copy_of(first);
  EXPECT_EQ(first.contact().outcome, ContactOutcome::honest);
  EXPECT_EQ(second.contact().outcome, ContactOutcome::honest);
  EXPECT_EQ(first.contact().outcome, ContactOutcome::honest);
  EXPECT_EQ(second.contact().outcome, ContactOutcome::fenced);
}

TEST_F(HqContacts, ADiskRolledBackWithinOneContactIsFencedAndItsNewSalesArrive) {
  rig_.add_campaign();
  TillAt till(rig_, 1);
  till.enroll(rig_.code());
  till.contact();
  till.till.sell(sale_event({.sequence = 1}));
  till.send_all();
  const auto snapshot = till.till.disk;
  till.till.sell(sale_event({.sequence = 2}));
  till.send_all();
  TillAt restored(rig_, snapshot);
  EXPECT_EQ(restored.contact().outcome, ContactOutcome::fenced);
  EXPECT_EQ(restored.till.identity()->key_generation, 1);
  restored.till.sell(sale_event({.sequence = 3}));
  restored.send_all();
  EXPECT_EQ(rig_.ledger().counts().checkouts, 3u);
  EXPECT_EQ(rig_.ledger().counts().fork_events, 0u);
  EXPECT_EQ(restored.contact().outcome, ContactOutcome::honest);
  std::int64_t lent = 0;
  for (const auto& row : rig_.ledger().quotas(1)) lent += row.lent;
  EXPECT_EQ(lent, 20);
}

TEST_F(HqContacts, ADiskRolledBackThatSoldOnBeforeItsContactForksOnceAndGoesOn) {
  TillAt till(rig_, 1);
  till.enroll(rig_.code());
  till.contact();
  till.till.sell(sale_event({.sequence = 1}));
  till.send_all();
  const auto snapshot = till.till.disk;
  till.till.sell(sale_event({.sequence = 2}));
  till.send_all();
  TillAt restored(rig_, snapshot);
  restored.till.sell(sale_event({.sequence = 3}));
  restored.till.sell(sale_event({.sequence = 4}));
  EXPECT_EQ(restored.contact().outcome, ContactOutcome::honest);  // as long as what is held: nothing is proven yet
  EXPECT_EQ(restored.send().step, sync::Uplink::Step::forked);
  EXPECT_EQ(restored.contact().outcome, ContactOutcome::fenced);
  restored.till.sell(sale_event({.sequence = 5}));
  restored.send_all();
  EXPECT_EQ(rig_.ledger().counts().checkouts, 5u) << "the fork's sales count too";
  EXPECT_EQ(rig_.ledger().counts().fork_events, 2u);
  EXPECT_EQ(restored.contact().outcome, ContactOutcome::honest);
}

TEST_F(HqContacts, TheOriginalThatForksBehindItsFencedCopyGoesOnUnderANewEpoch) {
  TillAt original(rig_, 1);
  original.enroll(rig_.code());
  original.contact();
  original.till.sell(sale_event({.sequence = 1}));
  original.send_all();
  auto copy = copy_of(original);
  const auto birth = original.till.identity()->epoch;
  original.till.sell(sale_event({.sequence = 2}));
  copy.till.sell(sale_event({.sequence = 3}));
  EXPECT_EQ(original.contact().outcome, ContactOutcome::honest);
  EXPECT_EQ(copy.contact().outcome, ContactOutcome::fenced);
  copy.send_all();  // what it sold is first under the birth epoch
  EXPECT_EQ(original.send().step, sync::Uplink::Step::forked);
  EXPECT_EQ(original.contact().outcome, ContactOutcome::fenced);
  EXPECT_NE(original.till.identity()->epoch, birth);
  EXPECT_NE(original.till.identity()->epoch, copy.till.identity()->epoch);
  original.till.sell(sale_event({.sequence = 4}));
  original.send_all();
  EXPECT_EQ(rig_.ledger().counts().checkouts, 4u);
  EXPECT_EQ(rig_.ledger().counts().fork_events, 1u);
  EXPECT_EQ(original.contact().outcome, ContactOutcome::honest);
  EXPECT_EQ(copy.contact().outcome, ContactOutcome::honest);
}

TEST_F(HqContacts, AForkOfItsCopyDoesNotMoveTheHolderOfTheEpoch) {
  TillAt original(rig_, 1);
  original.enroll(rig_.code());
  original.contact();
  auto copy = copy_of(original);
  const auto birth = original.till.identity()->epoch;
  original.contact();
  original.till.sell(sale_event({.sequence = 1}));
  original.send_all();
  copy.till.sell(sale_event({.sequence = 2}));
  EXPECT_EQ(copy.contact().outcome, ContactOutcome::fenced);
  copy.send_all();
  EXPECT_EQ(rig_.ledger().counts().fork_events, 1u);
  EXPECT_EQ(original.contact().outcome, ContactOutcome::honest);
  EXPECT_EQ(original.till.identity()->epoch, birth);
}

TEST_F(HqContacts, AForkThatReachesFurtherThanTheHolderOfTheEpochDoesNotMoveItEither) {
  TillAt original(rig_, 1);
  original.enroll(rig_.code());
  original.contact();
  auto copy = copy_of(original);
  const auto birth = original.till.identity()->epoch;
  original.contact();
  original.till.sell(sale_event({.sequence = 1}));
  original.send_all();
  for (int i = 2; i <= 9; ++i) copy.till.sell(sale_event({.sequence = i}));
  EXPECT_EQ(copy.contact().outcome, ContactOutcome::fenced);
  copy.send_all();
  EXPECT_EQ(rig_.ledger().counts().fork_events, 8u);
  EXPECT_EQ(original.contact().outcome, ContactOutcome::honest);
  EXPECT_EQ(original.till.identity()->epoch, birth);
}

TEST_F(HqContacts, ACertificateOfAnotherEpochVouchesForNothing) {
  TillAt till(rig_, 1);
  till.enroll(rig_.code());
  till.contact();
  auto liar = copy_of(till);
  liar.till.disk.identity->epoch = {0xee};
  liar.till.disk.epochs = {{0xee}};
  liar.till.disk.log[{0xee}];
  const auto refused = liar.try_contact();
  ASSERT_NE(trouble_of(refused), nullptr);
  EXPECT_EQ(trouble_of(refused)->status, 401);
  EXPECT_FALSE(rig_.ledger().still_recovering());
  EXPECT_EQ(till.contact().outcome, ContactOutcome::honest);
}

TEST_F(HqContacts, AFencedAnswerThatWasLostIsGivenAgain) {
  TillAt first(rig_, 1);
  first.enroll(rig_.code());
  auto second = copy_of(first);
  first.contact();
  auto third = copy_of(second);
  ASSERT_TRUE(second.till.begin_contact({5}).ok());
  ASSERT_TRUE(third.till.begin_contact({5}).ok());
  second.contact();
  third.contact();
  EXPECT_EQ(second.till.identity()->epoch, third.till.identity()->epoch);
}

TEST_F(HqContacts, ANewTokenEndsTheOldOne) {
  TillAt till(rig_, 1);
  till.enroll(rig_.code());
  till.contact();
  const auto old = till.token();
  till.contact();
  till.till.sell(sale_event({}));
  EXPECT_EQ(rig_.exchange("GET", "/v1/downlink", "", old).status, 401);
  EXPECT_EQ(rig_.exchange("GET", "/v1/downlink", "", till.token()).status, 200);
  EXPECT_EQ(rig_.exchange("GET", "/v1/downlink", "", "").status, 401);
  EXPECT_EQ(till.send().held_seq, 1u);
  rig_.clock.advance(13 * kHour);
  EXPECT_EQ(rig_.exchange("GET", "/v1/downlink", "", till.token()).status, 401);
}

TEST_F(HqContacts, ACounterAheadMeansHeadquartersWasRestored) {
  rig_.add_campaign();
  TillAt till(rig_, 1), other(rig_, 2);
  till.enroll(rig_.code());
  other.enroll(rig_.code());
  till.contact();
  rig_.restart([&] { rig_.keep_backup(); });
  till.contact();
  till.till.sell(sale_event({.sequence = 1, .net = 500}));
  till.send_all();
  till.drain();
  const auto epoch = till.till.identity()->epoch;
  rig_.restart([&] { rig_.restore_backup(); });
  EXPECT_EQ(rig_.exchange("GET", "/v1/downlink", "", till.token()).status, 401);
  const auto back = till.contact();
  EXPECT_EQ(back.outcome, ContactOutcome::readmitted);
  EXPECT_TRUE(back.recovering);
  EXPECT_TRUE(rig_.ledger().still_recovering());
  till.send_all();  // what headquarters had forgotten, under its birth name
  const auto epochs = rig_.admin("GET", "tills/1/ledger")["epochs"];
  bool found = false;
  for (const auto& one : epochs)
    if (one["epoch"] == to_hex(epoch)) found = one["held_seq"] == 1 && one["net"] == 500;
  EXPECT_TRUE(found) << epochs.dump();
  EXPECT_TRUE(rig_.ledger().still_recovering()) << "the other till has not been heard of";
  EXPECT_EQ(other.contact().outcome, ContactOutcome::readmitted);
  EXPECT_FALSE(rig_.ledger().still_recovering());
  EXPECT_TRUE(till.drain().reset);
}

TEST_F(HqContacts, ACursorAheadMeansHeadquartersWasRestoredToo) {
  TillAt till(rig_, 1);
  till.enroll(rig_.code());
  till.contact();
  till.drain();
  rig_.restart([&] { rig_.keep_backup(); });
  rig_.add_campaign();
  till.drain();  // is told of a campaign and lent units that the backup does not know
  rig_.restart([&] { rig_.restore_backup(); });
  const auto poll = till.poll();
  ASSERT_TRUE(std::holds_alternative<sync::Trouble>(poll));
  EXPECT_EQ(std::get<sync::Trouble>(poll).status, 401);
  EXPECT_EQ(till.contact().outcome, ContactOutcome::readmitted);
  EXPECT_FALSE(rig_.ledger().still_recovering());
}

TEST_F(HqContacts, ATillUnknownToARestoredHeadquartersIsTakenBack) {
  rig_.restart([&] { rig_.keep_backup(); });
  TillAt till(rig_, 1);
  rig_.add_store("0456");
  till.enroll(rig_.code("0456"));
  till.contact();
  till.till.sell(sale_event({.net = 700}));
  rig_.restart([&] { rig_.restore_backup(); });
  EXPECT_TRUE(rig_.ledger().tills().empty());
  EXPECT_EQ(till.contact().outcome, ContactOutcome::readmitted);
  till.send_all();
  ASSERT_EQ(rig_.ledger().tills().size(), 1u);
  EXPECT_EQ(rig_.ledger().tills()[0].store_id, "0456");
  EXPECT_EQ(rig_.ledger().counts().checkouts, 1u);
}

TEST_F(HqContacts, AStrangerIsRefusedAndNothingIsRemembered) {
  TillAt till(rig_, 1);
  till.enroll(rig_.code());
  auto stranger = copy_of(till);
  stranger.till.disk.seed = 9;  // knows all but the key
  stranger.till.disk.identity->public_key = {};
  stranger.till.disk.identity->certificate.clear();
  const auto refused = stranger.try_contact();
  ASSERT_NE(trouble_of(refused), nullptr);
  EXPECT_EQ(trouble_of(refused)->status, 401);
  EXPECT_EQ(till.contact().outcome, ContactOutcome::honest);
}

TEST_F(HqContacts, AnOldServerNonceIsRefused) {
  TillAt till(rig_, 1);
  till.enroll(rig_.code());
  wire::ContactRequest request;
  request.till = 1;
  request.epoch = till.till.identity()->epoch;
  request.contact = till.till.disk.contact;
  request.server_nonce = wire::read_nonce_answer(rig_.exchange("GET", "/v1/nonce", "", "").body)->nonce;
  rig_.clock.advance(kMinute + 1);
  wire::sign(request, till.till.current()->secret_key);
  EXPECT_EQ(rig_.exchange("POST", "/v1/token", wire::write(request), "").status, 400);
}

TEST_F(HqContacts, ACodeIsForOneTill) {
  const auto code = rig_.code();
  TillAt till(rig_, 1), other(rig_, 2);
  till.enroll(code);
  const auto first = *till.till.identity();
  till.enroll(code);  // the answer was lost: the same till asks again
  EXPECT_EQ(till.till.identity()->till, first.till);
  EXPECT_EQ(till.till.identity()->epoch, first.epoch);
  const auto transport = rig_.transport();
  const auto taken = sync::enroll(code, "0.1.0", other.till, other.till, *transport, rig_.random);
  ASSERT_TRUE(std::holds_alternative<sync::Trouble>(taken));
  EXPECT_EQ(std::get<sync::Trouble>(taken).status, 403);
}

TEST_F(HqContacts, CodesCannotBeSearchedFor) {
  const auto transport = rig_.transport();
  TillAt till(rig_, 1);
  int limited = 0;
  for (int i = 0; i < 25; ++i) {
    const auto answer =
        sync::enroll("ZZZZZ-ZZZZ" + std::to_string(i % 10), "0.1.0", till.till, till.till, *transport, rig_.random);
    limited += std::get<sync::Trouble>(answer).status == 429;
  }
  EXPECT_EQ(limited, 5);
  rig_.clock.advance(kMinute + 1);
  till.enroll(rig_.code());
}

}  // namespace
}  // namespace tillside::test
