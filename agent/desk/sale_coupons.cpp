#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "agent/desk/coupon_jobs.h"
#include "agent/domain/checkout_json.h"

namespace tillside {
namespace {

using Mark = CouponStanding::Mark;

Minor named_off(const Checkout& checkout, std::string_view id) {
  Minor sum = 0;
  for (const AppliedDiscount& one : checkout.applied_discounts) {
    const bool same = std::equal(one.code.begin(), one.code.end(), id.begin(), id.end(),
                                 [](char a, char b) { return (a >= 'A' && a <= 'F' ? a - 'A' + 'a' : a) == b; });
    if (same) sum += std::max<Minor>(one.amount, 0);
  }
  return sum;
}

constexpr std::int64_t kJustNow = 2 * kMinute;

// A door that only listens names no coupon: what the cashier held on the lane's screen for the next sale is meant. Not
// by a sale that is told later: the hold may be younger than the sale.
bool takes_what_is_held(const Filed& filed) {
  const std::string_view adapter = filed.checkout.source.adapter;
  const bool only_listens = adapter == "print" || adapter == "journal";
  return only_listens && filed.time.now.ms - filed.checkout.occurred_at.ms <= kJustNow && !filed.checkout.training;
}

// The coupons of one sale, in the order the POS names them, then what is held for it.
class Sale {
 public:
  Sale(store::Session& session, const Filed& filed, std::int64_t checkout)
      : session_(session), filed_(filed), checkout_(checkout) {}

  SaleCoupons redeem() {
    look_up_all();
    for (std::size_t i = 0; i < shown_.size(); ++i) settle(i);
    return std::move(out_);
  }

 private:
  void look_up_all() {
    Minor worth = 0;
    for (const std::string& code : filed_.checkout.coupons) {
      shown_.push_back(look_up(session_, *filed_.shop, filed_.redeeming, code));
      if (shown_.back().terms != nullptr) worth += worth_of(shown_.back().terms->reward);
    }
    if (takes_what_is_held(filed_)) look_up_held(worth);
    bill_ = bill_at_close(filed_.checkout, worth);
    bill_.person = filed_.shopper.verdict.person;
    bill_.proof = filed_.shopper.verdict.proof;
  }

  bool is_named(const store::Hold& hold) const {
    return std::any_of(shown_.begin(), shown_.end(), [&](const ShownCoupon& one) { return is_held_by(one, hold); });
  }

  void look_up_held(Minor& worth) {
    for (const store::Hold& hold : session_.redeeming().holds_of_lane(filed_.checkout.lane_id)) {
      const bool for_whatever_is_sold_next = hold.state == store::HoldState::held && hold.bill.empty();
      if (!for_whatever_is_sold_next || is_named(hold)) continue;
      shown_.push_back(look_up(session_, *filed_.shop, hold.coupon));
      if (shown_.back().terms != nullptr) worth += worth_of(shown_.back().terms->reward);
    }
  }

  // The hold this sale has on it: made at this lane, not for another bill.
  std::optional<store::Hold> own_hold(const ShownCoupon& shown) {
    if (shown.doubt != RedeemReason::none || shown.standing.mark != Mark::held) return std::nullopt;
    auto hold = session_.redeeming().live_hold(shown.number);
    if (!hold || !is_held_by(shown, *hold) || hold->lane != filed_.checkout.lane_id) return std::nullopt;
    if (!hold->bill.empty() && !may_be_same_bill(hold->bill, bill_name(filed_.checkout))) return std::nullopt;
    return hold;
  }

  RedeemDecision judge(const ShownCoupon& shown, const std::optional<store::Hold>& hold) {
    RedeemDecision decision;
    decision.reason = RedeemReason::training;
    if (filed_.checkout.training) return decision;
    decision.reason = RedeemReason::spent;
    if (shown.number != 0 && taken_.contains(shown.number)) return decision;
    RedeemQuestion question = question_of(shown, *filed_.shop, filed_.redeeming, time());
    bill_.used = used_;
    question.bill = &bill_;
    question.caps = session_.redeeming().caps();
    if (!hold) return judge_shown(shown, question);
    question.hold_id = hold->hold_id;
    return judge_held(question);
  }

  // A sale that comes late is judged at its own time: it was approved, or not, when the shopper stood there.
  TrustedTime time() const {
    TrustedTime time = filed_.time;
    time.now = filed_.late ? filed_.checkout.occurred_at : filed_.now;
    return time;
  }

