#include "sync/hq/members_import.h"

#include "sync/hq/hq_keys.h"
#include "sync/hq/snapshot_files.h"

namespace tillside::hq {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPiece = 2000, kMostListed = 1000, kIdBytes = 17;

std::string pack(const std::vector<std::pair<IdType, IdHash>>& ids) {
  std::string out;
  for (const auto& [type, hash] : ids) {
    out.push_back(static_cast<char>(type));
    out.append(reinterpret_cast<const char*>(hash.data()), hash.size());
  }
  return out;
}

std::vector<std::pair<IdType, IdHash>> unpack(std::string_view packed) {
  std::vector<std::pair<IdType, IdHash>> out;
  for (std::size_t at = 0; at + kIdBytes <= packed.size(); at += kIdBytes) {
    IdHash hash{};
    std::copy_n(packed.begin() + static_cast<std::ptrdiff_t>(at) + 1, hash.size(), hash.begin());
    out.emplace_back(static_cast<IdType>(packed[at]), hash);
  }
  return out;
}

void remove_staging(const fs::path& file) {
  std::error_code ignored;
  for (const char* end : {"", "-wal", "-shm", "-journal"}) fs::remove(file.string() + end, ignored);
}

Status publish_members(Ledger& ledger, const fs::path& snapshots, std::uint64_t dirty, bool& as_snapshot) {
  as_snapshot = dirty > kMostDeltas;
  if (!as_snapshot) return ledger.publish_deltas();
  auto checkpoint = write_snapshot(ledger, snapshots);
  if (!checkpoint) return checkpoint.error();
  return ledger.publish_snapshot(*checkpoint);
}

}  // namespace

MembersImport::MembersImport(Ledger& ledger, IssuingDesk& desk, MemberRules rules, const fs::path& work,
                             fs::path snapshots)
    : ledger_(ledger),
      desk_(desk),
      rules_(std::move(rules)),
      file_(work / ("import-" + to_hex(random_bytes<8>()) + ".staging")),
      snapshots_(std::move(snapshots)),
      reader_([this](const CsvReader::Row& row) { stage(row); }) {
  fs::create_directories(work);
  staging_ = std::make_unique<Database>(file_, Database::Mode::writer);
  staging_->execute(
      "PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF; PRAGMA temp_store=FILE; PRAGMA cache_size=-16384");
  staging_->execute(
      "CREATE TABLE person(person BLOB, line INTEGER, record BLOB, ids BLOB);"
      "CREATE TABLE id(hash BLOB, person BLOB, record BLOB, line INTEGER);"
      "CREATE TABLE removed(hash BLOB, person BLOB);BEGIN");
}

MembersImport::~MembersImport() {
  staging_.reset();
  remove_staging(file_);
}

void MembersImport::feed(std::string_view csv) { reader_.feed(csv); }

void MembersImport::refuse(std::uint64_t line, std::string reason) {
  ++outcome_.bad_count;
  if (outcome_.bad.size() < kMostListed) outcome_.bad.push_back({line, std::move(reason)});
}

void MembersImport::stage(const CsvReader::Row& row) {
  if (!headed_) {
    head_ = CsvHead(row.fields);
    headed_ = true;
    return;
  }
  ++outcome_.rows;
  auto member = read_member_row(head_, row, rules_);
  if (!member) return refuse(row.line, member.error().field + ": " + member.error().detail);
  std::uint32_t types = 0;
  for (const auto& [type, hash] : member->ids) {
    types |= 1u << static_cast<unsigned>(type);
    staging_->query("INSERT INTO id VALUES(?,?,?,?)").run(hash, member->person, Bytes{member->record}, row.line);
  }
  types_in_all_ &= types;
  staging_->query("INSERT INTO person VALUES(?,?,?,?)")
      .run(member->person, row.line, Bytes{member->record}, Bytes{pack(member->ids)});
}

