// What a document takes back of sales remembered here: read and decided first, which a preview shows, then carried out
// inside the store's transaction. The arithmetic is agent/domain/reversal.h; docs/redemption.md tells the whole.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/desk/answers.h"
#include "agent/desk/filing.h"
#include "agent/desk/issue_coupon.h"
#include "agent/desk/shop.h"
#include "agent/domain/events.h"
#include "agent/domain/reversal.h"
#include "agent/domain/trusted_clock.h"
#include "agent/store/session.h"

namespace tillside {

// A coupon that is to be issued: for one that was spent on the sale, or that was revoked and is earned again.
struct CouponToIssue {
  std::size_t sale = 0;   // into TakenBack::sales
  bool replaces = false;  // true: `index` is into used, false: into earned
  std::size_t index = 0;
  const Campaign* campaign = nullptr;
  CouponFor whom;
};

struct SaleTakenFrom {
  store::FiledCheckout filed;
  std::string identity;
  Kept kept;  // as it will be
};

struct RefundLine {
  std::size_t sale = 0;
  LineRefund line;
};

struct TakenBack {
  Kept kept;  // of the document itself: what giving it back needs
  std::vector<SaleTakenFrom> sales;
  std::vector<std::int64_t> undone;  // reversals that this document gives back
  std::vector<RefundLine> lines;
  Minor refund = 0;     // to give back, before `collected`; below 0: to be paid again
  Minor collected = 0;  // kept back from it; below 0: given back with it
  Minor owed = 0;       // charged, and covered by no refund yet
  std::vector<RevokedCoupon> revoked;
  std::vector<ClawedBack> clawed_back;
  std::vector<PendingCoupon> pending;
  std::vector<CouponToIssue> to_issue;
  bool over = false;     // more than was sold
  bool unknown = false;  // a sale it names, or should name, is not known here

  std::string original() const { return sales.empty() ? std::string() : sales.front().identity; }
};

struct TakingBackParts {
  const Checkout* checkout = nullptr;
  const Shop* shop = nullptr;
  const char* why_not_issue = "";  // why no coupon may be issued now, as a reason of a pending one; "": it may
};
// A return or a void, or a sale with goods that came back: lines of kind `returned` that name their original.
bool takes_back(const Checkout& checkout);
// "late", "clock" or "".
const char* why_not_issue(bool late, const TrustedTime& time, Instant now);

// Reads only. `sales` holds every sale it touches, and the reversal that a void gives back.
TakenBack decide_taking_back(store::Session& session, const TakingBackParts& parts);

// What was issued, parallel to the coupons it is for.
struct Restored {
  IssuedCoupon coupon;
  ReplacementFact fact;
};
// Writes what was decided, except `taken.kept`, which the caller files with the document (row `document`). Coupons that
// cannot be issued become pending.
std::vector<Restored> carry_out(store::Session& session, const TakingBackParts& parts, TakenBack& taken,
                                std::int64_t document, Instant now);

// What headquarters is told of it. `told` refers to `taken`, `restored` and `replacements`, which is filled here.
void tell_taken_back(CheckoutFacts& told, const TakenBack& taken, std::span<const Restored> restored,
                     std::vector<ReplacementFact>& replacements);

// What decide_taking_back() says, as append_taken_back() words it, in braces. Writes nothing. On the reading
// connection.
std::string preview_taking_back(store::Session& reader, const TakingBackParts& parts);

// A sale arrives: applies the returns that came before it to what is kept of it. True when there were any.
bool apply_early_returns(store::Session& session, const Checkout& checkout, const store::FiledCheckout& file,
                         KeptSale& sale);

// `"original":…,"revoked":[…],"restored":[…],"clawed_back":n,"owed":n,"claw_backs":[…],"pending":[…],"refund":{…}`;
// coupons that are still to be issued as promises.
void append_taken_back(std::string& out, const TakenBack& taken, std::span<const Restored> restored, const Shop& shop);

}  // namespace tillside
