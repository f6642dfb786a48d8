// Coupons that headquarters issues itself: welcomes of those who join, vouchers made in bulk. docs/coupons.md tells the
// rules; the ledger keeps them (ledger.h).
#pragma once

#include <atomic>
#include <span>
#include <string>
#include <vector>

#include "agent/domain/clock.h"
#include "sync/hq/hq_keys.h"
#include "sync/hq/ledger.h"
#include "sync/hq/workers.h"

namespace tillside::hq {

// Everything a shopper can be handed of one coupon.
struct MadeCoupon {
  OwnCoupon coupon;
  std::string id, url, typed, digits;
  std::string valid_until;  // the last day, of its store
};

// What a members file says of who is in which group: a file that tells `first_joined` tells the first join ever.
std::vector<JoinFact> joins_of(std::span<const MemberRow> rows, const std::map<std::string, StoreNumber>& stores);

// Any thread.
class IssuingDesk {
 public:
  IssuingDesk(Ledger& ledger, const HqKeys& keys, const Clock& clock, Workers& workers)
      : ledger_(ledger), keys_(keys), clock_(clock), workers_(workers) {}

  // As Ledger::issue_own(), at this time.
  Result<std::vector<MadeCoupon>> make(OwnOrder order);
  // Of an order that was made before; empty: there is none.
  std::vector<MadeCoupon> made(const std::string& order_id);
  // Welcomes those who earn it, at most one coupon each; returns how many. Cheap while no campaign welcomes anybody.
  Result<std::uint64_t> take_joins(std::span<const JoinFact> facts);
  // Now and then, on an io thread: has a worker end what is over, and tell of what members earned at tills.
  void tick();

 private:
  void tell_earned();
  std::vector<Campaign> welcomes() const;
  TypedCode typed(const CouponBody& body) const;
  std::vector<MadeCoupon> dress(std::vector<OwnCoupon> coupons) const;

  Ledger& ledger_;
  const HqKeys& keys_;
  const Clock& clock_;
  Workers& workers_;
  std::atomic<std::int64_t> next_ms_{0}, tell_ms_{0};  // monotonic
};

}  // namespace tillside::hq
