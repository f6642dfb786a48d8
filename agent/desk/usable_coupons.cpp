#include "agent/desk/coupon_counter.h"

namespace tillside {
namespace {

// Over, used up, or not what this till issued: nobody is told of it.
bool is_past(RedeemReason reason) {
  return reason == RedeemReason::spent || reason == RedeemReason::revoked || reason == RedeemReason::expired ||
         reason == RedeemReason::not_a_code || reason == RedeemReason::forged;
}

}  // namespace

void CouponCounter::append_usable(std::string& out, const Checkout& checkout, const Shopper& shopper, const Shop& shop,
                                  const TrustedTime& time) {
  const Verdict& who = shopper.verdict;
  out += '[';
  const bool proved = who.proof >= Proof::scanned && who.person != 0;
  if (!proved || !parts_.store->persons().may_have(who.person)) {
    out += ']';
    return;
  }
  const std::size_t begun = out.size();
  const bool asks = reachable();  // reads the store itself
  const Status read = parts_.store->read([&](store::Session& session) {
    Bill bill = bill_at_total(checkout);
    bill.person = who.person;
    bill.proof = who.proof;
    const RedeemCaps caps = session.redeeming().caps();
    for (const store::ToldCoupon& told : session.told().of_person(who.person)) {
      const ShownCoupon shown = look_up(session, shop, told);
      RedeemQuestion question = question_of(shown, shop, redeeming(shopper), time);
      question.bill = &bill;
      question.caps = caps;
      question.reachable = asks;
      CouponAnswer answer;
      answer.decision = judge_shown(shown, question);
      if (is_past(answer.decision.reason)) continue;
      answer.state = answer.decision.ruling == Ruling::refuse ? "refused" : "free";
      answer.lane = shown.standing.lane;
      if (out.size() > begun) out += ',';
      append_coupon_answer(out, answer, shown, shop);
    }
  });
  if (!read) out.resize(begun);
  out += ']';
}

}  // namespace tillside
