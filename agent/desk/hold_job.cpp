#include <fmt/format.h>

#include "agent/desk/answers.h"
#include "agent/desk/coupon_jobs.h"
#include "agent/store/yielding.h"

namespace tillside {
namespace {

using store::Hold;
using store::HoldState;

std::string_view state_of(const Hold& hold) {
  switch (hold.state) {
    case HoldState::held:
      return "approved";
    case HoldState::asking:
      return "asking";
    case HoldState::released:
    case HoldState::releasing:
      return "released";
    case HoldState::spent:
      return "spent";
    case HoldState::refused:
      break;
  }
  return "refused";
}

// What headquarters refused, and where it would work. It has asked home where home stands in the way.
RedeemDecision refusal_of(const Hold& hold) {
  RedeemDecision decision;
  decision.reason = hold.reason;
  decision.home_is_asked = hold.reason == RedeemReason::home_only || hold.reason == RedeemReason::no_exposure;
  const auto body = decode_coupon(hold.coupon);
  if (body && decision.home_is_asked && body->key.till != 0) decision.works_at = body->key.till;
  decision.works_online = decision.home_is_asked || hold.reason == RedeemReason::ended_epoch;
  return decision;
}

// Another word of headquarters is possible later: the same hold id asks for it anew.
bool may_be_granted_later(const Hold& hold) {
  return hold.state == HoldState::refused &&
         (hold.reason == RedeemReason::home_only || hold.reason == RedeemReason::no_exposure ||
          hold.reason == RedeemReason::held || hold.reason == RedeemReason::ended_epoch);
}

// The present state of a hold that was made before.
std::string answer_of_hold(store::Session& session, const Hold& hold, const Shop& shop) {
  const ShownCoupon shown = look_up(session, shop, hold.coupon);
  CouponAnswer answer;
  answer.state = state_of(hold);
  answer.hold_id = hold.hold_id;
  answer.decision.discount = hold.state == HoldState::held || hold.state == HoldState::spent ? hold.discount : 0;
  if (hold.state == HoldState::refused) answer.decision = refusal_of(hold);
  if (hold.state == HoldState::asking) answer.decision.reason = RedeemReason::asking;
  std::string out;
  append_coupon_answer(out, answer, shown, shop);
  return out;
}

std::string told_of(std::string_view lane, std::string_view answer) {
  std::string told = ",";
  append_text_or_null(told, "lane", lane);
  told += ",\"coupon\":";
  told += answer;
  return told;
}

class HoldJob final : public store::Job {
 public:
  HoldJob(HoldFacts facts, Happenings& happenings, AskHeadquarters ask, ReplyTo reply)
      : facts_(std::move(facts)), happenings_(happenings), ask_(std::move(ask)), reply_to_(std::move(reply)) {}

  void apply(store::Session& session) override {
    reply_ = {};
    question_.reset();
    const auto known = session.redeeming().hold(facts_.call.hold_id);
    if (known && !(may_be_granted_later(*known) && is_of_this_code(*known))) return repeat(session, *known);
    if (known) session.redeeming().forget_hold(known->hold_id);
    ShownCoupon shown = look_up(session, *facts_.shop, facts_.parts, facts_.call.code);
    if (facts_.call.hand_over && shown.doubt == RedeemReason::none)
      shown.doubt = why_not_hand_over(shown.code.body, facts_.parts);
    const auto bill = bill_of(facts_.call, facts_.shopper);
    RedeemQuestion question = question_of(shown, *facts_.shop, facts_.parts, facts_.time);
    question.bill = bill ? &*bill : nullptr;
    question.caps = session.redeeming().caps();
    question.reachable = facts_.reachable;
    const auto before = facts_.call.take_over ? session.redeeming().live_hold(shown.number) : std::nullopt;
    if (before && before->state == HoldState::held && is_held_by(shown, *before)) {
      return take_over(session, *before, shown, question);
    }
    const RedeemDecision decision = judge_shown(shown, question);
    if (decision.ruling == Ruling::approve) {
      session.redeeming().put_hold(fresh(shown, HoldState::held, decision.discount));
      session.redeeming().count(decision.discount);
    } else if (decision.ruling == Ruling::ask) {
      Hold hold = fresh(shown, HoldState::asking, decision.discount);
      hold.rid = facts_.rid;
      session.redeeming().put_hold(hold);
      question_ = Grantor::Question{facts_.rid, shown.code.full, decision.policy, decision.discount};
    }
    write(shown, decision);
  }

