// Where a coupon is checked, held and released. Part of the desk.
#pragma once

#include <string>

#include "agent/desk/coupon_jobs.h"
#include "agent/domain/clock.h"

namespace tillside {

// Any thread. Parts outlive the counter, and every reply comes before the store's writer ends.
class CouponCounter {
 public:
  struct Parts {
    store::Store* store = nullptr;
    MemberLookup* members = nullptr;
    const ShopWindow* shop = nullptr;
    const Clock* clock = nullptr;
    Happenings* happenings = nullptr;
    const KeyLookup* keys = nullptr;  // null: the directory of the shop
    Grantor* grantor = nullptr;       // null: headquarters is never asked
  };
  explicit CouponCounter(Parts parts);

  // Writes nothing. The document's fields are validated as those of advise.
  Reply check(CouponCall call);
  void hold(CouponCall call, ReplyTo reply);
  void release(std::string hold_id, ReplyTo reply);
  // Headquarters was in contact: tells it what is let go and was not told yet.
  void take_up();

  // Goods for a voucher without a sale: as hold(), then spent. Repeated with the same hold_id: what became of it.
  void hand_over(CouponCall call, ReplyTo reply);
  // Appends a JSON list: what a shopper who proved who she is could redeem on this bill, each as check() answers it.
  // Nothing is read for others, and for most of those who have none.
  void append_usable(std::string& out, const Checkout& checkout, const Shopper& shopper, const Shop& shop,
                     const TrustedTime& time);

  RedeemParts redeeming(const Shopper& shopper);

 private:
  Result<HoldFacts> facts(CouponCall call);
  bool reachable() const { return parts_.grantor != nullptr && parts_.grantor->reachable(); }
  void ask(const Grantor::Question& question, const std::string& hold_id, ReplyTo reply);
  void let_go(const Bytes16& rid, const std::string& hold_id);

  const Parts parts_;
  TypedTries tries_;
};

}  // namespace tillside
