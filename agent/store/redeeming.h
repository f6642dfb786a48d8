// Coupons shown at this till: holds, and marks of what was spent or given out of its hands.
//
// A hold survives restarts and ends only by what ends it (docs/redemption.md). Marks are flat rows by coupon number, so
// that ten million of them are looked up as fast as a thousand. Part of a Session: same thread, same transactions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/redemption.h"
#include "agent/store/sqlite.h"

namespace tillside::store {

class Meta;

// till 20 bits, key generation 4, serial 32: one number a coupon.
inline std::int64_t coupon_number(KeyId key, std::uint32_t serial) {
  return static_cast<std::int64_t>((static_cast<std::uint64_t>(key.packed()) << 32) | serial);
}

// releasing: released here; headquarters, which reserved it, is still to be told.
enum class HoldState : std::uint8_t { held = 1, asking = 2, released = 3, spent = 4, refused = 5, releasing = 6 };

struct Hold {
  std::string hold_id;
  CouponBytes coupon{};
  HoldState state = HoldState::held;
  std::string lane, operator_id;
  std::string bill;            // which bill it was made for, as Redeeming::release_bill() is told; empty: none named
  Minor discount = 0;          // as it was approved
  std::optional<Bytes16> rid;  // the reservation, when home is elsewhere
  RedeemReason reason = RedeemReason::none;  // refused
};

struct Spent {
  std::int64_t checkout = 0;  // FiledCheckout::id
  Minor value = 0;            // what it took off
};

class Redeeming {
 public:
  Redeeming(Database& database, Meta& meta);

  std::optional<Hold> hold(std::string_view hold_id);
  std::optional<Hold> live_hold(std::int64_t coupon);  // held or asking
  void put_hold(const Hold& hold);                     // new, or its new state
  void forget_hold(std::string_view hold_id);          // one that was refused: its id may be used anew
  // Live holds of a lane, or for a bill, oldest first.
  void end_all_holds();                   // of an epoch that ended: what it promised nobody may keep
  std::vector<Hold> with_headquarters();  // asking or releasing: to be taken up again after a restart
  std::vector<Hold> holds_of_lane(std::string_view lane);
  std::vector<Hold> holds_for_bill(std::string_view bill);

  std::optional<Spent> spent(std::int64_t coupon);
  void spend(std::int64_t coupon, const Spent& spent);
  bool yielded(std::int64_t coupon);
  void yield(std::int64_t coupon);  // for good; no longer wanted
  bool wanted(std::int64_t coupon);
  void want(std::int64_t coupon);

  void forget() { live_known_ = -1; }  // what is remembered of the tables: after a rollback

  // Since the last contact.
  RedeemCaps caps();
  void count(Minor value);
  void uncount(Minor value);
  void reset_caps();

 private:
  std::vector<Hold> holds(Statement& statement, std::string_view by);
  bool any_live();
  int live_known_ = -1;  // whether a hold is live, -1: ask
  Database& database_;
  Meta& meta_;
  Statement hold_, live_, put_, of_lane_, for_bill_, open_, spent_, spend_, yielded_, yield_, wanted_, want_, forget_,
      any_live_;
};

}  // namespace tillside::store