  void settle(std::size_t index) {
    const ShownCoupon& shown = shown_[index];
    auto hold = own_hold(shown);
    const RedeemDecision decision = judge(shown, hold);
    SaleCoupon told;
    told.index = index;
    if (shown.number != 0) told.id = coupon_id(shown.code.body), told.campaign = shown.code.body.campaign;
    const Minor named = told.id.empty() ? 0 : named_off(filed_.checkout, told.id);
    if (decision.ruling == Ruling::approve) {
      take(shown, hold, named > 0 ? std::min(named, decision.discount) : decision.discount);
    } else {
      told.reason = decision.reason;
      told.applied = named;
    }
    out_.all.push_back(std::move(told));
  }

  void take(const ShownCoupon& shown, std::optional<store::Hold>& hold, Minor off) {
    const CouponBody& body = shown.code.body;
    const bool handed_over = off == 0 && shown.terms->kind == CampaignKind::pickup;
    const Minor value = handed_over ? shown.terms->reward.worth : off;
    session_.redeeming().spend(shown.number, {checkout_, value});
    RedeemedCoupon redeemed{body.key, body.serial, body.campaign, value, std::nullopt};
    if (hold) {
      redeemed.rid = hold->rid;
      hold->state = store::HoldState::spent;
      hold->discount = value;
      session_.redeeming().put_hold(*hold);
    } else {
      session_.redeeming().count(value);
    }
    out_.redeemed.push_back(redeemed);
    out_.bodies.push_back(body);
    taken_.insert(shown.number);
    used_.push_back(shown.terms);
    bill_.left -= std::min(off, bill_.left);
  }

  store::Session& session_;
  const Filed& filed_;
  const std::int64_t checkout_;
  std::vector<ShownCoupon> shown_;
  std::vector<const Campaign*> used_;
  std::set<std::int64_t> taken_;
  Bill bill_;
  SaleCoupons out_;
};

}  // namespace

SaleCoupons redeem_in_sale(store::Session& session, const Filed& filed, std::int64_t checkout) {
  const bool none = filed.checkout.coupons.empty() && !takes_what_is_held(filed);
  return none ? SaleCoupons() : Sale(session, filed, checkout).redeem();
}

std::vector<UnapprovedCoupon> unapproved_of(const SaleCoupons& coupons) {
  std::vector<UnapprovedCoupon> unapproved;
  for (const SaleCoupon& one : coupons.all) {
    if (one.reason != RedeemReason::none) unapproved.push_back({one.id, name_of(one.reason), one.applied});
  }
  return unapproved;
}

void append_sale_coupons(std::string& out, const SaleCoupons& coupons) {
  out += "\"redeemed\":[";
  std::size_t next = 0;
  for (const SaleCoupon& one : coupons.all) {
    if (one.reason != RedeemReason::none) continue;
    out += fmt::format(R"({}{{"id":"{}","index":{},"campaign":{},"value":{}}})", next == 0 ? "" : ",", one.id,
                       one.index, one.campaign, coupons.redeemed[next].value);
    ++next;
  }
  out += "],\"unapproved\":[";
  bool first = true;
  for (const SaleCoupon& one : coupons.all) {
    if (one.reason == RedeemReason::none) continue;
    out += fmt::format(R"({}{{"id":{},"index":{},"reason":"{}","zh":)", first ? "" : ",",
                       one.id.empty() ? "null" : "\"" + one.id + "\"", one.index, name_of(one.reason));
    append_json_string(out, reason_words_zh(one.reason));
    out += ",\"en\":";
    append_json_string(out, reason_words_en(one.reason));
    out += fmt::format(R"(,"applied":{}}})", one.applied);
    first = false;
  }
  out += ']';
}

void end_holds_of(store::Session& session, const Checkout& checkout, Instant now) {
  if (checkout.training) return;
  const bool ends_bill = checkout.state == CheckoutState::completed || checkout.state == CheckoutState::exchanged ||
                         checkout.state == CheckoutState::voided;
  if (checkout.state == CheckoutState::day_close) {
    for (store::Hold& hold : session.redeeming().holds_of_lane(checkout.lane_id))
      end_hold(session, std::move(hold), now);
  }
  if (!ends_bill) return;
  Checkout by_number = checkout;
  by_number.checkout_id.clear();
  for (const std::string& bill : {bill_name(checkout), bill_name(by_number)}) {
    if (bill.empty()) continue;
    for (store::Hold& hold : session.redeeming().holds_for_bill(bill)) end_hold(session, std::move(hold), now);
  }
}

}  // namespace tillside
