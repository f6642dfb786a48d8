#include <charconv>

#include "sync/hq/admin_api.h"

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
  std::uint32_t wanted = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), wanted);
  if (error != std::errc() || end != number.data() + number.size())
    return Error{ErrorCode::not_found, "number", "no such campaign"};
  if (auto status = parts_.ledger.stop_campaign(wanted); !status.ok()) return status.error();
  return answer({{"number", wanted}, {"stopped", true}});
}

}  // namespace tillside::hq
