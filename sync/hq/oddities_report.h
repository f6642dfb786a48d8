// What stands out at operators, as JSON and as CSV. No identifier of a person, not even hashed.
#pragma once

#include "sync/hq/json_answers.h"
#include "sync/hq/report_types.h"

namespace tillside::hq {

// {"from","to","thresholds":{...},"oddities":[{"kind","store_id","operator_id","name","threshold","count",
// "most_a_day","value","currency","checkouts":[identity]}],"count"}
Json oddities_json(const DateRange& range, const OddityThresholds& thresholds, const std::vector<Oddity>& oddities);
// One row a finding; the identities in one field, parted by blanks.
std::string oddities_csv(const std::vector<Oddity>& oddities, bool bom);

}  // namespace tillside::hq
