#include "sync/hq/settlement_report.h"

#include "sync/hq/csv.h"
#include "sync/hq/report_text.h"

namespace tillside::hq {
namespace {

using Key = std::pair<std::string, std::string>;  // store, currency

struct Side {
  SettlementRow issued, redeemed;
  Minor owed = 0;
};

void add(SettlementRow& sum, const SettlementRow& row) {
  sum.redeemed += row.redeemed;
  sum.value += row.value;
  sum.clawed_back += row.clawed_back;
  sum.clawed_back_value += row.clawed_back_value;
}

Minor net(const SettlementRow& row) { return row.value - row.clawed_back_value; }

Json figures(const SettlementRow& row) {
  return {{"redeemed", row.redeemed},
          {"value", row.value},
          {"clawed_back", row.clawed_back},
          {"clawed_back_value", row.clawed_back_value},
          {"net", net(row)}};
}

std::map<Key, Side> sides_of(const std::vector<SettlementRow>& rows) {
  std::map<Key, Side> sides;
  for (const auto& row : rows) {
    auto& issuer = sides[{row.issuing, row.currency}];
    add(issuer.issued, row);
    issuer.owed += net(row);
    auto& redeemer = sides[{row.redeeming, row.currency}];
    add(redeemer.redeemed, row);
    redeemer.owed -= net(row);
  }
  return sides;
}

}  // namespace

Json settlement_json(const DateRange& range, const std::vector<SettlementRow>& rows) {
  Json json{{"from", range.from ? Json(format_date(*range.from)) : Json()},
            {"to", range.to ? Json(format_date(*range.to)) : Json()},
            {"cells", Json::array()},
            {"stores", Json::array()},
            {"totals", Json::array()}};
  std::map<std::string, SettlementRow> totals;
  for (const auto& row : rows) {
    Json cell{{"issuing_store", row.issuing},
              {"redeeming_store", row.redeeming},
              {"campaign", row.campaign},
              {"currency", row.currency}};
    cell.update(figures(row));
    json["cells"].push_back(std::move(cell));
    add(totals[row.currency], row);
  }
  for (const auto& [key, side] : sides_of(rows))
    json["stores"].push_back({{"store_id", key.first},
                              {"currency", key.second},
                              {"as_issuer", figures(side.issued)},
                              {"as_redeemer", figures(side.redeemed)},
                              {"owed", side.owed}});
  for (const auto& [currency, sum] : totals) {
    Json total{{"currency", currency}};
    total.update(figures(sum));
    json["totals"].push_back(std::move(total));
  }
  return json;
}

std::string settlement_csv(const std::vector<SettlementRow>& rows, bool bom) {
  std::string out = bom ? "\xEF\xBB\xBF" : "";
  append_csv_row(
      out, {"发券门店 issuing store", "核销门店 redeeming store", "活动 campaign", "币种 currency", "核销次数 redeemed",
            "核销金额 value", "追回张数 clawed back", "追回金额 clawed back value", "净额 net"});
  for (const auto& row : rows)
    append_csv_row(
        out, {row.issuing, row.redeeming, std::to_string(row.campaign), row.currency, std::to_string(row.redeemed),
              amount_text(row.value, row.currency), std::to_string(row.clawed_back),
              amount_text(row.clawed_back_value, row.currency), amount_text(net(row), row.currency)});
  return out;
}

}  // namespace tillside::hq
