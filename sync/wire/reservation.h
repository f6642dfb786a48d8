// POST /v1/reservations: headquarters' word on a coupon that the till may not decide alone. docs/wire.md has an
// example.
//
// The till makes `rid` durable before it asks. Each verb is idempotent by it: the same reserve has its first answer,
// and a release that arrives first leaves a tombstone, so that a reserve behind it is answered "released".
#pragma once

#include <string>
#include <string_view>

#include "agent/domain/campaign.h"
#include "agent/domain/coupon.h"
#include "agent/domain/ids.h"
#include "agent/domain/result.h"
#include "agent/domain/time.h"

namespace tillside::wire {

struct ReservationRequest {
  bool release = false;  // verb: "reserve" or "release"
  Bytes16 rid{};
  // reserve only:
  CouponText coupon;
  Policy policy = Policy::home;  // as strict as the coupon, or stricter when the till's clock cannot be trusted
  Minor value = 0;               // what it takes off
};

enum class ReservationState : std::uint8_t { granted = 1, refused = 2, released = 3, redeemed = 4 };
const char* name_of(ReservationState state);

struct ReservationAnswer {
  ReservationState state = ReservationState::refused;
  std::string reason;  // refused: a RedeemReason by name; a newer headquarters may know more
  Instant time;
};

std::string write(const ReservationRequest&);
std::string write(const ReservationAnswer&);
Result<ReservationRequest> read_reservation_request(std::string_view json);
Result<ReservationAnswer> read_reservation_answer(std::string_view json);

}  // namespace tillside::wire
