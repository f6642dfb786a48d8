// Ledger values as the admin API's JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "sync/hq/ledger_types.h"
#include "sync/http/message.h"

namespace tillside::hq {

using Json = nlohmann::ordered_json;

Json to_json(const Store& store);
Json to_json(const Staff& staff);
Json to_json(const TillInfo& till);
Json to_json(const EpochLedger& epoch);
Json to_json(const CampaignInfo& campaign);

const char* name_of(EpochState state);
std::vector<std::string> type_names(std::uint32_t types);  // of a mask of bits (1 << IdType)
std::string utc_text(Instant at);                          // "2026-11-22T01:02:03Z"

http::Response answer(const Json& json, unsigned status = 200);

}  // namespace tillside::hq
