#include "agent/platform/log.h"
#include "sync/hq/admin_api.h"
#include "sync/hq/key_publisher.h"
#include "sync/hq/path_number.h"

namespace tillside::hq {
namespace {

Json to_json(const KeyRow& row) {
  return {{"till", row.id.till},
          {"generation", row.id.generation},
          {"status", name_of(row.facts.status)},
          {"public_key", to_hex(row.facts.key)},
          {"until", row.facts.until ? Json(utc_text(*row.facts.until)) : Json()},
          {"ceiling", row.facts.ceiling},
          {"good_to", row.facts.status == KeyFacts::Status::revoked ? Json(row.facts.good_to) : Json()}};
}

}  // namespace

AdminApi::Answer AdminApi::list_keys() {
  Json list = Json::array();
  for (const auto& row : parts_.ledger.keys()) list.push_back(to_json(row));
  return answer({{"keys", std::move(list)}});
}

AdminApi::Answer AdminApi::rotate_own_key() {
  const auto generation = parts_.publisher.rotate();
  if (!generation) return generation.error();
  log::warn("admin", "headquarters' own key was changed", {{"generation", std::to_string(*generation)}});
  return show_key();
}

AdminApi::Answer AdminApi::revoke_key(const http::Request& request, const Path& path) {
  const auto till = number_of<TillNumber>(path[1]);
  const auto generation = number_of<unsigned>(path[2]);
  if (!till || !generation || *generation > 15) return Error{ErrorCode::not_found, "generation", "no such key"};
  auto json = body_object(request);
  if (!json) return json.error();
  const auto good_to = json->value("good_to", Json());
  if (!good_to.is_number_unsigned() || good_to > 0xFFFF'FFFFu)
    return Error{ErrorCode::out_of_range, "good_to", "the last serial that holds, 0 for none"};
  const KeyId key{*till, static_cast<std::uint8_t>(*generation)};
  if (auto status = parts_.ledger.revoke_key(key, good_to.get<std::uint32_t>()); !status.ok()) return status.error();
  log::warn("admin", "a key was revoked", {{"till", path[1]}, {"generation", path[2]}});
  if (auto status = parts_.publisher.publish(); !status.ok()) return status.error();
  return answer({{"till", *till}, {"generation", *generation}, {"good_to", good_to}});
}

}  // namespace tillside::hq
