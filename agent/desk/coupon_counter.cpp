#include "agent/desk/coupon_counter.h"

namespace tillside {
namespace {}  // namespace

CouponCounter::CouponCounter(Parts parts) : parts_(parts) {}

RedeemParts CouponCounter::redeeming(const Shopper& shopper) {
  return {parts_.keys, &tries_, parts_.clock->monotonic_ms(), shopper.verdict.person, shopper.verdict.proof};
}

Result<HoldFacts> CouponCounter::facts(CouponCall call) {
  HoldFacts facts;
  facts.shop = parts_.shop->current();
  if (call.checkout) {
    if (const auto flags = validate(*call.checkout, facts.shop->currency); !flags) return flags.error();
    facts.shopper = identify(*call.checkout, *facts.shop, *parts_.members);
  }
  if (call.hand_over && !call.customer_ids.empty()) {
    Checkout named;
    named.customer_ids = call.customer_ids;
    facts.shopper = identify(named, *facts.shop, *parts_.members);
  }
  facts.call = std::move(call);
  facts.call.customer_ids.clear();
  facts.time = parts_.store->time().now();
  if (facts.call.as_live && facts.call.checkout) facts.time.now = facts.call.checkout->occurred_at;
  facts.parts = redeeming(facts.shopper);
  facts.reachable = reachable();
  return facts;
}

Reply CouponCounter::check(CouponCall call) {
  const auto facts = this->facts(std::move(call));
  if (!facts) return refusal(facts.error());
  Reply reply;
  const Shop& shop = *facts->shop;
  const Status read = parts_.store->read([&](store::Session& session) {
    const ShownCoupon shown = look_up(session, shop, facts->parts, facts->call.code);
    const auto bill = bill_of(facts->call, facts->shopper);
    RedeemQuestion question = question_of(shown, shop, facts->parts, facts->time);
    question.bill = bill ? &*bill : nullptr;
    question.caps = session.redeeming().caps();
    question.reachable = facts->reachable;
    CouponAnswer answer;
    answer.decision = judge_shown(shown, question);
    answer.state = answer.decision.ruling == Ruling::refuse ? "refused" : "free";
    answer.lane = shown.standing.lane;
    append_coupon_answer(reply.body, answer, shown, shop);
  });
  if (!read) return refusal(read.error());
  return reply;
}

void CouponCounter::hold(CouponCall call, ReplyTo reply) {
  auto facts = this->facts(std::move(call));
  if (!facts) return reply(refusal(facts.error()));
  if (facts->reachable) facts->rid = parts_.grantor->new_rid();
  auto asking = [this, hold_id = facts->call.hold_id](const Grantor::Question& question, ReplyTo later) {
    ask(question, hold_id, std::move(later));
  };
  parts_.store->writer().submit(hold_job(*std::move(facts), *parts_.happenings, std::move(asking), std::move(reply)));
}

// Two steps, each durable: a crash between them leaves the hold, and the same call goes on from there.
void CouponCounter::hand_over(CouponCall call, ReplyTo reply) {
  call.hand_over = true;
  auto made = this->facts(call);
  if (!made) return reply(refusal(made.error()));
  auto facts = std::make_shared<HoldFacts>(*std::move(made));
  hold(std::move(call), [this, facts, reply = std::move(reply)](Reply held) {
    if (held.error) return reply(std::move(held));
    parts_.store->writer().submit(
        hand_over_job(std::move(*facts), *parts_.happenings, [reply, held = std::move(held)](Reply handed) {
          const bool never_held = handed.error && handed.error->code == ErrorCode::not_found;
          if (never_held) return reply(held);
          reply(std::move(handed));
        }));
  });
}

void CouponCounter::ask(const Grantor::Question& question, const std::string& hold_id, ReplyTo reply) {
  parts_.grantor->ask(question, [this, hold_id, rid = question.rid, reply = std::move(reply)](Grantor::Answer answer) {
    const Instant now = parts_.store->time().now().now;
    parts_.store->writer().submit(granted_job({hold_id, rid, answer, parts_.shop->current(), now}, reply));
  });
}

void CouponCounter::release(std::string hold_id, ReplyTo reply) {
  auto tell = [this](const Bytes16& rid, const std::string& of) { let_go(rid, of); };
  const Instant now = parts_.store->time().now().now;
  parts_.store->writer().submit(release_job(std::move(hold_id), parts_.shop->current(), now, *parts_.happenings,
                                            std::move(tell), std::move(reply)));
}

void CouponCounter::let_go(const Bytes16& rid, const std::string& hold_id) {
  if (parts_.grantor == nullptr) return;
  parts_.grantor->release(rid, [this, hold_id](bool told) {
    if (told) parts_.store->writer().submit(released_job(hold_id));
  });
}

void CouponCounter::take_up() {
  if (!reachable()) return;
  std::vector<store::Hold> open;
  (void)parts_.store->read([&](store::Session& session) { open = session.redeeming().with_headquarters(); });
  for (const store::Hold& hold : open) {
    if (hold.state == store::HoldState::releasing && hold.rid) let_go(*hold.rid, hold.hold_id);
  }
}

}  // namespace tillside
