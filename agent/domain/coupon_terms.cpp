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

}  // namespace tillside
