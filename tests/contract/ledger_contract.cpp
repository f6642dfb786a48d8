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

}  // namespace tillside::test
