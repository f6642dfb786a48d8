#include "sync/hq/admin_api.h"
#include "sync/hq/path_number.h"
#include "sync/hq/stops_report.h"

namespace tillside::hq {
namespace {

// Without a number headquarters gives one; the reader of terms wants one to read.
Result<Campaign> terms_of(Json json) {
  const bool numbered = json.contains("number") && !json["number"].is_null();
  if (!numbered) json["number"] = 1;
  auto campaign = parse_campaign(json.dump());
  if (!campaign) return campaign;
  if (!numbered) campaign->number = 0;
  return campaign;
}

}  // namespace

AdminApi::Answer AdminApi::add_campaigns(const http::Request& request) {
  auto json = Json::parse(request.body, nullptr, false);
  if (json.is_object()) json = Json::array({std::move(json)});
  if (!json.is_array()) return Error{ErrorCode::bad_json, "", "a campaign or a list of campaigns is wanted"};
  std::vector<Campaign> all;
  for (std::size_t i = 0; i < json.size(); ++i) {
    auto campaign = json[i].is_object() ? terms_of(json[i]) : Result<Campaign>(Error{ErrorCode::wrong_type, "", ""});
    if (!campaign) {
      auto error = campaign.error();
      error.field = "[" + std::to_string(i) + "]." + error.field;
      return error;
    }
    all.push_back(std::move(*campaign));
  }
  Json added = Json::array();
  for (const auto& campaign : all) {
    auto held = parts_.ledger.add_campaign(campaign);
    if (!held) return held.error();
    added.push_back({{"number", held->number}, {"name", {{"zh", held->name_zh}, {"en", held->name_en}}}});
  }
  return answer({{"campaigns", std::move(added)}}, 201);
}

AdminApi::Answer AdminApi::list_campaigns() {
  Json list = Json::array();
  for (const auto& campaign : parts_.ledger.campaigns()) list.push_back(to_json(campaign));
  return answer({{"campaigns", std::move(list)}});
}

AdminApi::Answer AdminApi::stop_campaign(const std::string& number) {
  const auto wanted = number_of<std::uint32_t>(number);
  if (!wanted) return Error{ErrorCode::not_found, "number", "no such campaign"};
  if (auto status = parts_.ledger.stop_campaign(*wanted); !status.ok()) return status.error();
  const auto awaited = parts_.ledger.awaited_stops(wanted, parts_.clock.now());
  if (!awaited) return awaited.error();
  Json json{{"number", *wanted}, {"stopped", true}};
  json.update(stops_json(*awaited));
  return answer(json);
}

AdminApi::Answer AdminApi::move_quota(const http::Request& request, const Path& path) {
  const auto number = number_of<std::uint32_t>(path[1]);
  if (!number) return Error{ErrorCode::not_found, "path", "no such campaign or till"};
  std::optional<std::uint32_t> campaign, till;
  (path[0] == "campaigns" ? campaign : till) = number;
  if (path[0] == "campaigns" && !request.body.empty()) {
    auto json = body_object(request);
    if (!json) return json.error();
    const auto named = json->value("till", Json());
    if (!named.is_null() && (!named.is_number_unsigned() || named > kMaxTillNumber))
      return Error{ErrorCode::wrong_type, "till", "a till's number is wanted"};
    if (!named.is_null()) till = named.get<TillNumber>();
  }
  const bool recall = path[2] == "recall";
  const auto status = recall ? parts_.ledger.recall_quota(campaign, till)
                             : parts_.ledger.lend_again(campaign, till, parts_.clock.now());
  if (!status.ok()) return status.error();
  return answer(
      {{"campaign", campaign ? Json(*campaign) : Json()}, {"till", till ? Json(*till) : Json()}, {"recalled", recall}});
}

AdminApi::Answer AdminApi::awaited_stops(const http::Request& request) {
  const auto csv = wants_csv(request);
  if (!csv) return csv.error();
  std::optional<std::uint32_t> campaign;
  if (const auto text = request.query_value_or("campaign", ""); !text.empty()) {
    campaign = number_of<std::uint32_t>(text);
    if (!campaign) return Error{ErrorCode::out_of_range, "campaign", "a campaign's number is wanted"};
  }
  const auto awaited = parts_.ledger.awaited_stops(campaign, parts_.clock.now());
  if (!awaited) return awaited.error();
  if (!*csv) return answer(stops_json(*awaited));
  return csv_answer(stops_csv(*awaited, request.query_value_or("bom", "") == "1"));
}

}  // namespace tillside::hq
