#include "agent/store/member_file.h"

#include <algorithm>
#include <charconv>

#include "agent/store/schema.h"

namespace tillside::store {
namespace {

constexpr std::string_view kPrefix = "members-", kSuffix = ".db";

OpenOptions how_to_open(MemberFile::How how) {
  OpenOptions options;
  options.page_size = MemberFile::kPageSize;
  options.bulk = how == MemberFile::How::load;
  options.cache_kib = options.bulk ? 2048 : 256;
  return options;
}

bool tables(Database& database, const std::filesystem::path& file) {
  const Status done = migrate(database, kMembersApplicationId, member_migrations(), file);
  if (!done) throw SqliteFailure{26 /* SQLITE_NOTADB */, done.error().detail};
  return true;
}

std::optional<wire::MembersCheckpoint> read_checkpoint(const std::optional<std::string>& json) {
  if (!json || json->empty()) return std::nullopt;
  auto change = wire::read_change(*json);
  if (!change) return std::nullopt;
  return std::move(change->checkpoint);
}

std::string write_checkpoint(const std::optional<wire::MembersCheckpoint>& checkpoint) {
  if (!checkpoint) return {};
  wire::Change change;
  change.kind = wire::ChangeKind::members_checkpoint;
  change.checkpoint = *checkpoint;
  return wire::write(change);
}

constexpr std::int64_t kNever = -1;

std::optional<Instant> read_time(Meta& meta, std::string_view key) {
  const std::int64_t ms = meta.number(key, kNever);
  return ms == kNever ? std::nullopt : std::optional(Instant{ms});
}

}  // namespace

MemberFile::MemberFile(const std::filesystem::path& file, How how)
    : database_(file, how_to_open(how)),
      file_(file),
      tables_ready_(tables(database_, file_)),
      meta_(database_),
      put_(database_.prepare("INSERT INTO member VALUES(?,?) ON CONFLICT(h) DO UPDATE SET r=excluded.r")),
      erase_(database_.prepare("DELETE FROM member WHERE h=?")),
      put_later_(database_.prepare("INSERT INTO later VALUES(?,?,?) ON CONFLICT(h) DO UPDATE SET r=excluded.r, "
                                   "v=excluded.v")) {
  database_.run("PRAGMA wal_autocheckpoint=256");
}

ReplicaState MemberFile::load_state() {
  ReplicaState state;
  state.facts.checkpoint_applied = meta_.number("applied", 0) != 0;
  state.facts.covered_types = static_cast<std::uint32_t>(meta_.number("covered_types", 0));
  state.facts.scope = static_cast<Scope>(meta_.number("scope", static_cast<int>(Scope::chain)));
  state.facts.as_of = read_time(meta_, "as_of");
  state.held = meta_.get("held").value_or("");
  state.version = static_cast<std::uint64_t>(meta_.number("version", 0));
  state.wanted = read_checkpoint(meta_.get("wanted"));
  state.settles = read_checkpoint(meta_.get("settles"));
  state.newest = read_time(meta_, "newest");
  state.begun = meta_.number("begun", 0) != 0;
  state.replacing = meta_.number("replacing", 0) != 0;
  return state;
}

void MemberFile::save_state(const ReplicaState& state) {
  meta_.put_number("applied", state.facts.checkpoint_applied);
  meta_.put_number("covered_types", state.facts.covered_types);
  meta_.put_number("scope", static_cast<int>(state.facts.scope));
  meta_.put_number("as_of", state.facts.as_of ? state.facts.as_of->ms : kNever);
  meta_.put("held", state.held);
  meta_.put_number("version", static_cast<std::int64_t>(state.version));
  meta_.put("wanted", write_checkpoint(state.wanted));
  meta_.put("settles", write_checkpoint(state.settles));
  meta_.put_number("newest", state.newest ? state.newest->ms : kNever);
  meta_.put_number("begun", state.begun);
  meta_.put_number("replacing", state.replacing);
}

bool MemberFile::has_rows() { return database_.integer("SELECT EXISTS(SELECT 1 FROM member)") != 0; }

void MemberFile::put(const IdHash& hash, std::string_view record) {
  if (record.empty()) return erase_.with(hash).run();
  put_.with(hash, std::span(reinterpret_cast<const std::uint8_t*>(record.data()), record.size())).run();
}

void MemberFile::put_later(const IdHash& hash, std::string_view record, std::uint64_t version) {
  put_later_.with(hash, std::span(reinterpret_cast<const std::uint8_t*>(record.data()), record.size()), version).run();
}

void MemberFile::forget_later() { database_.run("DELETE FROM later"); }
void MemberFile::forget_later_up_to(std::uint64_t version) {
  if (version > 0) database_.prepare("DELETE FROM later WHERE v>0 AND v<=?").with(version).run();
}

IdHash MemberFile::hash_of(std::string_view bytes) {
  IdHash hash{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), hash.size()), hash.begin());
  return hash;
}

std::filesystem::path member_file_path(const std::filesystem::path& folder, std::uint64_t generation) {
  return folder / (std::string(kPrefix) + std::to_string(generation) + std::string(kSuffix));
}

std::filesystem::path member_loading_path(const std::filesystem::path& folder, std::uint64_t generation) {
  return member_file_path(folder, generation).replace_extension(".new");
}

std::vector<std::uint64_t> member_generations(const std::filesystem::path& folder) {
  std::vector<std::uint64_t> generations;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) continue;
    const char* from = name.data() + kPrefix.size();
    const char* to = name.data() + name.size() - kSuffix.size();
    std::uint64_t number = 0;
    if (const auto read = std::from_chars(from, to, number); read.ptr == to && from != to && read.ec == std::errc()) {
      generations.push_back(number);
    }
  }
  std::sort(generations.begin(), generations.end());
  return generations;
}

void remove_member_file(const std::filesystem::path& folder, std::uint64_t generation) {
  std::error_code error;
  const std::string file = member_file_path(folder, generation).string();
  for (const char* suffix : {"-wal", "-shm", ""}) std::filesystem::remove(file + suffix, error);
  std::filesystem::remove(member_loading_path(folder, generation), error);
}

std::string snapshot_key(const wire::MembersCheckpoint& checkpoint) {
  return checkpoint.snapshot + " " + to_hex(checkpoint.digest);
}

}  // namespace tillside::store
