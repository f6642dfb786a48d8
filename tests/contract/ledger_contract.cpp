#include "tests/contract/ledger_contract.h"

namespace tillside::test {

void LedgerContract::add_store(const std::string& id) {
  hq::Store store;
  store.store_id = id;
  store.name = "水果店 " + id;
  ASSERT_TRUE(ledger().add_store(store).ok());
}

TillNumber LedgerContract::enrol(std::uint8_t epoch_mark, const std::string& store) {
  hq::EnrolCode code{{}, store, {kDay}};
  code.code_hash.fill(epoch_mark);
  EXPECT_TRUE(ledger().add_code(code).ok());
  TillNumber given = 0;
  hq::Ledger::EnrolAttempt attempt;
  attempt.code_hash = code.code_hash;
  attempt.public_key.fill(epoch_mark);
  auto answer = ledger().enrol(attempt, [&](TillNumber till, const hq::Store&, const hq::HqState&) {
    given = till;
    hq::EpochRecord record;
    record.till = till;
    record.epoch.fill(epoch_mark);
    record.public_key.fill(epoch_mark);
    record.newest.counter = 1;
    return hq::Ledger::EnrolPlan{record, "answer"};
  });
  EXPECT_TRUE(answer.ok());
  return given;
}

hq::IngestOutcome LedgerContract::ingest(const hq::IngestBatch& batch) {
  auto outcomes = ledger().ingest({&batch, 1});
  EXPECT_TRUE(outcomes.ok()) << outcomes.error().detail;
  return outcomes.ok() ? outcomes->front() : hq::IngestOutcome{};
}

Campaign LedgerContract::add_campaign(std::uint32_t number, std::int64_t issue, std::int64_t quota_per_till) {
  Campaign campaign;
  campaign.number = number;
  campaign.name_zh = "满减";
  campaign.name_en = "off";
  campaign.reward.amount = 2000;
  campaign.budget_issue = issue;
  campaign.budget_exposure = 0;
  campaign.quota_per_till = quota_per_till;
  campaign.active_until = {4'000'000'000'000};
  auto added = ledger().add_campaign(campaign);
  EXPECT_TRUE(added.ok());
  return added.ok() ? *added : campaign;
}

std::int64_t LedgerContract::total_lent(std::uint32_t campaign) {
  std::int64_t sum = 0;
  for (const auto& row : ledger().quotas(campaign)) sum += row.lent;
  return sum;
}

hq::ReportRow LedgerContract::report_row(hq::ReportBy by, const std::string& key) {
  auto rows = ledger().report({std::nullopt, std::nullopt, by});
  EXPECT_TRUE(rows.ok());
  if (rows.ok())
    for (const auto& row : *rows)
      if (row.key == key) return row;
  ADD_FAILURE() << "no report row " << key;
  return {};
}

void LedgerContract::readmit(TillNumber till, std::uint8_t old_mark, std::uint8_t new_mark, std::uint64_t last_seq,
                             bool restored) {
  wire::Epoch old{};
  old.fill(old_mark);
  const auto answer = ledger().contact(till, old, {}, [&](const hq::ContactSituation& situation) {
    hq::ContactPlan plan;
    plan.answer = "back";
    plan.outcome = "readmitted";
    if (restored) plan.restored_as = Bytes16{9, new_mark};
    plan.changed = situation.record;
    plan.changed->state = hq::EpochState::ended;
    plan.changed->must_recover = false;
    plan.changed->report_until = last_seq;
    plan.begun = situation.record;
    plan.begun->epoch.fill(new_mark);
    plan.begun->must_recover = false;
    plan.begun->report_until = 0;
    return Result<hq::ContactPlan>(plan);
  });
  ASSERT_TRUE(answer.ok());
}

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

TEST_P(LedgerContract, AContactIsToldHowFarAnotherHistoryReaches) {
  add_store();
  TillEvents till(enrol());
  const auto forked_to = [&] {
    std::uint64_t seq = 0;
    (void)ledger().contact(till.till(), till.epoch(), {}, [&](const hq::ContactSituation& situation) {
      seq = situation.forked_to;
      hq::ContactPlan plan;
      plan.nothing_changes = true;
      return Result<hq::ContactPlan>(plan);
    });
    return seq;
  };
  for (int i = 1; i <= 2; ++i) till.add(sale_event({.sequence = i}));
  ingest(till.all());
  EXPECT_EQ(forked_to(), 0u);
  auto copy = till.copy_of_first(1);
  for (int i = 2; i <= 4; ++i) copy.add(sale_event({.sequence = i, .net = 777}));
  EXPECT_EQ(ingest(copy.all()).result, IngestResult::fork);
  EXPECT_EQ(forked_to(), 4u);
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

TEST_P(LedgerContract, TheReportCountsAHandMadeDay) {
  add_store();
  ASSERT_TRUE(ledger().replace_staff({{"0123", {{"E2033", 3, "阿青", StaffRole::guide, true, ""}}}}).ok());
  add_campaign(1, 100, 10);
  TillEvents till(enrol());
  const Sale member{.sequence = 1,
                    .net = 3000,
                    .guide = "E2033",
                    .staff = 3,
                    .verdict = VerdictStatus::member,
                    .identified = true,
                    .coupon_serials = {1}};
  const Sale stranger{.sequence = 2, .net = 1000, .join_shown = true};
  const Sale no_number{.sequence = 3,
                       .net = 2000,
                       .guide = "E2033",
                       .verdict = VerdictStatus::not_member,
                       .identified = true,
                       .shown = false};
  till.add(sale_event(member));
  till.add(sale_event(stranger));
  till.add(sale_event(no_number));
  till.add(void_event(member, 4, {1}));
  till.add(void_event({.sequence = 900, .net = 50}, 5));
  till.add(conflict_event({.sequence = 2, .net = 1}));
  EXPECT_TRUE(ingest(till.all()).verdicts.empty());
  const auto store = report_row(hq::ReportBy::store, "0123");
  EXPECT_EQ(store.name, "水果店 0123");
  EXPECT_EQ(store.currency, "CNY");
  EXPECT_EQ(store.checkouts, 3);
  EXPECT_EQ(store.identified, 2);
  EXPECT_EQ(store.group_checkouts, 1);
  EXPECT_EQ(store.gross, 6000);
  EXPECT_EQ(store.group_amount, 3000);
  EXPECT_EQ(store.reversals, 2);
  EXPECT_EQ(store.reversals_of_unknown, 1);
  EXPECT_EQ(store.reversed, -3050);
  EXPECT_EQ(store.showings, 2);
  EXPECT_EQ(store.joins_shown, 1);
  EXPECT_EQ(store.coupons, 1);
  EXPECT_EQ(store.coupon_value, 2000);
  EXPECT_EQ(store.coupons_revoked, 1);
  EXPECT_EQ(store.conflicts, 1);
  const auto guide = report_row(hq::ReportBy::guide, "0123:3");
  EXPECT_EQ(guide.name, "阿青");
  EXPECT_EQ(guide.checkouts, 2);
  EXPECT_EQ(guide.gross, 5000);
  EXPECT_EQ(guide.reversed, -3000);
  EXPECT_EQ(guide.coupons, 1);
  EXPECT_EQ(report_row(hq::ReportBy::day, "2026-11-22").checkouts, 3);
}

TEST_P(LedgerContract, ReportsKeepToTheirDates) {
  add_store();
  TillEvents till(enrol());
  till.add(sale_event({.sequence = 1, .date = date_of(2026, 11, 20)}));
  till.add(sale_event({.sequence = 2, .date = date_of(2026, 11, 21)}));
  till.add(sale_event({.sequence = 3, .date = date_of(2026, 11, 22)}));
  ingest(till.all());
  const auto rows = ledger().report({date_of(2026, 11, 21), date_of(2026, 11, 22), hq::ReportBy::day});
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[0].key, "2026-11-21");
  EXPECT_EQ((*rows)[1].key, "2026-11-22");
}

TEST_P(LedgerContract, ANewCampaignLendsAndAddingItAgainChangesNothing) {
  add_store();
  enrol(1);
  enrol(2);
  add_campaign(1, 15, 10);
  EXPECT_EQ(total_lent(1), 15);
  add_campaign(1, 15, 10);
  EXPECT_EQ(total_lent(1), 15);
  Campaign other = ledger().campaigns()[0].terms;
  other.budget_issue = 20;
  EXPECT_EQ(ledger().add_campaign(other).error().code, ErrorCode::conflict);
  other.number = 0;
  EXPECT_EQ(ledger().add_campaign(other)->number, 2u);
}

TEST_P(LedgerContract, UseTopsUpUntilTheBudgetIsLent) {
  add_store();
  TillEvents till(enrol());
  add_campaign(1, 25, 10);
  EXPECT_EQ(total_lent(1), 10);
  std::uint32_t serial = 0;
  for (int i = 1; i <= 5; ++i) till.add(sale_event({.sequence = i, .coupon_serials = {++serial}}));
  ingest(till.batch(1, 5));
  EXPECT_EQ(total_lent(1), 10);  // half is still in hand
  till.add(sale_event({.sequence = 6, .coupon_serials = {++serial}}));
  ingest(till.batch(6, 1));
  EXPECT_EQ(total_lent(1), 16);
  for (int i = 7; i <= 16; ++i) till.add(sale_event({.sequence = i, .coupon_serials = {++serial}}));
  ingest(till.batch(7, 10));
  EXPECT_EQ(total_lent(1), 25);
  EXPECT_EQ(ledger().campaigns()[0].available, 0);
  EXPECT_EQ(ledger().campaigns()[0].issued, 16);
}

TEST_P(LedgerContract, AnUnprintedCouponReturnsItsUnit) {
  add_store();
  TillEvents till(enrol());
  add_campaign(1, 100, 10);
  till.add(sale_event({.sequence = 1, .coupon_serials = {1}}));
  till.add(unprinted_event(1, 1));
  ingest(till.all());
  EXPECT_EQ(ledger().campaigns()[0].returned, 1);
}

TEST_P(LedgerContract, QuotasAreNeverOverdrawnWhateverHappens) {
  add_store();
  std::uint64_t random = 20261122;
  const auto draw = [&](std::uint64_t below) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    return (random >> 33) % below;
  };
  add_campaign(1, 60, 7);
  std::vector<TillEvents> tills;
  std::vector<std::uint32_t> serials;
  std::vector<std::uint8_t> marks;
  std::int64_t sequence = 0;
  std::uint8_t mark = 0;
  for (int step = 0; step < 120; ++step) {
    const auto what = draw(10);
    if (tills.empty() || (what == 0 && tills.size() < 6)) {
      ++mark;
      tills.emplace_back(enrol(mark), mark);
      marks.push_back(mark);
      serials.push_back(0);
    } else if (what == 1) {
      const auto at = draw(tills.size());
      ++mark;
      readmit(tills[at].till(), marks[at], mark, 0, false);
      tills[at] = TillEvents(tills[at].till(), mark);
      marks[at] = mark;
    } else {
      const auto at = draw(tills.size());
      std::int64_t in_hand = 0;
      for (const auto& row : ledger().quotas(1))
        if (row.till == tills[at].till() && row.epoch == tills[at].epoch()) in_hand = row.lent - row.issued;
      const auto first = tills[at].size() + 1;
      const auto count = 1 + draw(4);
      for (std::uint64_t i = 0; i < count; ++i) {
        Sale sale{.sequence = ++sequence};
        if (in_hand-- > 0) sale.coupon_serials = {++serials[at]};
        tills[at].add(sale_event(sale));
      }
      ASSERT_EQ(ingest(tills[at].batch(first, count)).result, IngestResult::taken);
    }
    ASSERT_LE(total_lent(1), 60) << "step " << step;
    ASSERT_LE(ledger().campaigns()[0].issued, 60) << "step " << step;
  }
  EXPECT_GT(ledger().campaigns()[0].issued, 0);
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

TEST_P(LedgerContract, TheChangeLogGivesTheLatestOfEachThingByScope) {
  add_store();
  add_store("0456");
  const auto till = enrol();
  std::vector<std::string> heard;
  ledger().on_change([&](const std::vector<std::string>& scopes) { heard = scopes; });
  ASSERT_TRUE(ledger().replace_staff({{"0123", {{"E1", 1, "一", StaffRole::guide, true, ""}}}}).ok());
  EXPECT_EQ(heard, std::vector<std::string>{"store:0123"});
  ASSERT_TRUE(ledger().replace_staff({{"0123", {{"E2", 2, "二", StaffRole::guide, true, ""}}}}).ok());
  ASSERT_TRUE(ledger().replace_staff({{"0456", {{"E3", 3, "三", StaffRole::guide, true, ""}}}}).ok());
  add_campaign(1, 100, 10);
  auto page = ledger().changes_since(till, "0123", {}, 1 << 20);
  EXPECT_EQ(page.changes.size(), 3u);  // quota, staff (only the latest, only this store's), campaign
  EXPECT_EQ(page.position, ledger().newest_position(till, "0123"));
  EXPECT_TRUE(ledger().changes_since(till, "0123", page.position, 1 << 20).changes.empty());
  ASSERT_TRUE(ledger().stop_campaign(1).ok());
  const auto stopped = ledger().changes_since(till, "0123", page.position, 1 << 20);
  ASSERT_EQ(stopped.changes.size(), 1u);
  const auto change = wire::read_change(stopped.changes[0]);
  ASSERT_TRUE(change.ok());
  EXPECT_TRUE(parse_campaign(change->campaign_json)->stopped);
}

TEST_P(LedgerContract, ASmallPageSaysThereIsMore) {
  add_store();
  const auto till = enrol();
  for (std::uint32_t i = 1; i <= 5; ++i) add_campaign(i, 100, 10);
  hq::Position at;
  std::size_t seen = 0, pages = 0;
  for (bool more = true; more; ++pages) {
    const auto page = ledger().changes_since(till, "0123", at, 300);
    seen += page.changes.size();
    at = page.position;
    more = page.more;
  }
  EXPECT_EQ(seen, 10u);
  EXPECT_GT(pages, 3u);
}

TEST_P(LedgerContract, MembersAreMergedAndPublished) {
  add_store();
  const auto till = enrol();
  const IdHash phone{1}, card{2}, moved{3};
  ASSERT_TRUE(
      ledger()
          .merge_members(std::vector<hq::MemberRow>{{{10}, "r1", {{IdType::phone, phone}, {IdType::card, card}}},
                                                    {{20}, "r2", {{IdType::phone, moved}}}})
          .ok());
  EXPECT_EQ(*ledger().merge_member_ids(std::vector<hq::MemberIdRow>{
                {phone, {10}, "r1", false}, {card, {10}, "r1", false}, {moved, {20}, "r2", false}}),
            3u);
  ASSERT_TRUE(ledger().publish_deltas().ok());
  const auto counts = ledger().member_counts();
  EXPECT_EQ(counts.members, 2u);
  EXPECT_EQ(counts.covered, 1u << static_cast<unsigned>(IdType::phone));
  EXPECT_EQ(counts.dirty, 0u);
  const auto removed = ledger().merge_members(std::vector<hq::MemberRow>{{{10}, "r1", {{IdType::phone, phone}}}});
  ASSERT_EQ(removed->size(), 1u);
  EXPECT_EQ((*removed)[0].hash, card);
  EXPECT_EQ(
      *ledger().merge_member_ids(std::vector<hq::MemberIdRow>{{card, {10}, "", true}, {phone, {10}, "r1", false}}), 1u);
  const auto before = ledger().newest_position(till, "0123");
  ASSERT_TRUE(ledger().publish_deltas().ok());
  const auto page = ledger().changes_since(till, "0123", before, 1 << 20);
  ASSERT_EQ(page.changes.size(), 2u);
  const auto gone = wire::read_change(page.changes[0]);
  ASSERT_TRUE(gone.ok());
  EXPECT_EQ(gone->member.hash, card);
  EXPECT_TRUE(gone->member.record.empty());
  EXPECT_EQ(wire::read_change(page.changes[1])->kind, wire::ChangeKind::members_checkpoint);
}

TEST_P(LedgerContract, ASnapshotReplacesItsDeltas) {
  add_store();
  const auto till = enrol();
  ASSERT_TRUE(ledger().merge_member_ids(std::vector<hq::MemberIdRow>{{IdHash{1}, {10}, "r", false}}).ok());
  ASSERT_TRUE(ledger().publish_deltas().ok());
  std::size_t rows = 0;
  ASSERT_TRUE(ledger().each_member_id([&](const IdHash&, std::string_view) { ++rows; }).ok());
  EXPECT_EQ(rows, 1u);
  wire::MembersCheckpoint checkpoint;
  checkpoint.snapshot = "members-1.snap";
  ASSERT_TRUE(ledger().publish_snapshot(checkpoint).ok());
  EXPECT_EQ(ledger().checkpoint()->snapshot, "members-1.snap");
  const auto page = ledger().changes_since(till, "0123", {}, 1 << 20);
  ASSERT_EQ(page.changes.size(), 1u);
  EXPECT_EQ(wire::read_change(page.changes[0])->kind, wire::ChangeKind::members_checkpoint);
}

}  // namespace tillside::test
