#include "agent/store/yielding.h"

#include <algorithm>

namespace tillside::store {
namespace {

constexpr std::size_t kCouponsAnEvent = 100;

}  // namespace

Yielding yield_coupon(Session& session, KeyId key, std::uint32_t serial) {
  Redeeming& redeeming = session.redeeming();
  const std::int64_t number = coupon_number(key, serial);
  if (redeeming.yielded(number)) return Yielding::gone;
  if (redeeming.spent(number)) return Yielding::spent;
  if (redeeming.live_hold(number)) {
    redeeming.want(number);
    return Yielding::held;
  }
  redeeming.yield(number);
  return Yielding::gone;
}

void tell_yielded(Session& session, std::span<const YieldFact> coupons, Instant at) {
  while (!coupons.empty()) {
    const auto part = coupons.first(std::min(coupons.size(), kCouponsAnEvent));
    std::string event;
    append_yield_event(event, part, at);
    session.events().append(event, at);
    coupons = coupons.subspan(part.size());
  }
}

void yield_if_wanted(Session& session, const CouponBytes& coupon, Instant at) {
  const auto body = decode_coupon(coupon);
  if (!body || !session.redeeming().wanted(coupon_number(body->key, body->serial))) return;
  const Yielding what = yield_coupon(session, body->key, body->serial);
  if (what == Yielding::held) return;
  const YieldFact fact{body->key.till, body->key.generation, body->serial, what};
  tell_yielded(session, {&fact, 1}, at);
}

}  // namespace tillside::store
