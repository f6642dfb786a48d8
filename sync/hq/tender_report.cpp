#include "sync/hq/tender_report.h"

#include "sync/hq/csv.h"
#include "sync/hq/report_text.h"

namespace tillside::hq {

Json tender_report_json(const DateRange& range, std::span<const TenderRow> rows) {
  Json list = Json::array();
  for (const auto& row : rows)
    list.push_back({{"store_id", row.store_id},
                    {"tender", row.tender},
                    {"paid", row.paid},
                    {"amount", row.amount},
                    {"refunds", row.refunds},
                    {"refunded", row.refunded},
                    {"currency", row.currency}});
  return {{"from", range.from ? Json(format_date(*range.from)) : Json()},
          {"to", range.to ? Json(format_date(*range.to)) : Json()},
          {"rows", std::move(list)}};
}

std::string tender_report_csv(std::span<const TenderRow> rows, bool bom) {
  std::string csv = bom ? "\xEF\xBB\xBF" : "";
  append_csv_row(csv, {"门店 store", "付款方式 tender", "笔数 paid", "金额 amount", "退款笔数 refunds", "退款 refunded",
                       "币种 currency"});
  for (const auto& row : rows)
    append_csv_row(csv, {row.store_id, row.tender, std::to_string(row.paid), amount_text(row.amount, row.currency),
                         std::to_string(row.refunds), amount_text(row.refunded, row.currency), row.currency});
  return csv;
}

}  // namespace tillside::hq
