// Coupons out and back, as JSON and as CSV.
#pragma once

#include "sync/hq/json_answers.h"
#include "sync/hq/report_types.h"

namespace tillside::hq {

// {"as_of","campaigns":[{"campaign","name","kind","worth","stopped","coupons":{...},"issuable":{...},"exposure":{...},
// "stores":[{"store_id","currency", and the same counts}]}]}. Values are minor units at what the coupon took off; of
// those issued, live, expired and revoked at its highest worth.
Json coupon_report_json(const CouponReport& report, Instant as_of);
// One row a campaign, store and currency; the campaign's budgets stand on its first row.
std::string coupon_report_csv(const CouponReport& report, bool bom);

}  // namespace tillside::hq
