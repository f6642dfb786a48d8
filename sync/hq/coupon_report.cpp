#include "sync/hq/coupon_report.h"

#include "sync/hq/csv.h"
#include "sync/hq/report_text.h"

namespace tillside::hq {
namespace {

Json counts_json(const CouponCounts& counts, Minor worth) {
  const auto at_worth = [&](std::int64_t count) { return Json{{"count", count}, {"value", count * worth}}; };
  const auto valued = [](std::int64_t count, Minor value) { return Json{{"count", count}, {"value", value}}; };
  return {{"issued", at_worth(counts.issued)},
          {"live", at_worth(counts.live)},
          {"expired", at_worth(counts.expired)},
          {"redeemed_home", valued(counts.redeemed_home, counts.home_value)},
          {"redeemed_elsewhere", valued(counts.redeemed_elsewhere, counts.elsewhere_value)},
          {"redeemed_again", valued(counts.again, counts.again_value)},
          {"revoked", at_worth(counts.revoked)},
          {"replacements", at_worth(counts.replacements)},
          {"clawed_back", valued(counts.clawed_back, counts.clawed_back_value)},
          {"handed_over", counts.handed_over},
          {"redeemed_unheard", counts.unheard}};
}

Json campaign_json(const CampaignBudget& budget, const std::vector<CouponRow>& rows) {
  CouponCounts sum;
  Json stores = Json::array();
  for (const auto& row : rows) {
    if (row.campaign != budget.campaign) continue;
    sum += row.counts;
    Json store{{"store_id", row.store_id}, {"currency", row.currency}};
    store.update(counts_json(row.counts, budget.worth));
    stores.push_back(std::move(store));
  }
  const auto in_use = budget.exposure_open + budget.exposure_spent;
  return {{"campaign", budget.campaign},
          {"name", {{"zh", budget.name_zh}, {"en", budget.name_en}}},
          {"kind", name_of(budget.kind)},
          {"worth", budget.worth},
          {"stopped", budget.stopped},
          {"coupons", counts_json(sum, budget.worth)},
          {"issuable",
           {{"budget", budget.issue},
            {"lent", budget.lent},
            {"used", budget.used},
            {"returned", budget.returned},
            {"available", budget.available}}},
          {"exposure",
           {{"set_aside", budget.exposure},
            {"in_use", in_use},
            {"open", budget.exposure_open},
            {"spent", budget.exposure_spent},
            {"returned", budget.exposure_returned},
            {"value_in_use", in_use * budget.worth}}},
          {"stores", std::move(stores)}};
}

std::vector<std::string> budget_cells(const CampaignBudget* budget) {
  if (budget == nullptr) return std::vector<std::string>(9);
  const auto number = [](std::int64_t value) { return std::to_string(value); };
  return {number(budget->issue),         number(budget->lent),           number(budget->used),
          number(budget->returned),      number(budget->available),      number(budget->exposure),
          number(budget->exposure_open), number(budget->exposure_spent), number(budget->exposure_returned)};
}

std::vector<std::string> cells(const CouponRow& row, const CampaignBudget& budget, bool first) {
  const auto& counts = row.counts;
  const auto number = [](std::int64_t value) { return std::to_string(value); };
  const auto money = [&](Minor value) { return amount_text(value, row.currency); };
  std::vector<std::string> out{number(row.campaign),
                               budget.name_zh,
                               row.store_id,
                               row.currency,
                               number(counts.issued),
                               money(counts.issued * budget.worth),
                               number(counts.live),
                               money(counts.live * budget.worth),
                               number(counts.expired),
                               number(counts.redeemed_home),
                               money(counts.home_value),
                               number(counts.redeemed_elsewhere),
                               money(counts.elsewhere_value),
                               number(counts.again),
                               money(counts.again_value),
                               number(counts.revoked),
                               number(counts.replacements),
                               number(counts.clawed_back),
                               money(counts.clawed_back_value),
                               number(counts.handed_over),
                               number(counts.unheard)};
  for (auto& cell : budget_cells(first ? &budget : nullptr)) out.push_back(std::move(cell));
  return out;
}

}  // namespace

Json coupon_report_json(const CouponReport& report, Instant as_of) {
  Json json{{"as_of", utc_text(as_of)}, {"campaigns", Json::array()}};
  for (const auto& budget : report.campaigns) json["campaigns"].push_back(campaign_json(budget, report.rows));
  return json;
}

std::string coupon_report_csv(const CouponReport& report, bool bom) {
  std::string out = bom ? "\xEF\xBB\xBF" : "";
  append_csv_row(out, {"活动 campaign",
                       "名称 name",
                       "发券门店 store",
                       "币种 currency",
                       "已发 issued",
                       "面值 issued value",
                       "有效 live",
                       "有效面值 live value",
                       "过期 expired",
                       "本机核销 redeemed at home",
                       "本机核销金额 value at home",
                       "异地核销 redeemed elsewhere",
                       "异地核销金额 value elsewhere",
                       "重复核销 redeemed again",
                       "重复核销金额 value again",
                       "作废 revoked",
                       "补发 replacements",
                       "追回张数 clawed back",
                       "追回金额 clawed back value",
                       "已交付 handed over",
                       "发券未上报 redeemed unheard",
                       "可发预算 issuable",
                       "已借出 lent",
                       "已用 used",
                       "已归还 returned",
                       "可借 available",
                       "敞口 exposure",
                       "敞口占用 exposure open",
                       "敞口已核销 exposure spent",
                       "敞口归还 exposure returned"});
  for (const auto& budget : report.campaigns) {
    bool first = true;
    for (const auto& row : report.rows) {
      if (row.campaign == budget.campaign) append_csv_row(out, cells(row, budget, std::exchange(first, false)));
    }
    if (first) append_csv_row(out, cells({budget.campaign, {}, {}, {}}, budget, true));
  }
  return out;
}

}  // namespace tillside::hq
