#include "sync/hq/oddities_report.h"

#include "sync/hq/csv.h"
#include "sync/hq/report_text.h"

namespace tillside::hq {
namespace {

const char* words(OddityKind kind) {
  switch (kind) {
    case OddityKind::same_person:
      return "同一人反复 same person again";
    case OddityKind::voided_cash:
      return "现金单发券后作废 cash sale with a coupon, then voided";
    case OddityKind::overrides:
      return "手工确认在群 override: shows she is in the group";
    case OddityKind::unapproved:
      return "未经批准的券 coupon taken off without approval";
    case OddityKind::differing:
      return "优惠与应减不符 discount differs from what was advised";
  }
  return "";
}

std::string joined(const std::vector<std::string>& identities) {
  std::string out;
  for (const auto& identity : identities) {
    if (!out.empty()) out += ' ';
    out += identity;
  }
  return out;
}

}  // namespace

Json oddities_json(const DateRange& range, const OddityThresholds& thresholds, const std::vector<Oddity>& oddities) {
  Json list = Json::array();
  for (const auto& one : oddities)
    list.push_back({{"kind", name_of(one.kind)},
                    {"store_id", one.store_id},
                    {"operator_id", one.operator_id},
                    {"name", one.name},
                    {"threshold", one.threshold},
                    {"count", one.count},
                    {"most_a_day", one.kind == OddityKind::same_person ? Json(one.most_a_day) : Json()},
                    {"value", one.currency.empty() ? Json() : Json(one.value)},
                    {"currency", one.currency},
                    {"checkouts", one.checkouts}});
  return {{"from", range.from ? Json(format_date(*range.from)) : Json()},
          {"to", range.to ? Json(format_date(*range.to)) : Json()},
          {"thresholds",
           {{"same_person", thresholds.same_person},
            {"same_person_a_day", thresholds.same_person_a_day},
            {"voided_cash", thresholds.voided_cash},
            {"overrides", thresholds.overrides},
            {"unapproved", thresholds.unapproved},
            {"differing", thresholds.differing}}},
          {"oddities", std::move(list)},
          {"count", oddities.size()}};
}

std::string oddities_csv(const std::vector<Oddity>& oddities, bool bom) {
  std::string out = bom ? "\xEF\xBB\xBF" : "";
  append_csv_row(out, {"种类 kind", "门店 store", "收银员 operator", "姓名 name", "阈值 threshold", "次数 count",
                       "单日最多 most a day", "金额 value", "币种 currency", "单号 checkouts"});
  for (const auto& one : oddities)
    append_csv_row(out, {words(one.kind), one.store_id, one.operator_id, one.name, std::to_string(one.threshold),
                         std::to_string(one.count),
                         one.kind == OddityKind::same_person ? std::to_string(one.most_a_day) : std::string(),
                         one.currency.empty() ? std::string() : amount_text(one.value, one.currency), one.currency,
                         joined(one.checkouts)});
  return out;
}

}  // namespace tillside::hq
