// A members file coming in: hashed row by row into a staging file, sorted there on disk, merged in sorted pieces, then
// published as deltas or as a snapshot. Memory stays bounded for millions of rows.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "sync/hq/csv.h"
#include "sync/hq/issuing_desk.h"
#include "sync/hq/ledger.h"
#include "sync/hq/member_rows.h"
#include "sync/hq/sqlite_db.h"
#include "sync/hq/staff_rows.h"

namespace tillside::hq {

struct ImportOutcome {
  std::uint64_t rows = 0, taken = 0;
  std::uint64_t changed = 0;   // identifiers added, changed or removed
  std::uint64_t welcomed = 0;  // persons who were issued a welcome coupon
  std::uint64_t bad_count = 0;
  std::vector<BadRow> bad;  // the first 1,000
  bool snapshot = false;    // published as a file; else as deltas
  MemberCounts counts;
};

inline constexpr std::uint64_t kMostDeltas = 5000;

// One thread at a time, and one import at a time on one ledger.
class MembersImport {
 public:
  // `work` is a folder for the staging file (which holds hashes only), removed at the end.
  MembersImport(Ledger& ledger, IssuingDesk& desk, MemberRules rules, const std::filesystem::path& work,
                std::filesystem::path snapshots);
  ~MembersImport();
  MembersImport(const MembersImport&) = delete;
  MembersImport& operator=(const MembersImport&) = delete;

  void feed(std::string_view csv);
  // `authoritative`: types of which this file holds every member's. Types declared before stay so as long as every row
  // here has one.
  Result<ImportOutcome> finish(std::uint32_t authoritative);

 private:
  void stage(const CsvReader::Row& row);
  void refuse(std::uint64_t line, std::string reason);
  Status merge_persons();
  Status merge_identifiers();
  Status publish(std::uint32_t authoritative);

  Ledger& ledger_;
  IssuingDesk& desk_;
  MemberRules rules_;
  std::filesystem::path file_, snapshots_;
  std::unique_ptr<Database> staging_;
  CsvReader reader_;
  CsvHead head_;
  bool headed_ = false;
  std::uint32_t types_in_all_ = ~0u;
  std::unordered_set<std::uint64_t> skipped_lines_;
  ImportOutcome outcome_;
};

// Takes up what an import that was cut off had merged but not published.
Status publish_unfinished(Ledger& ledger, const std::filesystem::path& snapshots);

}  // namespace tillside::hq
