#include "tests/fakes/store_day.h"

#include <fstream>
#include <stdexcept>

#include "tests/fakes/town.h"

namespace tillside::fakes {

using nlohmann::json;

namespace {

constexpr int kNumbersOfARound = 100'000;

void renumber(json& where, int round) {
  if (where.contains("sequence")) where["sequence"] = where["sequence"].get<int>() + kNumbersOfARound * round;
  if (where.contains("checkout_id"))
    where["checkout_id"] = where["checkout_id"].get<std::string>() + "-" + std::to_string(round);
}

}  // namespace

std::vector<json> sample_day(int round) {
  std::ifstream in(std::string(TILLSIDE_SOURCE_DIR) + "/installer/sample_store/day.jsonl");
  std::vector<json> day;
  for (std::string line; std::getline(in, line);) {
    json document = json::parse(line);
    if (round > 0) {
      renumber(document, round);
      if (document.contains("original") && document["original"].is_object()) renumber(document["original"], round);
    }
    day.push_back(std::move(document));
  }
  if (day.empty()) throw std::runtime_error("the sample day is missing");
  return day;
}

std::vector<json> of_lane(const std::vector<json>& day, const std::string& lane) {
  std::vector<json> out;
  for (const json& document : day)
    if (document["lane_id"] == lane) out.push_back(document);
  return out;
}

json simple_sale(const std::string& lane, int sequence, std::int64_t net) {
  return {{"checkout_id", "0123-" + lane + "-" + std::to_string(sequence)},
          {"state", "completed"},
          {"store_id", "0123"},
          {"lane_id", lane},
          {"business_date", "2026-11-20"},
          {"sequence", sequence},
          {"occurred_at", "2026-11-20T10:00:00+08:00"},
          {"operator_id", "E1007"},
          {"currency", "CNY"},
          {"prices_include_tax", true},
          {"lines", json::array({{{"line_no", 1},
                                  {"sku", "20101"},
                                  {"name", "金枕榴莲"},
                                  {"kind", "sale"},
                                  {"quantity", "1"},
                                  {"unit_price", net},
                                  {"amount", net},
                                  {"discount", 0}}})},
          {"totals", {{"gross", net}, {"discount", 0}, {"tax", 0}, {"net", net}}},
          {"tenders", json::array({{{"type", "wechat"}, {"amount", net}}})}};
}

json simple_campaign(int number, std::int64_t budget, std::int64_t quota_per_till, std::int64_t min_total) {
  return {{"number", number},
          {"kind", "next_visit"},
          {"name", {{"zh", "下次减2元"}, {"en", "2 off next time"}}},
          {"priority", 10},
          {"group", "basket"},
          {"conditions", {{"min_total", min_total}}},
          {"reward", {{"type", "amount_off"}, {"amount", 200}, {"min_spend", 1000}}},
          {"valid_after_hours", 0},
          {"valid_days", 7},
          {"policy", "home"},
          {"budget", {{"issue", budget}, {"exposure", 10}}},
          {"quota_per_till", quota_per_till},
          {"active_from", "2026-11-01T00:00:00+08:00"},
          {"active_until", "2099-12-31T23:59:59+08:00"}};
}

std::string call_for(const json& document) {
  const std::string state = document["state"];
  if (state == "completed" || state == "exchanged") return "/v1/checkouts/complete";
  return state == "voided" || state == "returned" ? "/v1/checkouts/reverse" : "/v1/checkouts/event";
}

bool is_sale_document(const json& document) { return call_for(document) == "/v1/checkouts/complete"; }

JsonAnswer hand_in(JsonClient& client, const json& document) {
  const std::string body = document.dump(), path = call_for(document);
  std::optional<JsonAnswer> answer;
  wait_until("an answer to " + path, [&] {
    answer = client.post(path, body, true);
    return answer && answer->status != 503;
  });
  return *answer;
}

void ask_advice(JsonClient& client, json& document) {
  if (!is_sale_document(document)) return;
  json at_total = document;
  at_total["state"] = "total";
  at_total.erase("tenders");
  const auto answer = client.post("/v1/checkouts/advise", at_total.dump(), true);
  if (!answer || answer->status != 200) return;
  const json advice = answer->json();
  if (advice["showing_id"].is_string()) document["showing_id"] = advice["showing_id"];
}

}  // namespace tillside::fakes
