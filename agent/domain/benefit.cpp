#include "agent/domain/benefit.h"

#include <algorithm>
#include <cstdlib>

namespace tillside {
namespace {

__extension__ using Wide = __int128;

// a x b / c for values that are not negative, rounded half up, at most the highest amount.
Minor scaled(Minor a, Wide b, Wide c) {
  return static_cast<Minor>(std::min<Wide>((a * b * 2 + c) / (c * 2), kMaxAmount));
}

// Grams of a weight unit; 0 for what is no weight.
std::int64_t grams_of(std::string_view unit) {
  constexpr std::pair<std::string_view, std::int64_t> kWeights[] = {
      {"kg", 1000},  {"KG", 1000}, {"Kg", 1000}, {"公斤", 1000}, {"千克", 1000}, {"斤", 500},
      {"市斤", 500}, {"jin", 500}, {"两", 50},   {"g", 1},       {"G", 1},       {"克", 1}};
  for (const auto& [name, grams] : kWeights)
    if (unit == name) return grams;
  return 0;
}

// One of the line's unit is parts/whole of the benefit's, and `whole` depends on the benefit alone; parts 0: they
// cannot be compared.
struct Ratio {
  std::int64_t parts = 1, whole = 1;
};

Ratio ratio_of(const std::string& line_unit, const std::string& unit) {
  const std::int64_t line = grams_of(line_unit), wanted = grams_of(unit);
  if (line != 0 && wanted != 0) return {line, wanted};
  if (unit.empty() || unit == line_unit) return {};
  constexpr std::string_view kPieces[] = {"", "个", "件", "只", "pcs", "pc", "ea", "EA", "PCS"};
  const auto is_piece = [&](const std::string& name) {
    return std::find(std::begin(kPieces), std::end(kPieces), name) != std::end(kPieces);
  };
  return is_piece(line_unit) && is_piece(unit) ? Ratio{} : Ratio{0, 1};
}

bool covers(const Benefit& benefit, const Line& line) {
  if (benefit.skus.empty() && benefit.categories.empty()) return true;
  if (std::find(benefit.skus.begin(), benefit.skus.end(), line.sku) != benefit.skus.end()) return true;
  return std::any_of(benefit.categories.begin(), benefit.categories.end(),
                     [&](const std::string& subtree) { return in_category(line.category, subtree); });
}

bool same_goods(const Line& a, const Line& b) { return a.sku == b.sku && (!a.sku.empty() || a.name == b.name); }

Minor at_least_zero(Minor amount) { return std::max<Minor>(amount, 0); }

// What comes off `part`, the covered part of a line, `quantity` of it.
Minor off_of(const Benefit& benefit, Minor part, Thousandths quantity, Ratio ratio) {
  const auto priced = [&] { return scaled(benefit.amount, Wide{quantity} * ratio.parts, Wide{1000} * ratio.whole); };
  switch (benefit.type) {
    case BenefitType::percent_off:
      return share(part, 10'000 - benefit.basis_points);
    case BenefitType::amount_off:
      return std::min(part, priced());
    case BenefitType::price:
      return at_least_zero(part - priced());
  }
  return 0;
}

}  // namespace

// One benefit while it is being taken off.
struct BenefitBill::Grant {
  const Campaign& campaign;
  Wide quantity_left = 0;  // thousandths of the benefit's unit x the ratio's `whole`: a line uses up quantity x `parts`
  Minor cap_left = 0;
  bool any_line = false, any_free = false, any_group = false;
};

BenefitBill::BenefitBill(const Checkout& checkout) {
  sold_.reserve(checkout.lines.size());
  for (const Line& line : checkout.lines)
    if (line.kind == LineKind::sale && line.quantity > 0 && line.amount > 0)
      sold_.push_back({&line, line.quantity, line.amount, line.discount, 0, 0, {}});
  take_voids(checkout.lines);
  take_applied(checkout);
  for (const Sold& sold : sold_) promotions_ += sold.promotion;
}

// The newest line of the same goods is the one that was voided.
void BenefitBill::take_voids(const std::vector<Line>& lines) {
  for (const Line& line : lines) {
    if (line.kind != LineKind::voided) continue;
    Thousandths gone = std::abs(line.quantity);
    for (auto sold = sold_.rbegin(); sold != sold_.rend() && gone > 0; ++sold) {
      if (!same_goods(*sold->line, line)) continue;
      const Thousandths taken = std::min(gone, sold->quantity);
      sold->quantity -= taken;
      gone -= taken;
    }
  }
  for (Sold& sold : sold_)
    if (sold.quantity != sold.line->quantity) sold.list = scaled(sold.list, sold.quantity, sold.line->quantity);
}

void BenefitBill::take_applied(const Checkout& checkout) {
  for (const AppliedDiscount& applied : checkout.applied_discounts) {
    const bool benefit = is_discount_code(applied.code);
    if (benefit) already_off_ += applied.amount;
    const auto sold =
        std::find_if(sold_.begin(), sold_.end(), [&](const Sold& one) { return one.line->line_no == applied.line_no; });
    if (applied.line_no == 0 || sold == sold_.end()) continue;
    sold->promotion = at_least_zero(sold->promotion - applied.amount);
    if (!benefit) sold->coupons += at_least_zero(applied.amount);
  }
}

void BenefitBill::cover(Grant& grant, Sold& sold, std::vector<AdvisedDiscount>& discounts) {
  const Campaign& campaign = grant.campaign;
  const Benefit& benefit = *campaign.benefit;
  const Ratio ratio = ratio_of(sold.line->unit, benefit.unit);
  if (sold.quantity == 0 || ratio.parts == 0 || !covers(benefit, *sold.line)) return;
  grant.any_line = true;
  if (campaign.with_pos_promotions == PosPromotions::exclusive && sold.promotion != 0) return;
  grant.any_free = true;

  const Minor promotion = campaign.with_pos_promotions == PosPromotions::before ? 0 : sold.promotion;
  const Minor base = at_least_zero(sold.list - promotion - sold.given);
  const Minor left = at_least_zero(sold.list - sold.promotion - sold.coupons - sold.given);
  Thousandths quantity = sold.quantity;
  if (benefit.limit_quantity)
    quantity = static_cast<Thousandths>(std::min<Wide>(quantity, grant.quantity_left / ratio.parts));
  if (quantity == 0) return;
  const Minor part = quantity == sold.quantity ? base : scaled(base, quantity, sold.quantity);
  const Minor off = std::min({off_of(benefit, part, quantity, ratio), left, grant.cap_left});
  if (off <= 0) return;
  if (!sold.groups.take(campaign.group)) {
    grant.any_group = true;
    return;
  }
  grant.quantity_left -= Wide{quantity} * ratio.parts;
  grant.cap_left -= off;
  sold.given += off;
  discounts.push_back({&campaign, sold.line->line_no, quantity, off});
}

NotEarned BenefitBill::apply(const Campaign& campaign, std::vector<AdvisedDiscount>& discounts) {
  const Benefit& benefit = *campaign.benefit;
  const std::int64_t grams = grams_of(benefit.unit);
  const std::size_t before = discounts.size();
  Grant grant{campaign, Wide{benefit.limit_quantity.value_or(0)} * (grams == 0 ? 1 : grams),
              benefit.cap.value_or(kMaxAmount)};
  for (Sold& sold : sold_) cover(grant, sold, discounts);
  if (discounts.size() > before) return NotEarned::none;
  if (!grant.any_line) return benefit.skus.empty() ? NotEarned::category : NotEarned::sku;
  if (!grant.any_free) return NotEarned::pos_promotion;
  return grant.any_group ? NotEarned::group_taken : NotEarned::none;
}

BenefitOutcome judge_benefits(const std::vector<Campaign>& campaigns, const Checkout& checkout, const Verdict& verdict,
                              const StoreZone& zone, Instant now) {
  BenefitOutcome outcome;
  for (const Campaign& campaign : campaigns)
    if (campaign.benefit) outcome.outcomes.push_back({&campaign, NotEarned::not_a_sale, 0});
  std::sort(outcome.outcomes.begin(), outcome.outcomes.end(),
            [](const Earned& a, const Earned& b) { return goes_before(*a.campaign, *b.campaign); });
  if (outcome.outcomes.empty() || !may_earn(checkout)) return outcome;
  BenefitBill bill(checkout);
  Scene scene = scene_of(checkout, verdict, zone, now);
  scene.net += bill.already_off();
  for (Earned& one : outcome.outcomes) {
    one.reason = judge_conditions(*one.campaign, scene);
    if (one.reason == NotEarned::none) one.reason = bill.apply(*one.campaign, outcome.discounts);
  }
  return outcome;
}

std::string discount_code(const Campaign& campaign) { return "B" + std::to_string(campaign.number); }

bool is_discount_code(std::string_view code) {
  return code.size() >= 2 && code.size() <= 9 && code.front() == 'B' &&
         code.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

}  // namespace tillside
