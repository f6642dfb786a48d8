#include "sync/hq/voucher_report.h"

#include "sync/hq/csv.h"
#include "sync/hq/report_text.h"

namespace tillside::hq {

Json voucher_report_json(std::span<const HandedOver> rows) {
  Json list = Json::array();
  for (const auto& row : rows)
    list.push_back({{"campaign", row.campaign},
                    {"name", {{"zh", row.name_zh}, {"en", row.name_en}}},
                    {"item", row.item},
                    {"store_id", row.store_id},
                    {"made", row.made},
                    {"handed_over", row.count},
                    {"value", row.value},
                    {"currency", row.currency}});
  return {{"rows", std::move(list)}};
}

std::string voucher_report_csv(std::span<const HandedOver> rows, bool bom) {
  std::string csv = bom ? "\xEF\xBB\xBF" : "";
  append_csv_row(csv, {"活动 campaign", "名称 name", "商品 item", "门店 store", "已发 made", "已领 handed over",
                       "价值 value", "币种 currency"});
  for (const auto& row : rows)
    append_csv_row(
        csv, {std::to_string(row.campaign), row.name_zh, std::to_string(row.item), row.store_id,
              std::to_string(row.made), std::to_string(row.count), amount_text(row.value, row.currency), row.currency});
  return csv;
}

}  // namespace tillside::hq
