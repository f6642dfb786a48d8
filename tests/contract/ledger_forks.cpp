// What every Ledger promises of forks.
#include "tests/contract/ledger_contract.h"

namespace tillside::test {

using hq::IngestResult;

TEST_P(LedgerContract, AForkKeepsBothCopiesAndOnlyThatEpochStands) {
  add_store();
  TillEvents till(enrol());
  for (int i = 1; i <= 4; ++i) till.add(sale_event({.sequence = i}));
  ingest(till.batch(1, 4));
  auto copy = till.copy_of_first(2);
  copy.add(sale_event({.sequence = 3, .net = 777}));
  copy.add(sale_event({.sequence = 4, .net = 888}));
  const auto forked = ingest(copy.batch(1, 4));
  EXPECT_EQ(forked.result, IngestResult::fork);
  EXPECT_EQ(forked.fork_seq, 3u);
  EXPECT_EQ(ledger().counts().fork_events, 2u);
  EXPECT_TRUE(ledger().tills()[0].forked);
  EXPECT_EQ(report_row(hq::ReportBy::store, "0123").gross, 4000);
  till.add(sale_event({.sequence = 5}));
  EXPECT_EQ(ingest(till.batch(5, 1)).result, IngestResult::taken);
  TillEvents elsewhere(till.till(), 2);
  elsewhere.set_token_epoch(till.epoch());
  elsewhere.add(sale_event({.sequence = 50}));
  EXPECT_EQ(ingest(elsewhere.batch(1, 1)).result, IngestResult::taken);
}

TEST_P(LedgerContract, WhatACopySoldIsCountedOnceAndItsCouponsAgainstTheBudget) {
  add_store();
  add_campaign(1, 100, 10);
  TillEvents till(enrol());
  till.add(sale_event({.sequence = 1, .coupon_serials = {1}}));
  ingest(till.all());
  const auto before = ledger().campaigns().at(0);
  auto copy = till.copy_of_first(0);
  copy.add(sale_event({.sequence = 1, .net = 500, .lane = "L9", .coupon_serials = {1}}));
  copy.add(sale_event({.sequence = 2, .net = 700, .lane = "L9", .coupon_serials = {2}}));
  EXPECT_EQ(ingest(copy.all()).result, IngestResult::fork);
  EXPECT_EQ(ingest(copy.all()).result, IngestResult::fork) << "and again";
  const auto row = report_row(hq::ReportBy::store, "0123");
  EXPECT_EQ(row.gross, 1000 + 500 + 700);
  EXPECT_EQ(row.checkouts, 3);
  const auto after = ledger().campaigns().at(0);
  EXPECT_EQ(after.issued, before.issued + 2) << "the same serial on two papers is two coupons";
  EXPECT_EQ(after.available, before.available - 2);
}

TEST_P(LedgerContract, AForkBeforeTheBatchIsSeenByItsChain) {
  add_store();
  TillEvents till(enrol());
  for (int i = 1; i <= 3; ++i) till.add(sale_event({.sequence = i}));
  ingest(till.batch(1, 3));
  auto copy = till.copy_of_first(2);
  copy.add(sale_event({.sequence = 3, .net = 777}));
  copy.add(sale_event({.sequence = 4}));
  const auto forked = ingest(copy.batch(4, 1));
  EXPECT_EQ(forked.result, IngestResult::fork);
  EXPECT_EQ(forked.fork_seq, 3u);
  EXPECT_LT(forked.kept_to, forked.fork_seq) << "its beginning is missing: what is kept cannot be told";
  auto oldest = copy.batch(4, 1);
  oldest.head.retained_from = 4;
  EXPECT_EQ(ingest(oldest).kept_to, 4u) << "nothing earlier will ever come";
  EXPECT_EQ(ingest(copy.batch(2, 3)).kept_to, 4u);
  EXPECT_EQ(ledger().counts().fork_events, 2u);
}

TEST_P(LedgerContract, TheRestOfAForkIsKeptBatchByBatchOnceEach) {
  add_store();
  TillEvents till(enrol());
  for (int i = 1; i <= 4; ++i) till.add(sale_event({.sequence = i}));
  ingest(till.all());
  auto copy = till.copy_of_first(2);
  for (int i = 3; i <= 11; ++i) copy.add(sale_event({.sequence = i, .net = 777}));
  const auto send = [&](std::uint64_t first, std::size_t count) {
    const auto outcome = ingest(copy.batch(first, count));
    EXPECT_EQ(outcome.result, IngestResult::fork);
    EXPECT_EQ(outcome.held_seq, 4u);
    EXPECT_GE(outcome.fork_seq, 3u);
    return outcome.kept_to;
  };
  EXPECT_EQ(send(1, 3), 3u);
  EXPECT_EQ(send(4, 2), 5u);
  EXPECT_EQ(send(6, 3), 8u) << "beyond what is held, and no gap";
  EXPECT_EQ(send(4, 2), 5u);
  EXPECT_EQ(send(6, 3), 8u);
  EXPECT_EQ(ingest(copy.batch(10, 2)).result, IngestResult::gap) << "nobody knows what was before";
  reopen();
  EXPECT_EQ(send(9, 3), 11u);
  EXPECT_EQ(ledger().counts().fork_events, 9u);
  EXPECT_EQ(ledger().tills()[0].fork_events, 9u);
  const auto epochs = ledger().till_ledger(till.till());
  ASSERT_EQ(epochs.size(), 1u);
  EXPECT_EQ(epochs[0].fork_seq, 3u);
  EXPECT_EQ(epochs[0].fork_events, 9u);
  EXPECT_EQ(epochs[0].held_seq, 4u);
  EXPECT_EQ(epochs[0].sales, 4u + 7u) << "what the copy sold under numbers of its own was sold";
  till.add(sale_event({.sequence = 5}));
  EXPECT_EQ(ingest(till.batch(5, 1)).held_seq, 5u);
}

TEST_P(LedgerContract, TwoForksOfOneEpochAreKeptApart) {
  add_store();
  TillEvents till(enrol());
  for (int i = 1; i <= 6; ++i) till.add(sale_event({.sequence = i}));
  ingest(till.all());
  auto one = till.copy_of_first(2), two = till.copy_of_first(4);
  for (int i = 3; i <= 8; ++i) one.add(sale_event({.sequence = i, .net = 111}));
  for (int i = 5; i <= 8; ++i) two.add(sale_event({.sequence = i, .net = 222}));
  EXPECT_EQ(ingest(one.batch(1, 7)).kept_to, 7u);
  EXPECT_EQ(ingest(two.batch(1, 7)).kept_to, 7u);
  const auto rest = ingest(two.batch(8, 1));
  EXPECT_EQ(rest.kept_to, 8u);
  EXPECT_GE(rest.fork_seq, 5u) << "where the other fork began is none of its business";
  EXPECT_EQ(ingest(one.batch(8, 1)).kept_to, 8u);
  EXPECT_EQ(ledger().counts().fork_events, 6u + 4u);
}

TEST_P(LedgerContract, ARevokedTillsForkIsKeptToo) {
  add_store();
  TillEvents till(enrol());
  for (int i = 1; i <= 3; ++i) till.add(sale_event({.sequence = i}));
  ingest(till.all());
  ASSERT_TRUE(ledger().revoke_till(till.till()).ok());
  auto copy = till.copy_of_first(2);
  for (int i = 3; i <= 6; ++i) copy.add(sale_event({.sequence = i, .net = 777}));
  EXPECT_EQ(ingest(copy.batch(1, 4)).kept_to, 4u);
  EXPECT_EQ(ingest(copy.batch(5, 2)).kept_to, 6u);
  EXPECT_EQ(ledger().counts().fork_events, 4u);
  EXPECT_EQ(ledger().counts().quarantined, 0u);
}

TEST_P(LedgerContract, AContactIsToldWhereTheLastForkParts) {
  add_store();
  TillEvents till(enrol());
  const auto newest_fork = [&] {
    std::uint64_t seq = 0;
    (void)ledger().contact(till.till(), till.epoch(), {}, [&](const hq::ContactSituation& situation) {
      seq = situation.newest_fork;
      hq::ContactPlan plan;
      plan.nothing_changes = true;
      return Result<hq::ContactPlan>(plan);
    });
    return seq;
  };
  for (int i = 1; i <= 3; ++i) till.add(sale_event({.sequence = i}));
  ingest(till.all());
  EXPECT_EQ(newest_fork(), 0u);
  auto later = till.copy_of_first(2), earlier = till.copy_of_first(1);
  for (int i = 3; i <= 6; ++i) later.add(sale_event({.sequence = i, .net = 777}));
  for (int i = 2; i <= 6; ++i) earlier.add(sale_event({.sequence = i, .net = 888}));
  EXPECT_EQ(ingest(later.batch(1, 4)).result, IngestResult::fork);
  EXPECT_EQ(newest_fork(), 3u);
  EXPECT_EQ(ingest(earlier.all()).result, IngestResult::fork);
  EXPECT_EQ(ingest(later.batch(5, 2)).result, IngestResult::fork);
  EXPECT_EQ(newest_fork(), 3u) << "who was acknowledged up to here holds what headquarters holds";
}

}  // namespace tillside::test
