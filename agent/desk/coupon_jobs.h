// Holding and releasing a coupon, and what a sale redeems. Inside the store's transaction.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/desk/grantor.h"
#include "agent/desk/jobs.h"
#include "agent/desk/redeemer.h"

namespace tillside {

// What POST /v1/coupons/check and hold say.
struct CouponCall {
  std::string code;
  std::optional<Checkout> checkout;  // absent: the bill is not judged
  std::string hold_id, lane_id, operator_id;
  bool take_over = false;
  bool as_live = false;                  // judged at the checkout's own time, as if it came in then
  bool hand_over = false;                // goods for a voucher, without a sale
  std::vector<CustomerId> customer_ids;  // hand_over: who stands there
};

// Everything a hold is judged by, beside the store.
struct HoldFacts {
  std::shared_ptr<const Shop> shop;
  CouponCall call;
  Shopper shopper;  // of call.checkout
  TrustedTime time;
  RedeemParts parts;
  bool reachable = false;  // headquarters answers
  Bytes16 rid{};           // fresh: names the reservation, should one be needed
};

// The bill of a call for judge_redemption(); nullopt without a checkout. Refers to the call's checkout.
std::optional<Bill> bill_of(const CouponCall& call, const Shopper& shopper);

// Leads to `ask` after the commit when headquarters must be asked: the answer is then up to it; else to `reply`.
using AskHeadquarters = std::function<void(Grantor::Question, ReplyTo)>;
// none: a voucher for goods, shown by whom it is for.
RedeemReason why_not_hand_over(const CouponBody& body, const RedeemParts& parts);
// What check, hold and release say of a hold as it is now.
std::string state_answer(store::Session& session, const store::Hold& hold, const Shop& shop);
std::unique_ptr<store::Job> hold_job(HoldFacts facts, Happenings& happenings, AskHeadquarters ask, ReplyTo reply);
// What headquarters said of a reservation; replies with the state of the hold that asked for it, unless that one has
// asked anew since.
struct Granted {
  std::string hold_id;
  Bytes16 rid{};
  Grantor::Answer answer;
  std::shared_ptr<const Shop> shop;
  Instant now;
};
std::unique_ptr<store::Job> granted_job(Granted granted, ReplyTo reply);
// A hold that is approved becomes a voucher handed over without a sale; any other state is only told.
std::unique_ptr<store::Job> hand_over_job(HoldFacts facts, Happenings& happenings, ReplyTo reply);
// `tell` is called after the commit with each reservation that is let go.
using TellReleased = std::function<void(Bytes16 rid, std::string hold_id)>;
std::unique_ptr<store::Job> release_job(std::string hold_id, std::shared_ptr<const Shop> shop, Instant now,
                                        Happenings& happenings, TellReleased tell, ReplyTo reply);
// Headquarters knows that this reservation is let go.
std::unique_ptr<store::Job> released_job(std::string hold_id);

// Ends a live hold: free again, or to be released at headquarters; what headquarters asked for meanwhile goes to it.
// Returns the state it has now.
store::HoldState end_hold(store::Session& session, store::Hold hold, Instant now);

// What a sale does to the coupons it names: marks are made, holds end.
struct SaleCoupon {
  std::size_t index = 0;  // in checkout.coupons; behind its end: held on the lane's screen
  std::string id;         // empty: unreadable
  std::uint32_t campaign = 0;
  RedeemReason reason = RedeemReason::none;  // none: redeemed
  Minor applied = 0;                         // not redeemed: taken off all the same, as far as the POS says
};
struct SaleCoupons {
  std::vector<RedeemedCoupon> redeemed;
  std::vector<CouponBody> bodies;  // of those
  std::vector<SaleCoupon> all;
};
SaleCoupons redeem_in_sale(store::Session& session, const Filed& filed, std::int64_t checkout);
// `"redeemed":[{"id","index","campaign","value"}],"unapproved":[{"id","index","reason","zh","en","applied"}]`
void append_sale_coupons(std::string& out, const SaleCoupons& coupons);
std::vector<UnapprovedCoupon> unapproved_of(const SaleCoupons& coupons);

// A void, the close of a lane's day or the end of a bill ends the holds made for it.
void end_holds_of(store::Session& session, const Checkout& checkout, Instant now);

}  // namespace tillside
