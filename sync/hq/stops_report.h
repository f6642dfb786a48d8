// Tills that have not acknowledged a campaign's end, as JSON and as CSV.
#pragma once

#include "sync/hq/json_answers.h"
#include "sync/hq/report_types.h"

namespace tillside::hq {

// {"tills":[{"campaign","till","store_id","currency","in_hand","in_hand_value","live_coupons","live_value",
// "last_heard"}],"count","in_hand_value","live_value"}
Json stops_json(const std::vector<StopAwaited>& awaited);
std::string stops_csv(const std::vector<StopAwaited>& awaited, bool bom);

}  // namespace tillside::hq
