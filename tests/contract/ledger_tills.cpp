// What every Ledger promises of stores, enrolment, tokens and a restored headquarters.
#include "tests/contract/ledger_contract.h"

namespace tillside::test {

using hq::IngestResult;

TEST_P(LedgerContract, TheSameStoreAgainChangesNothingOtherFactsConflict) {
  add_store();
  add_store();
  hq::Store other;
  other.store_id = "0123";
  other.name = "another name";
  auto again = ledger().add_store(other);
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, ErrorCode::conflict);
  EXPECT_EQ(ledger().stores().size(), 1u);
  EXPECT_EQ(ledger().stores()[0].number, 1u);
}

TEST_P(LedgerContract, ACodeLetsOneKeyIn) {
  add_store();
  const auto till = enrol(1);
  EXPECT_EQ(till, 1u);
  hq::Ledger::EnrolAttempt again;
  again.code_hash.fill(1);
  again.public_key.fill(1);
  const auto begin = [](TillNumber, const hq::Store&, const hq::HqState&) {
    ADD_FAILURE() << "a used code began a till";
    return hq::Ledger::EnrolPlan{};
  };
  EXPECT_EQ(*ledger().enrol(again, begin), "answer");
  again.public_key.fill(7);
  EXPECT_EQ(ledger().enrol(again, begin).error().code, ErrorCode::refused);
  again.code_hash.fill(9);
  EXPECT_EQ(ledger().enrol(again, begin).error().code, ErrorCode::refused);
}

TEST_P(LedgerContract, AnExpiredOrAbusedCodeIsRefused) {
  add_store();
  hq::EnrolCode code{{}, "0123", {1000}};
  ASSERT_TRUE(ledger().add_code(code).ok());
  hq::Ledger::EnrolAttempt attempt;
  attempt.now = {1001};
  const auto begin = [](TillNumber, const hq::Store&, const hq::HqState&) { return hq::Ledger::EnrolPlan{}; };
  EXPECT_EQ(ledger().enrol(attempt, begin).error().code, ErrorCode::refused);
  attempt.now = {1000};
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(ledger().enrol_failed(code.code_hash).ok());
  EXPECT_EQ(ledger().enrol(attempt, begin).error().code, ErrorCode::refused);
}

TEST_P(LedgerContract, AnEndedEpochsTokenOpensNothing) {
  add_store();
  TillEvents till(enrol(1));
  EXPECT_TRUE(ledger().check_token(till.till(), till.epoch(), 1).ok());
  readmit(till.till(), 1, 11, 1, false);
  till.add(sale_event({}));
  const auto ended = ledger().check_token(till.till(), till.epoch(), 1);
  ASSERT_FALSE(ended.ok());
  EXPECT_EQ(ended.error().code, ErrorCode::bad_signature);
  EXPECT_EQ(ingest(till.all()).result, IngestResult::stale_token);
  wire::Epoch now{};
  now.fill(11);
  till.set_token_epoch(now);
  EXPECT_TRUE(ledger().check_token(till.till(), now, 1).ok());
  EXPECT_EQ(ingest(till.all()).result, IngestResult::taken);
}

TEST_P(LedgerContract, ARestoredHeadquartersLendsNothingUntilAllHaveReported) {
  add_store();
  TillEvents first(enrol(1), 1);
  enrol(2);
  const auto before = ledger().state();
  readmit(1, 1, 11, 1, true);
  EXPECT_TRUE(ledger().still_recovering());
  EXPECT_NE(ledger().state().incarnation, before.incarnation);
  EXPECT_EQ(ledger().state().key_generation, before.key_generation + 1);
  add_campaign(0, 100, 10);
  const auto number = ledger().campaigns()[0].terms.number;
  EXPECT_GT(number, 65536u);
  EXPECT_EQ(total_lent(number), 0);
  readmit(2, 2, 12, 0, false);
  EXPECT_TRUE(ledger().still_recovering()) << "till 1's old events are still to come";
  wire::Epoch now{};
  now.fill(11);
  first.set_token_epoch(now);
  first.add(sale_event({.sequence = 1}));
  ingest(first.all());
  EXPECT_FALSE(ledger().still_recovering());
  EXPECT_EQ(total_lent(number), 20);
  EXPECT_GT(enrol(3), 4096u);
}

TEST_P(LedgerContract, TheOwnerWritesOffATillThatNeverComesBack) {
  add_store();
  enrol(1);
  enrol(2);
  readmit(1, 1, 11, 0, true);
  EXPECT_TRUE(ledger().still_recovering());
  EXPECT_EQ(ledger().write_off_till(77).error().code, ErrorCode::not_found);
  ASSERT_TRUE(ledger().write_off_till(2).ok());
  EXPECT_FALSE(ledger().still_recovering());
  reopen();
  EXPECT_FALSE(ledger().still_recovering());
}

}  // namespace tillside::test
