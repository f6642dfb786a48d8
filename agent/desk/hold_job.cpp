#include <fmt/format.h>

#include "agent/desk/answers.h"
#include "agent/desk/coupon_jobs.h"

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

// The present state of a hold that was made before.
std::string answer_of_hold(store::Session& session, const Hold& hold, const Shop& shop) {
  const ShownCoupon shown = look_up(session, shop, hold.coupon);
  CouponAnswer answer;
  answer.state = state_of(hold);
  answer.hold_id = hold.hold_id;
  answer.decision.discount = hold.state == HoldState::held || hold.state == HoldState::spent ? hold.discount : 0;
  if (hold.state == HoldState::refused) answer.decision.reason = hold.reason;
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
    if (const auto known = session.redeeming().hold(facts_.call.hold_id)) return repeat(session, *known);
    ShownCoupon shown = look_up(session, *facts_.shop, facts_.parts, facts_.call.code);
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

  // The same hold of the same coupon has the state it has; a hold id is never used for another coupon.
  void repeat(store::Session& session, const Hold& before) {
    const ShownCode code = read_shown_code(facts_.call.code);
    const auto known = decode_coupon(before.coupon);
    const bool same = !known || (code.form == ShownCode::Form::full && code.full.body == before.coupon) ||
                      (code.form == ShownCode::Form::typed && code.typed.till == known->key.till &&
                       code.typed.serial_low == (known->serial & 0xFFFFFF));
    if (!same) {
      reply_.error = Error{ErrorCode::conflict, "hold_id", "this hold is of another coupon"};
      return;
    }
    reply_.body = answer_of_hold(session, before, *facts_.shop);
    const bool ask_again = before.state == HoldState::asking && before.rid && facts_.reachable;
    if (!ask_again || code.form != ShownCode::Form::full) return;
    const Policy policy = facts_.time.trusted ? known->policy : Policy::strict;
    question_ = Grantor::Question{*before.rid, code.full, policy, before.discount};
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
  GrantedJob(std::string hold_id, Grantor::Answer answer, std::shared_ptr<const Shop> shop, ReplyTo reply)
      : hold_id_(std::move(hold_id)), answer_(answer), shop_(std::move(shop)), reply_to_(std::move(reply)) {}

  void apply(store::Session& session) override {
    reply_ = {};
    auto hold = session.redeeming().hold(hold_id_);
    if (!hold) {
      reply_.error = Error{ErrorCode::not_found, "hold_id", {}};
      return;
    }
    using Kind = Grantor::Answer::Kind;
    if (hold->state == HoldState::asking && answer_.kind != Kind::unanswered) {
      hold->state = answer_.kind == Kind::granted ? HoldState::held : HoldState::refused;
      hold->reason = answer_.reason;
      session.redeeming().put_hold(*hold);
    }
    reply_.body = answer_of_hold(session, *hold, *shop_);
  }
  void finished(const std::optional<Error>& error) override {
    if (error) reply_.error = error;
    reply_to_(std::move(reply_));
  }

 private:
  const std::string hold_id_;
  const Grantor::Answer answer_;
  const std::shared_ptr<const Shop> shop_;
  const ReplyTo reply_to_;
  Reply reply_;
};

class ReleaseJob final : public store::Job {
 public:
  ReleaseJob(std::string hold_id, std::shared_ptr<const Shop> shop, Happenings& happenings, TellReleased tell,
             ReplyTo reply)
      : hold_id_(std::move(hold_id)),
        shop_(std::move(shop)),
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
    hold.state = end_hold(session, hold);
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

store::HoldState end_hold(store::Session& session, store::Hold hold) {
  if (hold.state != HoldState::held && hold.state != HoldState::asking) return hold.state;
  if (hold.state == HoldState::held && !hold.rid) session.redeeming().uncount(hold.discount);
  hold.state = hold.rid ? HoldState::releasing : HoldState::released;
  session.redeeming().put_hold(hold);
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

std::unique_ptr<store::Job> granted_job(std::string hold_id, Grantor::Answer answer, std::shared_ptr<const Shop> shop,
                                        ReplyTo reply) {
  return std::make_unique<GrantedJob>(std::move(hold_id), answer, std::move(shop), std::move(reply));
}

std::unique_ptr<store::Job> release_job(std::string hold_id, std::shared_ptr<const Shop> shop, Happenings& happenings,
                                        TellReleased tell, ReplyTo reply) {
  return std::make_unique<ReleaseJob>(std::move(hold_id), std::move(shop), happenings, std::move(tell),
                                      std::move(reply));
}

std::unique_ptr<store::Job> released_job(std::string hold_id) {
  return std::make_unique<ReleasedJob>(std::move(hold_id));
}

}  // namespace tillside
