#include "agent/desk/issue_coupon.h"

#include "agent/domain/referral.h"

namespace tillside {

std::optional<IssuedCoupon> issue_coupon(store::Session& session, const Shop& shop, const Campaign& campaign,
                                         const CouponFor& whom, Instant now) {
  IssuedCoupon coupon;
  coupon.campaign = &campaign;
  CouponBody& body = coupon.body;
  body.kind = campaign.kind;
  body.key = shop.key;
  body.serial = session.issuing().next_serial(shop.key.generation);
  body.campaign = campaign.number;
  body.issued_minute = code_minutes(now);
  body.valid_from_hours = campaign.valid_after_hours;
  body.valid_days = campaign.valid_days;
  body.policy = campaign.policy;
  body.reward = campaign.reward.type;
  body.value = campaign.reward.type == RewardType::amount_off    ? campaign.reward.amount
               : campaign.reward.type == RewardType::percent_off ? campaign.reward.basis_points
                                                                 : campaign.reward.item;
  body.min_spend = campaign.reward.min_spend;
  body.home_store = shop.store_number;
  body.staff = whom.staff;
  body.person = whom.person;
  auto bytes = encode_coupon(body);
  if (!bytes) return std::nullopt;
  coupon.bytes = *bytes;
  coupon.signature = sign_coupon(coupon.bytes, shop.chain, shop.signing_key);
  session.issuing().store(body, coupon.bytes, coupon.signature);
  return coupon;
}

}  // namespace tillside
