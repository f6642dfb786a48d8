// The settlement between stores that issue and stores that redeem, as JSON and as CSV.
#pragma once

#include "sync/hq/json_answers.h"
#include "sync/hq/report_types.h"

namespace tillside::hq {

// {"from","to","cells":[{"issuing_store","redeeming_store","campaign","currency","redeemed","value","clawed_back",
// "clawed_back_value","net"}],"stores":[{"store_id","currency","as_issuer":{...},"as_redeemer":{...},"owed"}],
// "totals":[{"currency",...}]}. net is value less what was clawed back. owed: what other stores redeemed of this
// store's coupons, less what this store redeemed of others': above 0 it pays. Over all stores it comes to nothing.
Json settlement_json(const DateRange& range, const std::vector<SettlementRow>& rows);
// One row a cell.
std::string settlement_csv(const std::vector<SettlementRow>& rows, bool bom);

}  // namespace tillside::hq
