#include "agent/domain/campaign.h"

namespace tillside {

const char* name_of(CampaignKind kind) {
  switch (kind) {
    case CampaignKind::next_visit:
      return "next_visit";
    case CampaignKind::welcome:
      return "welcome";
    case CampaignKind::pickup:
      return "pickup";
    case CampaignKind::benefit:
      return "benefit";
  }
  return "";
}

const char* name_of(RewardType type) {
  switch (type) {
    case RewardType::amount_off:
      return "amount_off";
    case RewardType::percent_off:
      return "percent_off";
    case RewardType::item:
      return "item";
  }
  return "";
}

const char* name_of(BenefitType type) {
  switch (type) {
    case BenefitType::percent_off:
      return "percent_off";
    case BenefitType::amount_off:
      return "amount_off";
    case BenefitType::price:
      return "price";
  }
  return "";
}

const char* name_of(Policy policy) { return policy == Policy::strict ? "strict" : "home"; }

const char* name_of(OnReturn rule) { return rule == OnReturn::trust ? "trust" : "withhold"; }

const char* name_of(PosPromotions rule) {
  constexpr const char* kNames[] = {"exclusive", "before", "after"};
  return kNames[static_cast<int>(rule)];
}

const char* name_of(NearBirthday near) {
  constexpr const char* kNames[] = {"day", "week", "month"};
  return kNames[static_cast<int>(near)];
}

const char* name_of(NotEarned reason) {
  constexpr const char* kNames[] = {
      "none",        "stopped",    "not_active",     "min_total",     "max_total",      "category", "sku",
      "weekday",     "hour",       "store",          "verdict",       "tier",           "guide",    "proof",
      "group_taken", "not_a_sale", "late",           "quota_used_up", "not_ready",      "clock",    "joined",
      "paid_member", "birthday",   "first_purchase", "pos_promotion", "returned_before"};
  static_assert(std::size(kNames) == kReasons);
  return kNames[static_cast<int>(reason)];
}

}  // namespace tillside
