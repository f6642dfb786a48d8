#include "agent/desk/issue_coupon.h"

#include "agent/domain/coupon_terms.h"
#include "agent/domain/referral.h"

namespace tillside {

CouponBody coupon_body(const Shop& shop, const Campaign& campaign, const CouponFor& whom, std::uint32_t serial,
                       Instant now) {
  CouponBody body = body_of(campaign, now);
  body.key = shop.key;
  body.serial = serial;
  body.home_store = shop.store_number;
  body.staff = whom.staff;
  body.person = whom.person;
  return body;
}

std::optional<IssuedCoupon> issue_coupon(store::Session& session, const Shop& shop, const Campaign& campaign,
                                         const CouponFor& whom, Instant now, SignatureAhead* ahead) {
  IssuedCoupon coupon;
  coupon.campaign = &campaign;
  coupon.body = coupon_body(shop, campaign, whom, session.issuing().next_serial(shop.key.generation), now);
  const auto bytes = encode_coupon(coupon.body);
  if (!bytes) return std::nullopt;
  coupon.bytes = *bytes;
  const auto made = ahead != nullptr ? ahead->take(coupon.bytes) : std::nullopt;
  coupon.signature = made ? *made : sign_coupon(coupon.bytes, shop.chain, shop.signing_key);
  session.issuing().store(coupon.body, coupon.bytes, coupon.signature);
  return coupon;
}

}  // namespace tillside