  void finished(const std::optional<Error>& error) override {
    if (error) reply_.error = error;
    if (!error && question_) return ask_(*question_, std::move(reply_to_));
    const std::string told = reply_.error ? std::string() : told_of(facts_.call.lane_id, reply_.body);
    reply_to_(std::move(reply_));
    if (!told.empty()) happenings_.tell("coupon", told);
  }

 private:
  Hold fresh(const ShownCoupon& shown, HoldState state, Minor discount) const {
    Hold hold;
    hold.hold_id = facts_.call.hold_id;
    hold.coupon = shown.code.full.body;
    hold.state = state;
    hold.lane = facts_.call.lane_id;
    hold.operator_id = facts_.call.operator_id;
    if (facts_.call.checkout) hold.bill = bill_name(*facts_.call.checkout);
    hold.discount = discount;
    return hold;
  }

  bool is_of_this_code(const Hold& before) const {
    return !decode_coupon(before.coupon) || reading_of(facts_.call.code, before.coupon).has_value();
  }

  // The same hold of the same coupon has the state it has; a hold id is never used for another coupon.
  void repeat(store::Session& session, const Hold& before) {
    if (!is_of_this_code(before)) {
      reply_.error = Error{ErrorCode::conflict, "hold_id", "this hold is of another coupon"};
      return;
    }
    reply_.body = answer_of_hold(session, before, *facts_.shop);
    const auto code = reading_of(facts_.call.code, before.coupon);
    const auto known = decode_coupon(before.coupon);
    const bool ask_again = before.state == HoldState::asking && before.rid && facts_.reachable;
    if (!ask_again || !known) return;
    const Policy policy = facts_.time.trusted ? known->policy : Policy::strict;
    const bool signed_here = code && code->form == ShownCode::Form::full;
    question_ = Grantor::Question{*before.rid, signed_here ? code->full : CouponText{before.coupon, {}}, policy,
                                  before.discount};
  }

  void take_over(store::Session& session, const Hold& before, const ShownCoupon& shown,
                 const RedeemQuestion& question) {
    const RedeemDecision decision = judge_held(question);
    if (decision.ruling == Ruling::approve) {
      Hold ended = before;
      ended.state = HoldState::released;
      session.redeeming().put_hold(ended);
      Hold mine = fresh(shown, HoldState::held, decision.discount);
      mine.rid = before.rid;
      session.redeeming().put_hold(mine);
    }
    write(shown, decision);
  }

  void write(const ShownCoupon& shown, const RedeemDecision& decision) {
    CouponAnswer answer;
    answer.state = decision.ruling == Ruling::approve ? "approved"
                   : decision.ruling == Ruling::ask   ? "asking"
                                                      : "refused";
    answer.decision = decision;
    if (decision.ruling == Ruling::ask) answer.decision.reason = RedeemReason::asking;
    answer.hold_id = facts_.call.hold_id;
    if (decision.reason == RedeemReason::held || decision.reason == RedeemReason::asking) {
      answer.lane = shown.standing.lane;
    }
    append_coupon_answer(reply_.body, answer, shown, *facts_.shop);
  }

  const HoldFacts facts_;
  Happenings& happenings_;
  const AskHeadquarters ask_;
  ReplyTo reply_to_;
  Reply reply_;
  std::optional<Grantor::Question> question_;
};

class GrantedJob final : public store::Job {
 public:
  GrantedJob(Granted granted, ReplyTo reply) : granted_(std::move(granted)), reply_to_(std::move(reply)) {}

  void apply(store::Session& session) override {
    reply_ = {};
    auto hold = session.redeeming().hold(granted_.hold_id);
    if (!hold) {
      reply_.error = Error{ErrorCode::not_found, "hold_id", {}};
      return;
    }
    using Kind = Grantor::Answer::Kind;
    const bool awaited = hold->state == HoldState::asking && hold->rid == granted_.rid;
    if (awaited && granted_.answer.kind != Kind::unanswered) {
      const bool granted = granted_.answer.kind == Kind::granted;
      hold->state = granted ? HoldState::held : HoldState::refused;
      hold->reason = granted_.answer.reason;
      session.redeeming().put_hold(*hold);
      if (!granted) store::yield_if_wanted(session, hold->coupon, granted_.now);
    }
    reply_.body = answer_of_hold(session, *hold, *granted_.shop);
  }
  void finished(const std::optional<Error>& error) override {
    if (error) reply_.error = error;
    reply_to_(std::move(reply_));
  }

