// Coupons redeemed more than once, as JSON and as CSV.
#pragma once

#include "sync/hq/json_answers.h"
#include "sync/hq/ledger_types.h"

namespace tillside::hq {

// {"coupons":[{"coupon","campaign","times","value","exposed","running","running_value","bound","bound_value",
// "within_bound","redemptions":[{"till","store_id","operator_id","identity","at","received","value","currency",
// "reserved"}]}],"count"}; value: of all times but the largest. Times are UTC.
Json double_report_json(const std::vector<RedeemedTwice>& coupons);
// One row a redemption. With `bom` Excel reads the Chinese right.
std::string double_report_csv(const std::vector<RedeemedTwice>& coupons, bool bom);

}  // namespace tillside::hq
