#include "sync/hq/json_answers.h"

namespace tillside::hq {
namespace {

Json time_or_null(Instant at) { return at.ms == 0 ? Json() : Json(utc_text(at)); }

}  // namespace

const char* name_of(EpochState state) {
  switch (state) {
    case EpochState::live:
      return "live";
    case EpochState::frozen:
      return "frozen";
    case EpochState::ended:
      return "ended";
  }
  return "ended";
}

std::vector<std::string> type_names(std::uint32_t types) {
  std::vector<std::string> out;
  for (int type = 1; type <= kIdTypes; ++type)
    if (types & (1u << type)) out.emplace_back(tillside::name_of(static_cast<IdType>(type)));
  return out;
}

std::string utc_text(Instant at) { return format_time(at, StoreZone("UTC", {})); }

Json to_json(const Store& store) {
  return {{"store_id", store.store_id}, {"number", store.number},     {"name", store.name},
          {"zone", store.zone},         {"currency", store.currency}, {"country_calling_code", store.calling_code}};
}

Json to_json(const Staff& staff) {
  return {{"staff_id", staff.staff_id}, {"number", staff.number},
          {"name", staff.name},         {"role", tillside::name_of(staff.role)},
          {"active", staff.active},     {"badge_token", staff.badge_token}};
}

Json to_json(const TillInfo& till) {
  return {{"till", till.till},
          {"store_id", till.store_id},
          {"revoked", till.revoked},
          {"forked", till.forked},
          {"fork_events", till.fork_events},
          {"awaited", till.awaited},
          {"rotate", till.rotate},
          {"version", till.version},
          {"enrolled", time_or_null(till.enrolled)},
          {"last_contact", time_or_null(till.contacted)},
          {"last_uplink", time_or_null(till.uplinked)},
          {"epochs", till.epochs},
          {"events", till.events}};
}

Json to_json(const EpochLedger& epoch) {
  Json json{{"epoch", to_hex(epoch.epoch)},
            {"generation", epoch.generation ? Json(*epoch.generation) : Json()},
            {"state", name_of(epoch.state)},
            {"disk_gone", epoch.disk_gone},
            {"held_seq", epoch.held_seq},
            {"chain_hash", to_hex(epoch.chain)},
            {"fork_seq", epoch.fork_seq ? Json(*epoch.fork_seq) : Json()},
            {"fork_events", epoch.fork_events},
            {"events_by_kind", epoch.by_kind},
            {"parked", epoch.parked},
            {"quarantined", epoch.quarantined},
            {"coupons", epoch.coupons},
            {"sales", epoch.sales},
            {"net", epoch.net},
            {"holes", Json::array()}};
  for (const auto& [from, to] : epoch.holes) json["holes"].push_back({{"from", from}, {"to", to}});
  return json;
}

Json to_json(const CampaignInfo& campaign) {
  auto json = Json::parse(write_campaign(campaign.terms));
  json["stopped"] = campaign.terms.stopped;
  json["worth"] = campaign.worth;
  json["lent"] = campaign.lent;
  json["issued"] = campaign.issued;
  json["returned"] = campaign.returned;
  json["available"] = campaign.available;
  return json;
}

http::Response answer(const Json& json, unsigned status) {
  return http::json_response(json.dump(-1, ' ', false, Json::error_handler_t::replace), status);
}

}  // namespace tillside::hq
