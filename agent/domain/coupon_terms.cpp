#include "agent/domain/coupon_terms.h"

namespace tillside {

Reward reward_of(const CouponBody& body) {
  Reward reward;
  reward.type = body.reward;
  reward.min_spend = body.min_spend;
  if (body.reward == RewardType::amount_off) reward.amount = body.value;
  if (body.reward == RewardType::percent_off) reward.basis_points = static_cast<std::int32_t>(body.value);
  if (body.reward == RewardType::item) reward.item = static_cast<std::uint32_t>(body.value);
  return reward;
}

CouponBody body_of(const Campaign& campaign, Instant now) {
  const Reward& reward = campaign.reward;
  CouponBody body;
  body.kind = campaign.kind;
  body.campaign = campaign.number;
  body.issued_minute = code_minutes(now);
  body.valid_from_hours = campaign.valid_after_hours;
  body.valid_days = campaign.valid_days;
  body.policy = campaign.policy;
  body.reward = reward.type;
  body.value = reward.type == RewardType::amount_off    ? reward.amount
               : reward.type == RewardType::percent_off ? reward.basis_points
                                                        : reward.item;
  body.min_spend = reward.min_spend;
  return body;
}

}  // namespace tillside
