#include <algorithm>
#include <charconv>

#include "agent/domain/redemption.h"

namespace tillside {
namespace {

Minor coupons_named_off(const Checkout& checkout) {
  Minor sum = 0;
  for (const AppliedDiscount& one : checkout.applied_discounts) {
    if (is_coupon_id(one.code)) sum += std::max<Minor>(one.amount, 0);
  }
  return sum;
}

bool cancelled(const Checkout& checkout, const Line& line) {
  return std::any_of(checkout.lines.begin(), checkout.lines.end(), [&](const Line& other) {
    return other.kind == LineKind::voided && other.sku == line.sku && other.amount == -line.amount;
  });
}

Minor price_of_one(const Line& line) {
  const Minor whole = line.amount - line.discount;
  return line.quantity > 1000 ? std::min(whole, line.unit_price) : whole;
}

}  // namespace

bool is_coupon_id(std::string_view text) {
  return text.size() == 14 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

Bill bill_at_total(const Checkout& checkout) {
  Bill bill;
  bill.checkout = &checkout;
  bill.left = std::max<Minor>(checkout.totals.net, 0);
  bill.spend = std::max<Minor>(checkout.totals.net + coupons_named_off(checkout), 0);
  return bill;
}

Bill bill_at_close(const Checkout& checkout, Minor worth) {
  Bill bill;
  bill.checkout = &checkout;
  const Minor named = coupons_named_off(checkout);
  const Minor off = named > 0 ? named : std::clamp<Minor>(checkout.totals.discount, 0, std::max<Minor>(worth, 0));
  bill.spend = bill.left = std::max<Minor>(checkout.totals.net + off, 0);
  return bill;
}

Minor worth_of(const Reward& reward) {
  switch (reward.type) {
    case RewardType::amount_off:
      return reward.amount;
    case RewardType::percent_off:
      return reward.cap.value_or(0);
    case RewardType::item:
      return reward.worth;
  }
  return 0;
}

const Line* line_of_item(const Checkout& checkout, std::uint32_t item) {
  for (const Line& line : checkout.lines) {
    std::uint32_t number = 0;
    const char* const end = line.sku.data() + line.sku.size();
    const auto read = std::from_chars(line.sku.data(), end, number);
    const bool is_it = read.ec == std::errc() && read.ptr == end && number == item;
    if (is_it && line.kind == LineKind::sale && line.amount > 0 && !cancelled(checkout, line)) return &line;
  }
  return nullptr;
}

Discount discount_of(const Reward& reward, const Bill& bill) {
  Discount discount;
  discount.missing = std::max<Minor>(reward.min_spend - bill.spend, 0);
  if (discount.missing > 0) return discount;
  switch (reward.type) {
    case RewardType::amount_off:
      discount.amount = reward.amount;
      break;
    case RewardType::percent_off:
      discount.amount = share(bill.left, 10'000 - reward.basis_points);
      if (reward.cap) discount.amount = std::min(discount.amount, *reward.cap);
      break;
    case RewardType::item:
      if (const Line* line = bill.checkout ? line_of_item(*bill.checkout, reward.item) : nullptr) {
        discount.amount = price_of_one(*line);
        if (reward.worth > 0) discount.amount = std::min(discount.amount, reward.worth);
      }
      break;
  }
  discount.amount = std::clamp<Minor>(discount.amount, 0, std::max<Minor>(bill.left, 0));
  return discount;
}

}  // namespace tillside
