#include <date/tz.h>

#include "agent/platform/log.h"
#include "sync/hq/admin_api.h"
#include "sync/hq/path_number.h"

namespace tillside::hq {
namespace {

bool is_zone(const std::string& name) {
  try {
    return date::locate_zone(name) != nullptr;
  } catch (const std::exception&) {
    return false;
  }
}

Result<Store> store_of(const Json& json) {
  Store store;
  const std::pair<const char*, std::string*> fields[] = {{"store_id", &store.store_id},
                                                         {"name", &store.name},
                                                         {"zone", &store.zone},
                                                         {"currency", &store.currency},
                                                         {"country_calling_code", &store.calling_code}};
  for (const auto& [name, field] : fields) {
    auto text = text_field(json, name, *field, 64);
    if (!text) return text.error();
    *field = std::move(*text);
  }
  if (!is_plain_id(store.store_id)) return Error{ErrorCode::bad_format, "store_id", "1 to 32 of A-Z a-z 0-9 _ . -"};
  if (store.name.empty()) store.name = store.store_id;
  if (auto currency = currency_of(store.currency); !currency)
    return Error{ErrorCode::unknown_value, "currency", "not an ISO 4217 code"};
  if (!is_zone(store.zone)) return Error{ErrorCode::unknown_value, "zone", "not an IANA time zone"};
  if (store.calling_code.empty() || store.calling_code.size() > 3 ||
      store.calling_code.find_first_not_of("0123456789") != std::string::npos)
    return Error{ErrorCode::bad_format, "country_calling_code", "1 to 3 digits"};
  if (const auto at = json.find("number"); at != json.end() && !at->is_null()) {
    if (!at->is_number_unsigned() || *at > kMaxStoreNumber)
      return Error{ErrorCode::out_of_range, "number", "1 to 2^20-1"};
    store.number = at->get<StoreNumber>();
  }
  return store;
}

// {"epoch"}: in hex; or {"generation"}: of the newest key of one epoch.
Result<wire::Epoch> epoch_in(const Json& json, const std::vector<EpochLedger>& epochs) {
  auto text = text_field(json, "epoch", "", 16);
  if (!text) return text.error();
  wire::Epoch epoch{};
  if (!text->empty()) {
    if (!from_hex(*text, epoch)) return Error{ErrorCode::bad_format, "epoch", "16 hexadecimal digits"};
    return epoch;
  }
  const auto at = json.find("generation");
  if (at == json.end() || !at->is_number_unsigned())
    return Error{ErrorCode::wrong_type, "generation", "an epoch or a key generation is wanted"};
  std::size_t found = 0;
  for (const auto& one : epochs)
    if (one.generation && *one.generation == *at) epoch = one.epoch, ++found;
  if (found == 0) return Error{ErrorCode::not_found, "generation", "no epoch has this as its newest key"};
  if (found > 1) return Error{ErrorCode::conflict, "generation", "several epochs have this key: name the epoch"};
  return epoch;
}

}  // namespace

AdminApi::Answer AdminApi::add_store(const http::Request& request) {
  auto json = body_object(request);
  if (!json) return json.error();
  auto store = store_of(*json);
  if (!store) return store.error();
  auto added = parts_.ledger.add_store(*store);
  if (!added) return added.error();
  return answer(to_json(*added), 201);
}

AdminApi::Answer AdminApi::list_stores() {
  Json list = Json::array();
  for (const auto& store : parts_.ledger.stores()) list.push_back(to_json(store));
  return answer({{"stores", std::move(list)}});
}

AdminApi::Answer AdminApi::add_code(const http::Request& request) {
  auto json = body_object(request);
  if (!json) return json.error();
  auto store_id = text_field(*json, "store_id", "", 32);
  if (!store_id) return store_id.error();
  const auto hours = json->value("valid_hours", Json(24));
  if (!hours.is_number_integer() || hours < 1 || hours > 720)
    return Error{ErrorCode::out_of_range, "valid_hours", "1 to 720"};
  auto code = parts_.enrolment.make_code(*store_id, hours.get<int>());
  if (!code) return code.error();
  return answer({{"code", code->code}, {"store_id", *store_id}, {"expires", utc_text(code->expires)}}, 201);
}

AdminApi::Answer AdminApi::list_tills() {
  Json list = Json::array();
  for (const auto& till : parts_.ledger.tills()) list.push_back(to_json(till));
  return answer({{"recovering", parts_.ledger.still_recovering()}, {"tills", std::move(list)}});
}

AdminApi::Answer AdminApi::till_call(const http::Request& request, const Path& path) {
  const auto till = number_of<TillNumber>(path[1]);
  const bool post = request.method == http::Method::kPost;
  if (!till) return Error{ErrorCode::not_found, "till", "no such till"};
  if (request.method == http::Method::kGet && path[2] == "ledger") {
    if (!parts_.ledger.store_of(*till)) return Error{ErrorCode::not_found, "till", "no such till"};
    Json epochs = Json::array();
    for (const auto& epoch : parts_.ledger.till_ledger(*till)) epochs.push_back(to_json(epoch));
    return answer({{"till", *till}, {"epochs", std::move(epochs)}});
  }
  if (post && path[2] == "rotate") {
    if (auto status = parts_.ledger.rotate_till(*till); !status.ok()) return status.error();
    return answer({{"till", *till}, {"rotate", true}});
  }
  if (post && path[2] == "disk-gone") return disk_gone(request, *till);
  const bool revoke = post && path[2] == "revoke";
  if (!revoke && !(post && path[2] == "write-off")) return Error{ErrorCode::not_found, "path", "no such call"};
  auto status = revoke ? parts_.ledger.revoke_till(*till) : parts_.ledger.write_off_till(*till);
  if (!status.ok()) return status.error();
  log::warn("admin", revoke ? "a till was revoked" : "a till was written off", {{"till", path[1]}});
  return answer({{"till", *till}, {"done", path[2]}, {"recovering", parts_.ledger.still_recovering()}});
}

AdminApi::Answer AdminApi::disk_gone(const http::Request& request, TillNumber till) {
  auto json = body_object(request);
  if (!json) return json.error();
  auto epoch = epoch_in(*json, parts_.ledger.till_ledger(till));
  if (!epoch) return epoch.error();
  if (auto status = parts_.ledger.disk_gone(till, *epoch, parts_.clock.now()); !status.ok()) return status.error();
  log::warn("admin", "the disk of an epoch is gone", {{"till", std::to_string(till)}, {"epoch", to_hex(*epoch)}});
  return answer({{"till", till},
                 {"done", "disk-gone"},
                 {"epoch", to_hex(*epoch)},
                 {"recovering", parts_.ledger.still_recovering()}});
}

AdminApi::Answer AdminApi::import_staff(const http::Request& request) {
  auto rows = read_staff_csv(request.body);
  std::map<std::string, StoreNumber> numbers;
  for (const auto& store : parts_.ledger.stores()) numbers[store.store_id] = store.number;
  const auto now = parts_.clock.now();
  std::size_t taken = 0;
  for (auto& [store_id, staff] : rows.by_store) {
    std::map<std::string, std::string> badges;
    for (const auto& held : parts_.ledger.staff_of(store_id))
      badges[held.staff_id + ":" + std::to_string(held.number)] = held.badge_token;
    for (auto& one : staff) {
      auto& badge = badges[one.staff_id + ":" + std::to_string(one.number)];
      const auto held = read_referral(badge);
      const bool fresh = held && held->minute > code_minutes(now.plus_ms(365 * kDay));
      one.badge_token = fresh ? badge : badge_token(parts_.keys, numbers[store_id], one.number, now);
    }
    taken += staff.size();
  }
  if (!rows.by_store.empty())
    if (auto status = parts_.ledger.replace_staff(rows.by_store); !status.ok()) return status.error();
  Json bad = Json::array();
  for (const auto& row : rows.bad) bad.push_back({{"line", row.line}, {"reason", row.reason}});
  return answer({{"taken", taken}, {"stores", rows.by_store.size()}, {"bad_rows", std::move(bad)}});
}

AdminApi::Answer AdminApi::list_staff(const http::Request& request) {
  const auto wanted = request.query_value_or("store", "");
  Json list = Json::array();
  for (const auto& store : parts_.ledger.stores()) {
    if (!wanted.empty() && store.store_id != wanted) continue;
    for (const auto& staff : parts_.ledger.staff_of(store.store_id)) {
      auto json = to_json(staff);
      json["store_id"] = store.store_id;
      list.push_back(std::move(json));
    }
  }
  return answer({{"staff", std::move(list)}});
}

AdminApi::Answer AdminApi::show_key() {
  const auto state = parts_.ledger.state();
  return answer({{"chain", to_hex(parts_.keys.chain())},
                 {"public_key", to_hex(parts_.keys.signing(state.key_generation).public_key)},
                 {"key_generation", state.key_generation},
                 {"incarnation", to_hex(state.incarnation)},
                 {"recovering", state.recovering},
                 {"public_host", state.public_host}});
}

}  // namespace tillside::hq
