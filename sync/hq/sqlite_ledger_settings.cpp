#include "sync/hq/sqlite_ledger_scope.h"

namespace tillside::hq {

// Everything that is set for this store, or for the chain: what a till had before is replaced by it.
std::string SqliteLedger::settings_change(const std::string& store_id) {
  wire::Change change;
  change.kind = wire::ChangeKind::settings;
  change.of_store = !store_id.empty();
  change.settings.public_host = state_.public_host;
  auto rows = writer_.query("SELECT name,value FROM setting WHERE store_id=?");
  rows.bind(store_id);
  while (rows.step()) change.settings.other[rows.text(0)] = rows.text(1);
  return wire::write(change);
}

Status SqliteLedger::set_settings(const std::string& store_id, const SettingValues& values) {
  return guarded([&]() -> Status {
    Write write(*this);
    if (!store_id.empty() && !find_store(store_id)) return Error{ErrorCode::not_found, "store_id", "no such store"};
    for (const auto& [name, value] : values) {
      if (value)
        writer_.query("INSERT OR REPLACE INTO setting(store_id,name,value) VALUES(?,?,?)").run(store_id, name, *value);
      else
        writer_.query("DELETE FROM setting WHERE store_id=? AND name=?").run(store_id, name);
    }
    append_change(store_id.empty() ? kChainScope : store_scope(store_id), "settings", settings_change(store_id));
    write.commit();
    return {};
  });
}

std::map<std::string, std::string> SqliteLedger::settings(const std::string& store_id) {
  Read read(read_mutex_, *reader_, kShortRead);
  auto rows = read.db().query("SELECT name,value FROM setting WHERE store_id=? ORDER BY name");
  rows.bind(store_id);
  std::map<std::string, std::string> values;
  while (rows.step()) values[rows.text(0)] = rows.text(1);
  return values;
}

Status SqliteLedger::set_store_token(const std::string& store_id, const Bytes32& hash) {
  return guarded([&]() -> Status {
    Write write(*this);
    if (!find_store(store_id)) return Error{ErrorCode::not_found, "store_id", "no such store"};
    writer_.query("INSERT OR REPLACE INTO store_token(hash,store_id) VALUES(?,?)").run(hash, store_id);
    write.commit();
    return {};
  });
}

std::optional<std::string> SqliteLedger::store_with_token(const Bytes32& hash) {
  Read read(read_mutex_, *reader_, kShortRead);
  auto query = read.db().query("SELECT store_id FROM store_token WHERE hash=?");
  if (!query.bind(hash).step()) return std::nullopt;
  return query.text(0);
}

}  // namespace tillside::hq
