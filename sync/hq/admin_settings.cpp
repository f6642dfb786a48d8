#include "agent/platform/log.h"
#include "sync/hq/admin_api.h"
#include "sync/hq/public_host.h"
#include "sync/hq/store_token.h"
#include "sync/hq/till_settings.h"

namespace tillside::hq {

std::string new_store_token() { return std::string(kStoreTokenPrefix) + to_hex(random_bytes<20>()); }

AdminApi::Answer AdminApi::show_settings(const std::string& store_id) {
  Json json = Json::object();
  if (store_id.empty()) json["public_host"] = parts_.ledger.state().public_host;
  Json values = Json::object();
  for (const auto& [name, value] : parts_.ledger.settings(store_id)) values[name] = value;
  json["settings"] = std::move(values);
  return answer(json);
}

// All of a call is set, or nothing.
AdminApi::Answer AdminApi::put_settings(const http::Request& request, const std::string& store_id) {
  auto json = body_object(request);
  if (!json) return json.error();
  const bool names_host = store_id.empty() && json->contains("public_host");
  auto host = text_field(*json, "public_host", "", 253);
  if (!host) return host.error();
  if (names_host) {
    if (auto status = check_public_host(*host); !status.ok()) return status.error();
    json->erase("public_host");
  }
  auto values = read_till_settings(*json);
  if (!values) return values.error();
  if (!values->empty() || !names_host)
    if (auto status = parts_.ledger.set_settings(store_id, *values); !status.ok()) return status.error();
  if (names_host)
    if (auto status = parts_.ledger.set_public_host(*host); !status.ok()) return status.error();
  return show_settings(store_id);
}

AdminApi::Answer AdminApi::store_token(const std::string& store_id) {
  const auto token = new_store_token();
  if (auto status = parts_.ledger.set_store_token(store_id, token_hash(parts_.keys, token)); !status.ok())
    return status.error();
  log::warn("admin", "a store has a new token", {{"store", store_id}});
  return answer({{"store_id", store_id}, {"token", token}}, 201);
}

}  // namespace tillside::hq
