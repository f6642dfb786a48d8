#include "agent/domain/reconcile.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "agent/domain/advice.h"

namespace tillside {
namespace {

using Key = std::pair<std::string_view, std::int32_t>;

bool same_by_line(const std::vector<AppliedDiscount>& advised, const std::vector<AppliedDiscount>& applied) {
  std::set<std::string_view> whole_bill;
  for (const auto& one : applied)
    if (one.line_no == 0) whole_bill.insert(one.code);
  std::map<Key, Minor> open;
  const auto key_of = [&](const AppliedDiscount& one) {
    return Key{one.code, whole_bill.contains(one.code) ? 0 : one.line_no};
  };
  for (const auto& one : advised) open[key_of(one)] += one.amount;
  for (const auto& one : applied)
    if (is_discount_code(one.code)) open[key_of(one)] -= one.amount;
  return std::all_of(open.begin(), open.end(), [](const auto& left) { return left.second == 0; });
}

}  // namespace

Minor pos_discounts(const Checkout& checkout) {
  Minor sum = 0;
  for (const Line& line : checkout.lines) {
    if (line.kind == LineKind::sale) sum += line.discount;
    if (line.kind == LineKind::discount) sum -= line.amount;
  }
  return sum;
}

AdvisedOff advised_off(const Checkout& checkout, const std::vector<AdvisedDiscount>& discounts) {
  AdvisedOff advised;
  for (const AdvisedDiscount& one : discounts)
    advised.rows.push_back({discount_code(*one.campaign), one.line_no, one.amount});
  advised.pos_discounts = pos_discounts(checkout);
  for (const AppliedDiscount& one : checkout.applied_discounts)
    if (is_discount_code(one.code)) advised.pos_discounts -= one.amount;
  return advised;
}

Reconciled reconcile(const AdvisedOff& advised, const Checkout& checkout) {
  if (!is_sale(checkout)) return {};
  if (can_take_off(checkout.source) || !checkout.applied_discounts.empty())
    return {!same_by_line(advised.rows, checkout.applied_discounts), std::nullopt};
  if (advised.rows.empty()) return {};
  Minor wanted = 0;
  for (const AppliedDiscount& one : advised.rows) wanted += one.amount;
  const Minor inferred = std::max<Minor>(pos_discounts(checkout) - advised.pos_discounts, 0);
  return {inferred != wanted, inferred};
}

}  // namespace tillside
