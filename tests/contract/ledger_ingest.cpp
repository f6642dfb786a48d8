// What every Ledger promises of batches.
#include "tests/contract/ledger_contract.h"

namespace tillside::test {

using hq::IngestResult;

TEST_P(LedgerContract, ABatchIsHeldAfterReopening) {
  add_store();
  TillEvents till(enrol());
  for (int i = 1; i <= 5; ++i) till.add(sale_event({.sequence = i, .net = 100 * i}));
  const auto outcome = ingest(till.all());
  EXPECT_EQ(outcome.result, IngestResult::taken);
  EXPECT_EQ(outcome.held_seq, 5u);
  EXPECT_EQ(outcome.applied, 5u);
  reopen();
  const auto epochs = ledger().till_ledger(till.till());
  ASSERT_EQ(epochs.size(), 1u);
  EXPECT_EQ(epochs[0].held_seq, 5u);
  EXPECT_EQ(epochs[0].chain, till.hash_at(5));
  EXPECT_EQ(epochs[0].sales, 5u);
  EXPECT_EQ(epochs[0].net, 1500);
}

TEST_P(LedgerContract, ARepeatedBatchChangesNothing) {
  add_store();
  TillEvents till(enrol());
  for (int i = 1; i <= 4; ++i) till.add(sale_event({.sequence = i}));
  ingest(till.batch(1, 4));
  const auto again = ingest(till.batch(1, 4));
  EXPECT_EQ(again.result, IngestResult::taken);
  EXPECT_EQ(again.applied, 0u);
  EXPECT_EQ(again.held_seq, 4u);
  const auto middle = ingest(till.batch(2, 2));
  EXPECT_EQ(middle.result, IngestResult::taken);
  EXPECT_EQ(middle.held_seq, 4u);
  EXPECT_EQ(report_row(hq::ReportBy::store, "0123").checkouts, 4);
}

TEST_P(LedgerContract, AnOverlappingBatchAddsItsTail) {
  add_store();
  TillEvents till(enrol());
  for (int i = 1; i <= 6; ++i) till.add(sale_event({.sequence = i}));
  ingest(till.batch(1, 4));
  const auto outcome = ingest(till.batch(3, 4));
  EXPECT_EQ(outcome.applied, 2u);
  EXPECT_EQ(outcome.held_seq, 6u);
  EXPECT_EQ(report_row(hq::ReportBy::store, "0123").checkouts, 6);
}

TEST_P(LedgerContract, AGapNamesTheExpectedSequence) {
  add_store();
  TillEvents till(enrol());
  for (int i = 1; i <= 6; ++i) till.add(sale_event({.sequence = i}));
  ingest(till.batch(1, 2));
  const auto outcome = ingest(till.batch(5, 2));
  EXPECT_EQ(outcome.result, IngestResult::gap);
  EXPECT_EQ(outcome.expected_seq, 3u);
  EXPECT_EQ(outcome.applied, 0u);
}

TEST_P(LedgerContract, AGapBeyondRetentionIsTakenAndItsHoleNamed) {
  add_store();
  TillEvents till(enrol());
  for (int i = 1; i <= 6; ++i) till.add(sale_event({.sequence = i}));
  ingest(till.batch(1, 2));
  auto batch = till.batch(5, 2);
  batch.head.retained_from = 5;
  EXPECT_EQ(ingest(batch).result, IngestResult::taken);
  const auto epochs = ledger().till_ledger(till.till());
  ASSERT_EQ(epochs[0].holes.size(), 1u);
  EXPECT_EQ(epochs[0].holes[0], (std::pair<std::uint64_t, std::uint64_t>{3, 4}));
  EXPECT_EQ(epochs[0].held_seq, 6u);
}

TEST_P(LedgerContract, WhatCannotBeUsedIsParkedAndDoesNotBlock) {
  add_store();
  TillEvents till(enrol());
  const auto padded = [](const char* text) {
    std::string out(text);
    out.reserve(out.size() + 64);
    return out;
  };
  till.add(sale_event({.sequence = 1}));
  till.add(padded("{\"e\":\"from_the_future\"}"));
  till.add(padded("not json at all"));
  till.add(sale_event({.sequence = 2}));
  const auto outcome = ingest(till.all());
  EXPECT_EQ(outcome.result, IngestResult::taken);
  EXPECT_EQ(outcome.held_seq, 4u);
  ASSERT_EQ(outcome.verdicts.size(), 2u);
  EXPECT_EQ(outcome.verdicts[0].seq, 2u);
  EXPECT_EQ(outcome.verdicts[0].state, "parked");
  EXPECT_FALSE(outcome.verdicts[0].reason.empty());
  EXPECT_EQ(outcome.verdicts[1].seq, 3u);
  EXPECT_EQ(report_row(hq::ReportBy::store, "0123").checkouts, 2);
  EXPECT_EQ(ledger().till_ledger(till.till())[0].parked, 2u);
}

TEST_P(LedgerContract, AnEndedTokenTakesNothingIn) {
  add_store();
  TillEvents till(enrol());
  till.add(sale_event({}));
  EXPECT_EQ(ingest(till.batch(1, 1, 2)).result, IngestResult::stale_token);
  EXPECT_EQ(ledger().counts().events, 0u);
  TillEvents stranger(99);
  stranger.add(sale_event({}));
  EXPECT_EQ(ingest(stranger.all()).result, IngestResult::unknown_till);
}

TEST_P(LedgerContract, ARevokedTillsEventsAreKeptApart) {
  add_store();
  TillEvents till(enrol());
  for (int i = 1; i <= 4; ++i) till.add(sale_event({.sequence = i}));
  ingest(till.batch(1, 2));
  ASSERT_TRUE(ledger().revoke_till(till.till()).ok());
  const auto outcome = ingest(till.batch(2, 3));
  EXPECT_EQ(outcome.result, IngestResult::quarantined);
  EXPECT_EQ(outcome.held_seq, 4u);
  EXPECT_EQ(ingest(till.batch(2, 3)).applied, 0u);
  EXPECT_EQ(ledger().counts().quarantined, 2u);
  EXPECT_EQ(report_row(hq::ReportBy::store, "0123").checkouts, 2);
  EXPECT_EQ(ledger().check_token(till.till(), till.epoch(), 1).error().code, ErrorCode::refused);
}

TEST_P(LedgerContract, TheSameCheckoutFromAnotherEpochCountsOnce) {
  add_store();
  TillEvents till(enrol());
  till.add(sale_event({.sequence = 1, .net = 500}));
  till.add(sale_event({.sequence = 2, .net = 600}));
  ingest(till.all());
  TillEvents restored(till.till(), 5);
  restored.set_token_epoch(till.epoch());
  restored.add(sale_event({.sequence = 1, .net = 500}));
  restored.add(sale_event({.sequence = 2, .net = 999}));
  EXPECT_EQ(ingest(restored.all()).held_seq, 2u);
  const auto row = report_row(hq::ReportBy::store, "0123");
  EXPECT_EQ(row.checkouts, 2);
  EXPECT_EQ(row.gross, 1100);
  EXPECT_EQ(row.duplicates, 1);
  EXPECT_EQ(row.conflicts, 1);
}

}  // namespace tillside::test
