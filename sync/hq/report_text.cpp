#include "sync/hq/report_text.h"

#include <fmt/format.h>

#include <cmath>

#include "agent/domain/money.h"
#include "sync/hq/csv.h"

namespace tillside::hq {
namespace {

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

double rounded(double value) { return std::round(value * 10000) / 10000; }

Json row_json(const ReportRow& row) {
  return {{"key", row.key},
          {"name", row.name},
          {"currency", row.currency},
          {"checkouts", row.checkouts},
          {"identified", row.identified},
          {"identified_share", rounded(share(row.identified, row.checkouts))},
          {"group_checkouts", row.group_checkouts},
          {"group_share_of_orders", rounded(share(row.group_checkouts, row.checkouts))},
          {"group_amount", row.group_amount},
          {"group_share_of_amount", rounded(share(row.group_amount, row.gross))},
          {"gross", row.gross},
          {"reversed", row.reversed},
          {"net", row.gross + row.reversed},
          {"reversals", row.reversals},
          {"reversals_of_unknown", row.reversals_of_unknown},
          {"prompts", row.showings},
          {"joins_shown", row.joins_shown},
          {"coupons", row.coupons},
          {"coupon_value", row.coupon_value},
          {"coupons_revoked", row.coupons_revoked},
          {"conflicts", row.conflicts},
          {"duplicates", row.duplicates},
          {"parked", row.parked},
          {"discounted_checkouts", row.discounted},
          {"discount_advised", row.discount_advised},
          {"discount_applied", row.discount_applied},
          {"discounts_differing", row.discounts_differing}};
}

void add(ReportRow& sum, const ReportRow& row) {
  sum.checkouts += row.checkouts;
  sum.identified += row.identified;
  sum.group_checkouts += row.group_checkouts;
  sum.gross += row.gross;
  sum.group_amount += row.group_amount;
  sum.reversed += row.reversed;
  sum.reversals += row.reversals;
  sum.reversals_of_unknown += row.reversals_of_unknown;
  sum.showings += row.showings;
  sum.joins_shown += row.joins_shown;
  sum.coupons += row.coupons;
  sum.coupon_value += row.coupon_value;
  sum.coupons_revoked += row.coupons_revoked;
  sum.conflicts += row.conflicts;
  sum.duplicates += row.duplicates;
  sum.parked += row.parked;
  sum.discounted += row.discounted;
  sum.discount_advised += row.discount_advised;
  sum.discount_applied += row.discount_applied;
  sum.discounts_differing += row.discounts_differing;
}

std::string key_header(ReportBy by) {
  switch (by) {
    case ReportBy::store:
      return "门店 store";
    case ReportBy::guide:
      return "导购 guide";
    case ReportBy::day:
      return "日期 day";
    case ReportBy::cashier:
      return "收银员 operator";
  }
  return "key";
}

std::vector<std::string> cells(const ReportRow& row) {
  const auto number = [](std::int64_t value) { return std::to_string(value); };
  const auto percent = [](double value) { return fmt::format("{:.2f}%", value * 100); };
  const auto money = [&](Minor value) { return amount_text(value, row.currency); };
  return {row.key,
          row.name,
          row.currency,
          number(row.checkouts),
          number(row.identified),
          percent(share(row.identified, row.checkouts)),
          percent(share(row.group_checkouts, row.checkouts)),
          percent(share(row.group_amount, row.gross)),
          money(row.gross),
          money(row.reversed),
          money(row.gross + row.reversed),
          number(row.reversals),
          number(row.reversals_of_unknown),
          number(row.showings),
          number(row.joins_shown),
          number(row.coupons),
          money(row.coupon_value),
          number(row.coupons_revoked),
          number(row.conflicts),
          number(row.duplicates),
          number(row.parked),
          number(row.discounted),
          money(row.discount_advised),
          money(row.discount_applied),
          number(row.discounts_differing)};
}

}  // namespace

std::string amount_text(Minor value, const std::string& currency) {
  const auto known = currency_of(currency);
  return format_amount(value, known ? known->exponent : 2);
}

const char* name_of(ReportBy by) {
  switch (by) {
    case ReportBy::store:
      return "store";
    case ReportBy::guide:
      return "guide";
    case ReportBy::day:
      return "day";
    case ReportBy::cashier:
      return "operator";
  }
  return "store";
}

std::optional<ReportBy> report_by_of(std::string_view name) {
  for (const auto by : {ReportBy::store, ReportBy::guide, ReportBy::day, ReportBy::cashier})
    if (name == name_of(by)) return by;
  return std::nullopt;
}

Json report_json(const ReportQuery& query, const std::vector<ReportRow>& rows) {
  Json json{{"by", name_of(query.by)},
            {"from", query.from ? Json(format_date(*query.from)) : Json()},
            {"to", query.to ? Json(format_date(*query.to)) : Json()},
            {"rows", Json::array()},
            {"totals", Json::array()}};
  std::map<std::string, ReportRow> totals;
  for (const auto& row : rows) {
    json["rows"].push_back(row_json(row));
    auto& sum = totals[row.currency];
    sum.currency = row.currency;
    add(sum, row);
  }
  for (const auto& [currency, sum] : totals) json["totals"].push_back(row_json(sum));
  return json;
}

std::string report_csv(const ReportQuery& query, const std::vector<ReportRow>& rows, bool bom) {
  std::string out = bom ? "\xEF\xBB\xBF" : "";
  append_csv_row(out, {key_header(query.by),
                       "名称 name",
                       "币种 currency",
                       "笔数 checkouts",
                       "识别笔数 identified",
                       "识别率 identified share",
                       "群内笔数占比 group share of orders",
                       "群内金额占比 group share of amount",
                       "销售额 gross",
                       "退货额 reversed",
                       "净额 net",
                       "退货笔数 reversals",
                       "原单未知的退货 reversals of unknown",
                       "提示次数 prompts",
                       "展示入群码 joins shown",
                       "发券张数 coupons",
                       "发券面值 coupon value",
                       "作废张数 coupons revoked",
                       "冲突 conflicts",
                       "重复 duplicates",
                       "搁置 parked",
                       "有优惠笔数 discounted checkouts",
                       "应减 discount advised",
                       "实减 discount applied",
                       "不符笔数 discounts differing"});
  for (const auto& row : rows) append_csv_row(out, cells(row));
  return out;
}

}  // namespace tillside::hq
