// The sample store's day as documents for a till, as often as wanted, and a caller that hands them in as a POS does.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/fakes/json_client.h"

namespace tillside::fakes {

// The documents of installer/sample_store/day.jsonl. round > 0: the same day with other numbers, so other documents.
std::vector<nlohmann::json> sample_day(int round = 0);
// Those of one lane, in order.
std::vector<nlohmann::json> of_lane(const std::vector<nlohmann::json>& day, const std::string& lane);

// A sale of one line, worth `net` minor units.
nlohmann::json simple_sale(const std::string& lane, int sequence, std::int64_t net);

// One campaign that gives a coupon for every sale of at least `min_total`.
nlohmann::json simple_campaign(int number, std::int64_t budget, std::int64_t quota_per_till,
                               std::int64_t min_total = 1);

std::string call_for(const nlohmann::json& document);  // /v1/checkouts/complete, reverse or event
bool is_sale_document(const nlohmann::json& document);

// Hands a document in until somebody answers, as a POS that retries does. Throws after a minute without an answer.
JsonAnswer hand_in(JsonClient& client, const nlohmann::json& document);
// Asks for advice before a sale and gives the document its showing. Any answer will do, none as well.
void ask_advice(JsonClient& client, nlohmann::json& document);

}  // namespace tillside::fakes
