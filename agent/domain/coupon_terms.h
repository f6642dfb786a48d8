// What a coupon's code says of its worth, in the words of a campaign.
#pragma once

#include "agent/domain/campaign.h"
#include "agent/domain/coupon.h"

namespace tillside {

// The code carries type, value and minimum spend. A cap and an item's worth stand in the campaign alone: absent and 0.
Reward reward_of(const CouponBody& body);

}  // namespace tillside
