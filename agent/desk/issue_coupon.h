// Signs one coupon of a campaign with this till's key and stores it. Inside the store's transaction.
#pragma once

#include <optional>

#include "agent/desk/answers.h"
#include "agent/desk/shop.h"
#include "agent/desk/signature_ahead.h"
#include "agent/store/session.h"

namespace tillside {

// Whom the coupon is credited to and for whom it is; 0 is the store, and the bearer.
struct CouponFor {
  StaffNumber staff = 0;
  std::uint32_t person = 0;
};

// The coupon of that serial as its code tells it.
CouponBody coupon_body(const Shop& shop, const Campaign& campaign, const CouponFor& whom, std::uint32_t serial,
                       Instant now);

// Takes a serial, not a unit: the caller has taken that. nullopt when the campaign's terms do not fit the code. `ahead`
// may hold the signature already.
std::optional<IssuedCoupon> issue_coupon(store::Session& session, const Shop& shop, const Campaign& campaign,
                                         const CouponFor& whom, Instant now, SignatureAhead* ahead = nullptr);

}  // namespace tillside
