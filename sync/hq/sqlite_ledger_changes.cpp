#include "sync/hq/sqlite_ledger_scope.h"

namespace tillside::hq {
namespace {

constexpr const char* kHead = "SELECT head FROM scope WHERE scope=?";

std::uint64_t head_of(Database& db, const std::string& scope) {
  auto query = db.query(kHead);
  return query.bind(scope).step() ? query.natural(0) : 0;
}

// Adds this scope's changes until the page is full; false when it is.
bool collect(Database& db, const std::string& scope, std::uint64_t& position, std::size_t& room, ChangePage& page) {
  auto query = db.query("SELECT seq,body FROM change_log WHERE scope=? AND seq>? ORDER BY seq");
  query.bind(scope, position);
  while (query.step()) {
    const auto body = query.view(1);
    if (body.size() > room && !page.changes.empty()) {
      page.more = true;
      return false;
    }
    page.changes.emplace_back(body);
    position = query.natural(0);
    room -= std::min(room, body.size());
  }
  return true;
}

}  // namespace

void SqliteLedger::append_change(const std::string& scope, const std::string& key, std::string_view body) {
  std::uint64_t seq = 0;
  {
    auto query = writer_.query(
        "INSERT INTO scope(scope,head) VALUES(?,1) ON CONFLICT(scope) DO UPDATE SET head=head+1 RETURNING head");
    query.bind(scope);
    while (query.step()) seq = query.natural(0);
  }
  writer_
      .query(
          "INSERT INTO change_log(scope,key,seq,body) VALUES(?,?,?,?) ON CONFLICT(scope,key) DO UPDATE SET "
          "seq=excluded.seq, body=excluded.body")
      .run(scope, key, seq, body);
  if (touched_.empty() || touched_.back() != scope) touched_.push_back(scope);
}

std::uint64_t SqliteLedger::chain_head() { return head_of(writer_, kChainScope); }

void SqliteLedger::drop_changes(const std::string& scope, std::string_view key_prefix) {
  auto end = std::string(key_prefix);
  end.back() = static_cast<char>(end.back() + 1);
  writer_.query("DELETE FROM change_log WHERE scope=? AND key>=? AND key<?").run(scope, key_prefix, end);
}

Position SqliteLedger::newest_position(TillNumber till, const std::string& store_id) {
  Read read(read_mutex_, *reader_, kShortRead);
  return {head_of(read.db(), kChainScope), head_of(read.db(), store_scope(store_id)),
          head_of(read.db(), till_scope(till))};
}

ChangePage SqliteLedger::changes_since(TillNumber till, const std::string& store_id, const Position& since,
                                       std::size_t max_bytes) {
  Read read(read_mutex_, *reader_, kShortRead);
  ChangePage page;
  page.position = since;
  auto room = max_bytes;
  auto& db = read.db();
  if (collect(db, till_scope(till), page.position.till, room, page) &&
      collect(db, store_scope(store_id), page.position.store, room, page))
    collect(db, kChainScope, page.position.chain, room, page);
  if (page.more) return page;
  page.position = {head_of(db, kChainScope), head_of(db, store_scope(store_id)), head_of(db, till_scope(till))};
  return page;
}

std::optional<std::string> SqliteLedger::store_of(TillNumber till) {
  Read read(read_mutex_, *reader_, kShortRead);
  auto query = read.db().query("SELECT store_id FROM till WHERE till=?");
  if (!query.bind(till).step()) return std::nullopt;
  return query.text(0);
}

}  // namespace tillside::hq
