#include "sync/hq/sqlite_ledger_scope.h"

namespace tillside::hq {
namespace {

constexpr std::size_t kIdBytes = 17;  // type, hash

std::string pack_ids(const std::vector<std::pair<IdType, IdHash>>& ids) {
  std::string out;
  for (const auto& [type, hash] : ids) {
    out.push_back(static_cast<char>(type));
    out.append(reinterpret_cast<const char*>(hash.data()), hash.size());
  }
  return out;
}

std::vector<std::pair<IdType, IdHash>> unpack_ids(std::string_view packed) {
  std::vector<std::pair<IdType, IdHash>> ids;
  for (std::size_t at = 0; at + kIdBytes <= packed.size(); at += kIdBytes) {
    IdHash hash{};
    std::copy_n(packed.begin() + static_cast<std::ptrdiff_t>(at) + 1, hash.size(), hash.begin());
    ids.emplace_back(static_cast<IdType>(packed[at]), hash);
  }
  return ids;
}

std::uint32_t types_of(const MemberRow& row) {
  std::uint32_t types = 0;
  for (const auto& [type, hash] : row.ids) types |= 1u << static_cast<unsigned>(type);
  return types;
}

void find_removed(std::string_view before, const MemberRow& row, std::vector<RemovedId>& out) {
  const auto now = pack_ids(row.ids);
  for (std::size_t at = 0; at + kIdBytes <= before.size(); at += kIdBytes) {
    const auto id = before.substr(at, kIdBytes);
    bool kept = false;
    for (std::size_t i = 0; i < now.size() && !kept; i += kIdBytes)
      kept = std::string_view(now).substr(i, kIdBytes) == id;
    if (kept) continue;
    IdHash hash{};
    std::copy(id.begin() + 1, id.end(), hash.begin());
    out.push_back({hash, row.person});
  }
}

std::string member_change(const IdHash& hash, std::string_view record, std::uint64_t version) {
  wire::Change change;
  change.kind = wire::ChangeKind::member;
  change.member = {hash, std::string(record), version};
  return wire::write(change);
}

std::uint32_t declared_types(Database& db) {
  auto query = db.query("SELECT value FROM meta WHERE name='authoritative'");
  const auto declared = query.step() ? query.text(0) : std::string();
  return declared.empty() ? 0u : static_cast<std::uint32_t>(std::stoul(declared));
}

std::uint32_t covered_types_of(Database& db) {
  auto covered = declared_types(db);
  auto query = db.query(
      "SELECT count(*),sum((types>>1)&1),sum((types>>2)&1),sum((types>>3)&1),sum((types>>4)&1),sum((types>>5)&1),"
      "sum((types>>6)&1) FROM member");
  if (!query.step() || query.integer(0) == 0) return covered;
  for (int type = 1; type <= kIdTypes; ++type)
    if (query.integer(type) == query.integer(0)) covered |= 1u << type;
  return covered;
}

std::string member_key(const IdHash& hash) { return "m:" + to_hex(hash); }

}  // namespace

Result<std::vector<RemovedId>> SqliteLedger::merge_members(std::span<const MemberRow> rows) {
  return guarded([&]() -> Result<std::vector<RemovedId>> {
    Write write(*this);
    std::vector<RemovedId> removed;
    for (const auto& row : rows) {
      {
        std::string before;
        bool named = false;
        {
          auto held = writer_.query("SELECT ids,record FROM member WHERE person=?");
          if (held.bind(row.person).step()) {
            find_removed(held.view(0), row, removed);
            before = held.text(1);
            named = !held.view(0).empty();
          }
        }
        if (!before.empty()) keep_first_join(row.person, before, row.record);
        if (named && row.ids.empty()) forget_earned_of(row.person);
      }
      writer_.query("INSERT OR REPLACE INTO member(person,record,types,ids) VALUES(?,?,?,?)")
          .run(row.person, Bytes{row.record}, types_of(row), Bytes{pack_ids(row.ids)});
    }
    write.commit();
    return removed;
  });
}

Result<std::uint64_t> SqliteLedger::merge_member_ids(std::span<const MemberIdRow> rows) {
  return guarded([&]() -> Result<std::uint64_t> {
    Write write(*this);
    std::uint64_t changed = 0;
    for (const auto& row : rows) {
      if (row.remove)
        writer_.query("DELETE FROM member_id WHERE hash=? AND person=?").run(row.hash, row.person);
      else
        writer_
            .query(
                "INSERT INTO member_id(hash,person,record) VALUES(?,?,?) ON CONFLICT(hash) DO UPDATE SET "
                "person=excluded.person, record=excluded.record "
                "WHERE person<>excluded.person OR record<>excluded.record")
            .run(row.hash, row.person, Bytes{row.record});
      if (writer_.changes() == 0) continue;
      ++changed;
      writer_.query("INSERT OR IGNORE INTO member_dirty(hash) VALUES(?)").run(row.hash);
    }
    if (changed > 0) claim(rows);
    write.commit();
    return changed;
  });
}

std::optional<MemberRow> SqliteLedger::member(const PersonKey& person) {
  Read read(read_mutex_, *reader_, kShortRead);
  auto query = read.db().query("SELECT record,ids FROM member WHERE person=?");
  if (!query.bind(person).step()) return std::nullopt;
  return MemberRow{person, query.text(0), unpack_ids(query.view(1))};
}

std::optional<PersonKey> SqliteLedger::person_with(const IdHash& id) {
  Read read(read_mutex_, *reader_, kShortRead);
  auto query = read.db().query("SELECT person FROM member_id WHERE hash=?");
  if (!query.bind(id).step()) return std::nullopt;
  return query.bytes<16>(0);
}

std::uint32_t SqliteLedger::covered_types() {
  Read read(report_mutex_, *report_reader_, kLongRead);
  return covered_types_of(read.db());
}

MemberCounts SqliteLedger::member_counts() {
  Read read(report_mutex_, *report_reader_, kLongRead);
  const auto count = [&](const char* sql) {
    auto query = read.db().query(sql);
    return query.step() ? query.natural(0) : 0;
  };
  MemberCounts counts;
  counts.members = count("SELECT count(*) FROM member");
  counts.identifiers = count("SELECT count(*) FROM member_id");
  counts.dirty = count("SELECT count(*) FROM member_dirty");
  counts.covered = covered_types_of(read.db());
  counts.authoritative = declared_types(read.db());
  return counts;
}

Status SqliteLedger::set_authoritative(std::uint32_t types) {
  return guarded([&]() -> Status {
    Write write(*this);
    set_meta("authoritative", std::to_string(types));
    write.commit();
    return {};
  });
}

void SqliteLedger::save_checkpoint(const wire::MembersCheckpoint& checkpoint) {
  wire::Change change;
  change.kind = wire::ChangeKind::members_checkpoint;
  change.checkpoint = checkpoint;
  const auto document = wire::write(change);
  set_meta("checkpoint", document);
  append_change(kChainScope, "members", document);
}

std::optional<wire::MembersCheckpoint> SqliteLedger::checkpoint() {
  const std::lock_guard lock(write_mutex_);
  const auto document = meta("checkpoint");
  if (document.empty()) return std::nullopt;
  auto change = wire::read_change(document);
  if (!change) return std::nullopt;
  return change->checkpoint;
}

Status SqliteLedger::publish_deltas() {
  const auto held = checkpoint().value_or(wire::MembersCheckpoint{});
  return guarded([&]() -> Status {
    const auto covered = covered_types();
    Write write(*this);
    std::vector<std::pair<IdHash, std::string>> dirty;
    {
      auto query = writer_.query(
          "SELECT d.hash,coalesce(i.record,x'') FROM member_dirty d LEFT JOIN member_id i ON i.hash=d.hash "
          "ORDER BY d.hash");
      while (query.step()) dirty.emplace_back(query.bytes<16>(0), query.text(1));
    }
    std::uint64_t version = chain_head();
    for (const auto& [hash, record] : dirty)
      append_change(kChainScope, member_key(hash), member_change(hash, record, ++version));
    writer_.query("DELETE FROM member_dirty").run();
    auto next = held;
    next.covered_types = covered;
    save_checkpoint(next);
    write.commit();
    return {};
  });
}

Status SqliteLedger::each_member_id(const IdRow& row) {
  return guarded([&]() -> Status {
    Read read(report_mutex_, *report_reader_, std::chrono::minutes(30));
    auto query = read.db().query("SELECT hash,record FROM member_id ORDER BY hash");
    while (query.step()) row(query.bytes<16>(0), query.view(1));
    return {};
  });
}

Status SqliteLedger::publish_snapshot(const wire::MembersCheckpoint& snapshot) {
  return guarded([&]() -> Status {
    const auto covered = covered_types();
    Write write(*this);
    drop_changes(kChainScope, "m:");
    writer_.query("DELETE FROM member_dirty").run();
    auto next = snapshot;
    next.version = chain_head();
    next.covered_types = covered;
    save_checkpoint(next);
    write.commit();
    return {};
  });
}

}  // namespace tillside::hq
