// What a coupon's code says of its worth, in the words of a campaign.
#pragma once

#include "agent/domain/campaign.h"
#include "agent/domain/coupon.h"

namespace tillside {

// The code carries type, value and minimum spend. A cap and an item's worth stand in the campaign alone: absent and 0.
Reward reward_of(const CouponBody& body);
// The other way: the code of a coupon of this campaign, issued now, without key, serial, store, staff and person.
CouponBody body_of(const Campaign& campaign, Instant now);

}  // namespace tillside
