// Signs one coupon of a campaign with this till's key and stores it. Inside the store's transaction.
#pragma once

#include <optional>

#include "agent/desk/answers.h"
#include "agent/desk/shop.h"
#include "agent/store/session.h"

namespace tillside {

// Whom the coupon is credited to and for whom it is; 0 is the store, and the bearer.
struct CouponFor {
  StaffNumber staff = 0;
  std::uint32_t person = 0;
};

// Takes a serial, not a unit: the caller has taken that. nullopt when the campaign's terms do not fit the code.
std::optional<IssuedCoupon> issue_coupon(store::Session& session, const Shop& shop, const Campaign& campaign,
                                         const CouponFor& whom, Instant now);

}  // namespace tillside
