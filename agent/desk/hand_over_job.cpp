#include "agent/desk/coupon_jobs.h"

namespace tillside {
namespace {

// A voucher that is held becomes one that was handed over, with its event, in one transaction.
class HandOverJob final : public store::Job {
 public:
  HandOverJob(HoldFacts facts, Happenings& happenings, ReplyTo reply)
      : facts_(std::move(facts)), happenings_(happenings), reply_to_(std::move(reply)) {}

  void apply(store::Session& session) override {
    reply_ = {};
    auto hold = session.redeeming().hold(facts_.call.hold_id);
    if (!hold) {
      reply_.error = Error{ErrorCode::not_found, "hold_id", {}};
      return;
    }
    const auto body = decode_coupon(hold->coupon);
    const RedeemReason doubt = body ? why_not_hand_over(*body, facts_.parts) : RedeemReason::not_a_code;
    if (hold->state == store::HoldState::held && doubt != RedeemReason::none) return refuse(session, *hold, doubt);
    if (hold->state == store::HoldState::held) hand_over(session, *body, *hold);
    reply_.body = state_answer(session, *hold, *facts_.shop);
  }

  void finished(const std::optional<Error>& error) override {
    if (error) reply_.error = error;
    const std::string told = reply_.error ? std::string() : ",\"coupon\":" + reply_.body;
    reply_to_(std::move(reply_));
    if (!told.empty()) happenings_.tell("coupon", told);
  }

 private:
  void refuse(store::Session& session, const store::Hold& hold, RedeemReason why) {
    const ShownCoupon shown = look_up(session, *facts_.shop, hold.coupon);
    CouponAnswer answer;
    answer.state = "refused";
    answer.decision.reason = why;
    answer.hold_id = hold.hold_id;
    append_coupon_answer(reply_.body, answer, shown, *facts_.shop);
  }

  void hand_over(store::Session& session, const CouponBody& body, store::Hold& hold) {
    session.redeeming().spend(store::coupon_number(body.key, body.serial), {0, hold.discount});
    hold.state = store::HoldState::spent;
    session.redeeming().put_hold(hold);
    const RedeemedCoupon redeemed{body.key, body.serial, body.campaign, hold.discount, hold.rid};
    const Instant now = facts_.time.now;
    std::string event;
    append_hand_over_event(event, {facts_.call.lane_id, facts_.shop->zone.date(now), now, facts_.call.operator_id},
                           redeemed);
    session.events().append(event, now);
    reply_.redeemed = 1;
  }

  const HoldFacts facts_;
  Happenings& happenings_;
  const ReplyTo reply_to_;
  Reply reply_;
};

}  // namespace

RedeemReason why_not_hand_over(const CouponBody& body, const RedeemParts& parts) {
  if (body.kind != CampaignKind::pickup) return RedeemReason::nothing_to_discount;
  return body.person == 0 || is_hers(body.person, parts) ? RedeemReason::none : RedeemReason::wrong_person;
}

std::unique_ptr<store::Job> hand_over_job(HoldFacts facts, Happenings& happenings, ReplyTo reply) {
  return std::make_unique<HandOverJob>(std::move(facts), happenings, std::move(reply));
}

}  // namespace tillside
