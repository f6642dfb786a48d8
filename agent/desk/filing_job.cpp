#include <algorithm>

#include "agent/desk/coupon_jobs.h"
#include "agent/desk/jobs.h"

namespace tillside {
namespace {

bool restarts(const Shop& shop, const std::string& lane) {
  return std::any_of(shop.restarting_lanes.begin(), shop.restarting_lanes.end(),
                     [&](const std::string& name) { return name == "*" || name == lane; });
}

}  // namespace

FilingJob::FilingJob(Filed filed, Happenings& happenings, ReplyTo reply)
    : filed_(std::move(filed)), happenings_(happenings), reply_to_(std::move(reply)) {}

void FilingJob::apply(store::Session& session) {
  filed_.reply = {};
  filed_.reply.flags = filed_.flags;
  filed_.happening.clear();
  const Checkout& checkout = filed_.checkout;
  const Filing filing = find_filing(session, checkout, filed_.digest, restarts(*filed_.shop, checkout.lane_id));
  filed_.reply.identity = identity_of(checkout, filing.series, checkout.ordinal);
  if (filing.kind == Filing::Kind::duplicate) {
    filed_.reply.body = filing.earlier.answer;
    filed_.reply.duplicate = true;
    return;
  }
  if (filing.kind == Filing::Kind::conflict) return answer_conflict(session, filing);

  if (filing.opened_series) filed_.reply.flags.push_back(Flag::restart);
  store::FiledCheckout file;
  file.id = session.checkouts().next_id();
  file.place = filing.place;
  file.series = filing.series;
  file.digest = filed_.digest;
  file.state = checkout.state;
  file.net = checkout.training ? 0 : checkout.totals.net;
  decide(session, filing, file);
  end_holds_of(session, checkout, filed_.time.now);
  file.answer = filed_.reply.body;
  session.checkouts().file(file, checkout.checkout_id, checkout.occurred_at);
}

void FilingJob::answer_conflict(store::Session& session, const Filing& filing) {
  filed_.reply.error =
      Error{ErrorCode::conflict, "sequence", filed_.reply.identity + " was remembered with other content"};
  if (note_conflict(session, filing, filed_.checkout, filed_.digest)) {
    append_event(session, EventKind::conflict, facts(filing));
  }
}

CheckoutFacts FilingJob::facts(const Filing& filing) const {
  CheckoutFacts facts;
  facts.checkout = &filed_.checkout;
  facts.series = filing.series;
  facts.identity = filed_.reply.identity;
  facts.home_store_id = filed_.shop->store_id;
  facts.ids = filed_.shopper.ids;
  facts.verdict = filed_.shopper.verdict.status;
  facts.here = filed_.shopper.verdict.here.value_or(false);
  facts.flags = filed_.reply.flags;
  if (filed_.showing) facts.showing = filed_.showing->fact;
  if (filed_.showing && filed_.showing->advised) facts.advised = filed_.showing->advised->rows;
  facts.inferred_off = filed_.inferred_off;
  return facts;
}

void FilingJob::append_event(store::Session& session, EventKind kind, const CheckoutFacts& facts) {
  std::string event;
  event.reserve(512);
  append_checkout_event(event, kind, facts);
  session.events().append(event, filed_.now);
}

void FilingJob::finished(const std::optional<Error>& error) {
  if (error) {
    filed_.reply.error = error;
    filed_.reply.body.clear();
  }
  reply_to_(std::move(filed_.reply));  // the till waits; the screens come second
  if (!error && !filed_.happening.empty()) happenings_.tell(filed_.happening_type, filed_.happening);
}

}  // namespace tillside
