// By what sales were paid, by store and tender: for a program and for a spreadsheet.
#pragma once

#include <span>
#include <string>

#include "sync/hq/json_answers.h"
#include "sync/hq/report_types.h"

namespace tillside::hq {

Json tender_report_json(const DateRange& range, std::span<const TenderRow> rows);
std::string tender_report_csv(std::span<const TenderRow> rows, bool bom);

}  // namespace tillside::hq
