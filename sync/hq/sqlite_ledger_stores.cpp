#include "sync/hq/sqlite_ledger_scope.h"

namespace tillside::hq {
namespace {

Store store_from(const Query& row) {
  return {row.text(0), static_cast<StoreNumber>(row.integer(1)), row.text(2), row.text(3), row.text(4), row.text(5)};
}

Staff staff_from(const Query& row) {
  return {row.text(0),         static_cast<StaffNumber>(row.integer(1)),
          row.text(2),         staff_role_of(row.view(3)).value_or(StaffRole::guide),
          row.integer(4) != 0, row.text(5)};
}

bool same_facts(const Store& held, const Store& asked) {
  Store given = asked;
  if (given.number == 0) given.number = held.number;
  return held == given;
}

}  // namespace

std::optional<Store> SqliteLedger::find_store(const std::string& store_id) {
  auto query = writer_.query("SELECT store_id,number,name,zone,currency,calling_code FROM store WHERE store_id=?");
  if (!query.bind(store_id).step()) return std::nullopt;
  return store_from(query);
}

void SqliteLedger::insert_store(const Store& store) {
  writer_.query("INSERT INTO store(store_id,number,name,zone,currency,calling_code) VALUES(?,?,?,?,?,?)")
      .run(store.store_id, store.number, store.name, store.zone, store.currency, store.calling_code);
}

bool SqliteLedger::is_number_of_another(const Store& store) {
  auto query = writer_.query("SELECT 1 FROM store WHERE number=? AND store_id<>?");
  return query.bind(store.number, store.store_id).step();
}

Result<Store> SqliteLedger::add_store(const Store& store) {
  return guarded([&]() -> Result<Store> {
    Write write(*this);
    if (auto held = find_store(store.store_id)) {
      if (same_facts(*held, store)) return *held;
      return Error{ErrorCode::conflict, "store_id", "the store exists with other facts"};
    }
    Store added = store;
    if (added.number == 0) added.number = next_number("store_floor", "SELECT max(number) FROM store");
    if (added.number > kMaxStoreNumber) return Error{ErrorCode::out_of_range, "number", "above 2^20-1"};
    if (auto taken = writer_.query("SELECT 1 FROM store WHERE number=?"); taken.bind(added.number).step())
      return Error{ErrorCode::conflict, "number", "another store has this number"};
    insert_store(added);
    write.commit();
    return added;
  });
}

std::vector<Store> SqliteLedger::stores() {
  Read read(read_mutex_, *reader_, kShortRead);
  auto query = read.db().query("SELECT store_id,number,name,zone,currency,calling_code FROM store ORDER BY number");
  std::vector<Store> out;
  while (query.step()) out.push_back(store_from(query));
  return out;
}

Status SqliteLedger::replace_staff(const std::map<std::string, std::vector<Staff>>& by_store) {
  return guarded([&]() -> Status {
    Write write(*this);
    for (const auto& [store_id, staff] : by_store)
      if (!find_store(store_id)) return Error{ErrorCode::not_found, "store_id", "no store " + store_id};
    for (const auto& [store_id, staff] : by_store) {
      writer_.query("DELETE FROM staff WHERE store_id=?").run(store_id);
      for (const auto& one : staff)
        writer_.query("INSERT INTO staff(store_id,staff_id,number,name,role,active,badge_token) VALUES(?,?,?,?,?,?,?)")
            .run(store_id, one.staff_id, one.number, one.name, name_of(one.role), one.active ? 1 : 0, one.badge_token);
      wire::Change change;
      change.kind = wire::ChangeKind::staff;
      change.staff = staff;
      append_change(store_scope(store_id), "staff", wire::write(change));
    }
    write.commit();
    return {};
  });
}

std::vector<Staff> SqliteLedger::staff_of(const std::string& store_id) {
  Read read(read_mutex_, *reader_, kShortRead);
  auto query = read.db().query(
      "SELECT staff_id,number,name,role,active,badge_token FROM staff WHERE store_id=? ORDER BY staff_id");
  query.bind(store_id);
  std::vector<Staff> out;
  while (query.step()) out.push_back(staff_from(query));
  return out;
}

}  // namespace tillside::hq