 private:
  const Granted granted_;
  const ReplyTo reply_to_;
  Reply reply_;
};

class ReleaseJob final : public store::Job {
 public:
  ReleaseJob(std::string hold_id, std::shared_ptr<const Shop> shop, Instant now, Happenings& happenings,
             TellReleased tell, ReplyTo reply)
      : hold_id_(std::move(hold_id)),
        shop_(std::move(shop)),
        now_(now),
        happenings_(happenings),
        tell_(std::move(tell)),
        reply_to_(std::move(reply)) {}

  void apply(store::Session& session) override {
    reply_ = {};
    rid_.reset();
    Hold hold = session.redeeming().hold(hold_id_).value_or(Hold());
    if (hold.hold_id.empty()) {
      // It came before the hold it ends: that one will find itself released.
      hold.hold_id = hold_id_;
      hold.state = HoldState::released;
      session.redeeming().put_hold(hold);
    }
    hold.state = end_hold(session, hold, now_);
    if (hold.state == HoldState::releasing) rid_ = hold.rid;
    lane_ = hold.lane;
    reply_.body = answer_of_hold(session, hold, *shop_);
  }
  void finished(const std::optional<Error>& error) override {
    if (error) reply_.error = error;
    const std::string told = reply_.error ? std::string() : told_of(lane_, reply_.body);
    reply_to_(std::move(reply_));
    if (error) return;
    if (rid_) tell_(*rid_, hold_id_);
    happenings_.tell("coupon", told);
  }

 private:
  const std::string hold_id_;
  const std::shared_ptr<const Shop> shop_;
  const Instant now_;
  Happenings& happenings_;
  const TellReleased tell_;
  const ReplyTo reply_to_;
  std::string lane_;
  std::optional<Bytes16> rid_;
  Reply reply_;
};

class ReleasedJob final : public store::Job {
 public:
  explicit ReleasedJob(std::string hold_id) : hold_id_(std::move(hold_id)) {}
  void apply(store::Session& session) override {
    auto hold = session.redeeming().hold(hold_id_);
    if (!hold || hold->state != HoldState::releasing) return;
    hold->state = HoldState::released;
    session.redeeming().put_hold(*hold);
  }
  void finished(const std::optional<Error>&) override {}

 private:
  const std::string hold_id_;
};

}  // namespace

std::string state_answer(store::Session& session, const store::Hold& hold, const Shop& shop) {
  return answer_of_hold(session, hold, shop);
}

store::HoldState end_hold(store::Session& session, store::Hold hold, Instant now) {
  if (hold.state != HoldState::held && hold.state != HoldState::asking) return hold.state;
  if (hold.state == HoldState::held && !hold.rid) session.redeeming().uncount(hold.discount);
  hold.state = hold.rid ? HoldState::releasing : HoldState::released;
  session.redeeming().put_hold(hold);
  store::yield_if_wanted(session, hold.coupon, now);
  return hold.state;
}

std::optional<Bill> bill_of(const CouponCall& call, const Shopper& shopper) {
  if (!call.checkout) return std::nullopt;
  Bill bill = bill_at_total(*call.checkout);
  bill.person = shopper.verdict.person;
  bill.proof = shopper.verdict.proof;
  return bill;
}

std::unique_ptr<store::Job> hold_job(HoldFacts facts, Happenings& happenings, AskHeadquarters ask, ReplyTo reply) {
  return std::make_unique<HoldJob>(std::move(facts), happenings, std::move(ask), std::move(reply));
}

std::unique_ptr<store::Job> granted_job(Granted granted, ReplyTo reply) {
  return std::make_unique<GrantedJob>(std::move(granted), std::move(reply));
}

std::unique_ptr<store::Job> release_job(std::string hold_id, std::shared_ptr<const Shop> shop, Instant now,
                                        Happenings& happenings, TellReleased tell, ReplyTo reply) {
  return std::make_unique<ReleaseJob>(std::move(hold_id), std::move(shop), now, happenings, std::move(tell),
                                      std::move(reply));
}

std::unique_ptr<store::Job> released_job(std::string hold_id) {
  return std::make_unique<ReleasedJob>(std::move(hold_id));
}

}  // namespace tillside
