// What every Ledger promises, tried on each implementation.
//
//   INSTANTIATE_TEST_SUITE_P(Sqlite, LedgerContract, testing::Values(LedgerUnderTest{"sqlite", make}), name_of_ledger);
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "sync/hq/ledger.h"
#include "tests/contract/till_events.h"

namespace tillside::test {

// One ledger in a place of its own; reopen() closes it and opens the same again.
class LedgerPlace {
 public:
  virtual ~LedgerPlace() = default;
  virtual hq::Ledger& ledger() = 0;
  virtual void reopen() = 0;
};

struct LedgerUnderTest {
  std::string name;
  std::function<std::unique_ptr<LedgerPlace>()> make;
};
inline std::string name_of_ledger(const testing::TestParamInfo<LedgerUnderTest>& info) { return info.param.name; }

class LedgerContract : public testing::TestWithParam<LedgerUnderTest> {
 protected:
  void SetUp() override { place_ = GetParam().make(); }
  hq::Ledger& ledger() { return place_->ledger(); }
  void reopen() { place_->reopen(); }

  void add_store(const std::string& id = "0123");
  // Enrols a till whose first epoch is all `epoch_mark` and whose contact counter is 1.
  TillNumber enrol(std::uint8_t epoch_mark = 1, const std::string& store = "0123");
  hq::IngestOutcome ingest(const hq::IngestBatch& batch);
  Campaign add_campaign(std::uint32_t number, std::int64_t issue, std::int64_t quota_per_till);
  std::int64_t total_lent(std::uint32_t campaign);
  hq::ReportRow report_row(hq::ReportBy by, const std::string& key);
  // A contact that begins a new epoch under `outcome`, the way restored headquarters takes tills back.
  void readmit(TillNumber till, std::uint8_t old_mark, std::uint8_t new_mark, std::uint64_t last_seq, bool restored);

 private:
  std::unique_ptr<LedgerPlace> place_;
};

}  // namespace tillside::test
