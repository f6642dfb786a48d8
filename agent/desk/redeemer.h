// From what a cashier scans or types to a question for agent/domain/redemption.h, with what the store remembers.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "agent/desk/shop.h"
#include "agent/domain/redemption.h"
#include "agent/store/session.h"

namespace tillside {

// Typed forms can be guessed, so few misses are allowed at a time. Any thread.
class TypedTries {
 public:
  static constexpr int kMisses = 20;  // a minute, at this till
  bool allowed(std::int64_t monotonic_ms);
  void missed(std::int64_t monotonic_ms);

 private:
  void refill(std::int64_t monotonic_ms);
  std::mutex mutex_;
  std::int64_t left_ms_ = kMisses * (kMinute / kMisses);  // what is left, in the time it takes to come back
  std::int64_t at_ms_ = 0;
};

// What of the agent redemption leans on. Pointers may be null: the shop's keys, no limit of tries.
struct RedeemParts {
  const KeyLookup* keys = nullptr;
  TypedTries* tries = nullptr;
  std::int64_t monotonic_ms = 0;
  // Who stands there, for a coupon that is named by its id alone.
  std::uint32_t person = 0;
  Proof proof = Proof::named;
};
// She proved who she is and it is hers.
inline bool is_hers(std::uint32_t person, const RedeemParts& parts) {
  return person != 0 && person == parts.person && parts.proof >= Proof::scanned;
}

// One code as it stands at this till.
struct ShownCoupon {
  ShownCode code;
  std::int64_t number = 0;  // store::coupon_number; 0 when it names no coupon
  CouponStanding standing;
  const Campaign* terms = nullptr;          // in the shop handed in
  RedeemReason doubt = RedeemReason::none;  // settled before any rule is asked
  TillNumber typed_till = 0;                // of a typed form whose coupon is not here
};

// Reads a code and everything remembered of its coupon.
ShownCoupon look_up(store::Session& session, const Shop& shop, const RedeemParts& parts, std::string_view text);
ShownCoupon look_up(store::Session& session, const Shop& shop, const CouponBytes& known);
// One that headquarters told of, as if its owner had named it by its id.
ShownCoupon look_up(store::Session& session, const Shop& shop, const store::ToldCoupon& told);
// The coupon this code names, as far as the code itself tells.
bool may_be(const ShownCode& code, const CouponBytes& coupon);
// The reading of `text` that may be this coupon, if one is.
std::optional<ShownCode> reading_of(std::string_view text, const CouponBytes& coupon);

// The question without bill, hold and caps. What it points to must outlive it.
RedeemQuestion question_of(const ShownCoupon& shown, const Shop& shop, const RedeemParts& parts,
                           const TrustedTime& time);
// judge_redemption(), after what look_up() settled.
RedeemDecision judge_shown(const ShownCoupon& shown, const RedeemQuestion& question);

// The very coupon of that hold, not another that claims its number.
bool is_held_by(const ShownCoupon& shown, const store::Hold& hold);

// Bills as holds name them: by id, else by number; empty when the checkout has neither yet.
std::string bill_name(const Checkout& checkout);
// Not two different ids, not two different numbers.
bool may_be_same_bill(std::string_view a, std::string_view b);

// The answer of check, hold and release (docs/redemption.md).
struct CouponAnswer {
  std::string_view state;
  RedeemDecision decision;
  std::string_view hold_id;
  std::string_view lane;  // held or asking there
};
void append_coupon_answer(std::string& out, const CouponAnswer& answer, const ShownCoupon& shown, const Shop& shop);

}  // namespace tillside
