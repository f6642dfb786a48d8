// Vouchers made and handed over, by campaign (one item) and store: for a program and for a spreadsheet.
#pragma once

#include <span>
#include <string>

#include "sync/hq/json_answers.h"
#include "sync/hq/ledger_types.h"

namespace tillside::hq {

Json voucher_report_json(std::span<const HandedOver> rows);
std::string voucher_report_csv(std::span<const HandedOver> rows, bool bom);

}  // namespace tillside::hq
