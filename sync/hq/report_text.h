// The plain report as JSON and as CSV.
#pragma once

#include <string>

#include "sync/hq/json_answers.h"

namespace tillside::hq {

Json report_json(const ReportQuery& query, const std::vector<ReportRow>& rows);
// Chinese headers with English beside; amounts as decimals of their currency; `bom` for Excel.
std::string report_csv(const ReportQuery& query, const std::vector<ReportRow>& rows, bool bom);

// "20.00": a decimal of that currency; two places when it is not known.
std::string amount_text(Minor value, const std::string& currency);

const char* name_of(ReportBy by);
std::optional<ReportBy> report_by_of(std::string_view name);

}  // namespace tillside::hq
