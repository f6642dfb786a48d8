// Coupons of this till that headquarters asks for. Home moves one way: what is let go here headquarters alone decides,
// online, here as everywhere. Inside the writer's transactions: the mark and the event that tells of it are durable
// together.
#pragma once

#include <span>

#include "agent/domain/events.h"
#include "agent/store/session.h"

namespace tillside::store {

// Lets it go, unless it was spent here or a bill here has it; then it is remembered that it is wanted. Asking again is
// harmless, and has the answer of now.
Yielding yield_coupon(Session& session, KeyId key, std::uint32_t serial);

// Tells headquarters, in events of bounded size.
void tell_yielded(Session& session, std::span<const YieldFact> coupons, Instant at);

// A bill here has this coupon no more and did not spend it: if it is wanted it goes now, and headquarters is told.
void yield_if_wanted(Session& session, const CouponBytes& coupon, Instant at);

}  // namespace tillside::store
