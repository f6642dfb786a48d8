// Taking a sale back, whole or in parts, and giving a return back. docs/redemption.md ("Taking a sale back").
//
// Everything follows from cumulative sums: what is given back so far is a function of the quantities returned so far,
// so any order of partial returns comes to what one return comes to, to the minor unit, and a hundred returns of one
// piece to one return of a hundred. What was paid is shared out over the lines in the same way, so the parts add up to
// the whole. What no longer is earned is a function of what is left. Pure.
#pragma once

#include <span>
#include <vector>

#include "agent/domain/campaign.h"
#include "agent/domain/checkout.h"
#include "agent/domain/kept_sale.h"

namespace tillside {

// What is kept of a checkout that is filed: its goods, with what voided lines cancelled taken off. The caller adds the
// coupons. Nothing (is_sale false) for what is no sale.
KeptSale keep_sale(const Checkout& checkout);

// What was paid for each line: worth shared out by net amount, cumulatively rounded, so that the shares add up to
// worth.
std::vector<Minor> shares_of(const KeptSale& sale);
// What is given back so far: 0 to worth, and rising with every quantity and amount returned.
Minor refund_so_far(const KeptSale& sale);
// What of the sale's money still stands; below 0 when goods returned in the same checkout made up for more. Judged by
// what the POS says it gave back where that is more.
Minor money_left(const KeptSale& sale);
bool nothing_left(const KeptSale& sale);
// Whether what is left would still earn a coupon of these conditions. Only conditions on money and goods are asked:
// the others (time, store, person) held when the sale was made.
bool still_earns(const Conditions& conditions, const KeptSale& sale);

struct LineRefund {
  std::int32_t line_no = 0, original = 0;  // original 0: none named
  Thousandths quantity = 0;                // taken back
  Thousandths over = 0;                    // returned beyond what was sold and not yet returned: refunds nothing
  Minor amount = 0;                        // to give back for it, before claw-backs
};
struct TakingBack {
  Taken taken;
  std::vector<LineRefund> lines;
  Minor refund = 0;   // to give back in all; below 0 when a return is given back
  bool over = false;  // more came back than was sold
};

// Each changes `sale` and says what changed.
TakingBack take_back(KeptSale& sale, std::span<const ReturnedLine> lines, Minor told);
TakingBack take_back_whole(KeptSale& sale);
// A return is given back.
TakingBack give_back(KeptSale& sale, const Taken& taken);

// How a coupon of ours stands when a sale is settled.
enum class CouponFate : std::uint8_t {
  free,          // out there, unspent, ours to decide
  spent,         // redeemed here: worth `value` at redemption
  gone,          // revoked already
  out_of_reach,  // its home is elsewhere: yielded to headquarters, or of an earlier life of this till
};
struct CouponFacts {
  CouponFate fate = CouponFate::free;
  Minor value = 0;                  // spent: what it took off
  Minor worth = 0;                  // out_of_reach: the most it can take off
  bool withhold = true;             // out_of_reach: keep `worth` back from the refund, as the campaign says
  const Campaign* terms = nullptr;  // null: not known any more, so nothing shows that it is still earned
};

struct Settlement {
  std::vector<std::size_t> revoked, clawed_back, pending;  // into earned: newly so
  std::vector<std::size_t> earned_again;                   // into earned: `standing` is live again
  std::vector<std::size_t> to_reissue;                     // into earned: earned again, but its coupon is revoked
  std::vector<std::size_t> to_replace;                     // into used: the whole sale is back
  std::vector<std::size_t> replacement_revoked;            // into used: the sale stands again; `replacement` is cleared
  std::vector<KeptSerial> replacements_gone;               // the coupons of replacement_revoked, unspent: revoke them
  Minor collected = 0;                                     // kept back from this refund; below 0: given back with it
  Minor owed = 0;                                          // charged in all, and by no refund covered yet
};

// Brings the coupons of a sale in line with what is left of it; changes standings, charges and `collected` of `sale`.
// `earned` and `replacements` stand parallel to sale.earned and to the replacements of sale.used. `refund` is this
// document's. Coupons to reissue and to replace are the caller's to issue and to write into `sale`.
Settlement settle(KeptSale& sale, std::span<const CouponFacts> earned, std::span<const CouponFacts> replacements,
                  Minor refund);

}  // namespace tillside