Result<ImportOutcome> MembersImport::finish(std::uint32_t authoritative) {
  try {
    reader_.finish();
    if (!headed_ || !(head_.has("member_id") || head_.has("phone")))
      return Error{ErrorCode::bad_format, "header", std::string("the head line must be ") + kMemberColumns};
    staging_->execute("COMMIT");
    for (auto step : {&MembersImport::merge_persons, &MembersImport::merge_identifiers})
      if (auto status = (this->*step)(); !status.ok()) return status.error();
    if (auto status = publish(authoritative); !status.ok()) return status.error();
    outcome_.counts = ledger_.member_counts();
    return outcome_;
  } catch (const DatabaseFailure& failure) {
    return error_of(failure);
  }
}

Status MembersImport::merge_persons() {
  auto rows = staging_->query("SELECT person,line,record,ids FROM person ORDER BY person,line");
  std::vector<MemberRow> piece;
  const auto flush = [&]() -> Status {
    auto welcomed = desk_.take_joins(joins_of(piece, rules_.stores));
    if (!welcomed) return welcomed.error();
    outcome_.welcomed += *welcomed;
    auto removed = ledger_.merge_members(piece);
    if (!removed) return removed.error();
    for (const auto& id : *removed) staging_->query("INSERT INTO removed VALUES(?,?)").run(id.hash, id.person);
    outcome_.taken += piece.size();
    piece.clear();
    return {};
  };
  std::optional<PersonKey> last;
  while (rows.step()) {
    const auto person = rows.bytes<16>(0);
    if (last == person) {
      skipped_lines_.insert(rows.natural(1));
      refuse(rows.natural(1), "member_id: twice in this file");
      continue;
    }
    last = person;
    piece.push_back({person, rows.text(2), unpack(rows.view(3))});
    if (piece.size() < kPiece) continue;
    if (auto status = flush(); !status.ok()) return status;
  }
  return flush();
}

Status MembersImport::merge_identifiers() {
  auto rows = staging_->query(
      "SELECT hash,person,record,line,0 AS gone FROM id UNION ALL SELECT hash,person,x'',0,1 FROM removed "
      "ORDER BY hash,gone DESC,line");
  std::vector<MemberIdRow> piece;
  const auto flush = [&]() -> Status {
    auto changed = ledger_.merge_member_ids(piece);
    if (!changed) return changed.error();
    outcome_.changed += *changed;
    piece.clear();
    return {};
  };
  std::optional<IdHash> last;
  std::uint64_t last_line = 0;
  while (rows.step()) {
    const bool gone = rows.integer(4) != 0;
    const auto line = rows.natural(3);
    if (!gone && skipped_lines_.contains(line)) continue;
    const auto hash = rows.bytes<16>(0);
    if (!gone && last == hash) {
      if (line != last_line) refuse(line, "an identifier is also in line " + std::to_string(last_line));
      continue;
    }
    if (!gone) {
      last = hash;
      last_line = line;
    }
    piece.push_back({hash, rows.bytes<16>(1), rows.text(2), gone});
    if (piece.size() < kPiece) continue;
    if (auto status = flush(); !status.ok()) return status;
  }
  return flush();
}

Status MembersImport::publish(std::uint32_t authoritative) {
  const auto counts = ledger_.member_counts();
  const auto declared =
      authoritative | (outcome_.taken > 0 ? counts.authoritative & types_in_all_ : counts.authoritative);
  if (declared != counts.authoritative)
    if (auto status = ledger_.set_authoritative(declared); !status.ok()) return status;
  return publish_members(ledger_, snapshots_, counts.dirty, outcome_.snapshot);
}

Status publish_unfinished(Ledger& ledger, const fs::path& snapshots) {
  const auto dirty = ledger.member_counts().dirty;
  bool as_snapshot = false;
  return dirty == 0 ? Status{} : publish_members(ledger, snapshots, dirty, as_snapshot);
}

}  // namespace tillside::hq
