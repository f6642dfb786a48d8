#include "tests/contract/till_events.h"

namespace tillside::test {
namespace {

constexpr std::int64_t kNoon = 1'795'320'000'000;  // 2026-11-22, about noon

Checkout checkout_of(const Sale& sale) {
  Checkout checkout;
  checkout.store_id = "0123";
  checkout.lane_id = sale.lane;
  checkout.business_date = sale.date;
  checkout.sequence = sale.sequence;
  checkout.occurred_at = {kNoon + sale.sequence * kMinute};
  checkout.operator_id = sale.operator_id;
  checkout.guide_id = sale.guide;
  Line line;
  line.line_no = 1;
  line.sku = "6901234567892";
  line.unit_price = line.amount = sale.net;
  checkout.lines.push_back(line);
  checkout.totals = {sale.net, 0, 0, sale.net};
  checkout.tenders.push_back({sale.tender, sale.net - sale.in_cash});
  if (sale.in_cash != 0) checkout.tenders.push_back({TenderType::cash, sale.in_cash});
  return checkout;
}

// EventReader wants readable bytes behind an event.
std::string padded(std::string text) {
  text.reserve(text.size() + 64);
  return text;
}

std::string event_of(EventKind kind, const Sale& sale, const Checkout& checkout, std::string_view original = {},
                     const std::vector<RevokedCoupon>& revoked = {}, const std::vector<ClawedBack>& clawed_back = {},
                     const std::vector<ReplacementFact>& replacements = {}) {
  CheckoutFacts facts;
  facts.checkout = &checkout;
  facts.home_store_id = "0123";
  std::vector<HashedId> ids;
  if (sale.identified) ids.push_back({IdType::phone, Proof::named, {sale.person, 2, 3}});
  if (sale.and_person != 0) ids.push_back({IdType::card, Proof::scanned, {sale.and_person, 2, 3}});
  facts.ids = ids;
  facts.verdict = sale.verdict;
  facts.here = sale.verdict == VerdictStatus::member;
  const auto minute = code_minutes(checkout.occurred_at);
  if (sale.shown)
    facts.showing = ShowingFact{static_cast<std::uint32_t>(sale.sequence), minute, sale.staff, sale.join_shown};
  std::vector<CouponFact> coupons;
  for (const auto serial : sale.coupon_serials) coupons.push_back({0, serial, sale.campaign, minute, sale.staff, 0});
  facts.coupons = coupons;
  facts.revoked = revoked;
  facts.clawed_back = clawed_back;
  facts.replacements = replacements;
  facts.redeemed = sale.redeemed;
  facts.unapproved = sale.unapproved;
  facts.original_identity = original;
  std::string out;
  append_checkout_event(out, kind, facts);
  return padded(out);
}

}  // namespace

std::string sale_event(const Sale& sale) { return event_of(EventKind::checkout, sale, checkout_of(sale)); }

std::string conflict_event(const Sale& copy) { return event_of(EventKind::conflict, copy, checkout_of(copy)); }

namespace {

Sale taken_back(const Sale& original, std::int64_t sequence) {
  Sale sale = original;
  sale.sequence = sequence;
  sale.coupon_serials.clear();
  sale.redeemed.clear();
  sale.shown = false;
  return sale;
}

Checkout reversal_of(const Sale& taken, CheckoutState state) {
  auto checkout = checkout_of(taken);
  checkout.state = state;
  checkout.lines[0].kind = LineKind::returned;
  checkout.lines[0].quantity = -1000;
  checkout.lines[0].amount = -taken.net;
  checkout.totals = {-taken.net, 0, 0, -taken.net};
  checkout.tenders[0].amount = -taken.net;
  return checkout;
}

}  // namespace

std::string void_event(const Sale& original, std::int64_t sequence, std::vector<std::uint32_t> revoked) {
  const auto voided = taken_back(original, sequence);
  std::vector<RevokedCoupon> coupons;
  for (const auto serial : revoked) coupons.push_back({0, serial, original.campaign});
  return event_of(EventKind::reversal, voided, reversal_of(voided, CheckoutState::voided),
                  identity_of(checkout_of(original)), coupons);
}

std::string return_event(const Sale& original, std::int64_t sequence, const std::vector<ClawedBack>& clawed_back,
                         const std::vector<ReplacementFact>& replacements) {
  const auto returned = taken_back(original, sequence);
  return event_of(EventKind::reversal, returned, reversal_of(returned, CheckoutState::returned),
                  identity_of(checkout_of(original)), {}, clawed_back, replacements);
}

std::string prompt_event(std::uint32_t ordinal, const char* answer, const std::string& operator_id) {
  std::string out;
  append_prompt_event(out, ordinal, answer, {kNoon}, operator_id);
  return padded(out);
}

std::string returned_event(std::uint32_t campaign, std::int64_t units_in_all) {
  const ReturnedUnits returned{campaign, units_in_all};
  std::string out;
  append_returned_event(out, {&returned, 1});
  return padded(out);
}

std::string unprinted_event(std::uint32_t serial, std::uint32_t campaign) {
  const std::vector<RevokedCoupon> coupons{{0, serial, campaign}};
  std::string out;
  append_revoked_event(out, "0123:L1:20261122:0:1:completed", "not_printed", coupons);
  return padded(out);
}

std::string yield_event(const YieldFact& coupon) {
  std::string out;
  append_yield_event(out, {&coupon, 1}, {kNoon});
  return padded(out);
}

TillEvents::TillEvents(TillNumber till, std::uint8_t epoch_mark) : till_(till) {
  epoch_.fill(epoch_mark);
  token_epoch_ = epoch_;
}

wire::ChainHash TillEvents::hash_at(std::uint64_t seq) const {
  wire::ChainHash hash{};
  for (std::uint64_t i = 0; i < seq; ++i) hash = wire::chain(hash, events_[i]);
  return hash;
}

hq::IngestBatch TillEvents::batch(std::uint64_t first, std::size_t count, std::uint64_t token_counter) const {
  hq::IngestBatch out;
  out.till = till_;
  out.token_epoch = token_epoch_;
  out.token_counter = token_counter;
  out.head = {epoch_, first, static_cast<std::uint32_t>(count), hash_at(first - 1), 1};
  out.received = {kNoon};
  EventReader reader;
  auto digest = out.head.prev;
  for (std::uint64_t seq = first; seq < first + count; ++seq) {
    const auto& body = events_[seq - 1];
    digest = wire::chain(digest, body);
    hq::PreparedEvent event{body, digest, std::nullopt, {}};
    auto view = reader.read_padded(body);
    if (view)
      event.view = std::move(*view);
    else
      event.reason = name_of(view.error().code);
    out.events.push_back(std::move(event));
  }
  return out;
}

TillEvents TillEvents::copy_of_first(std::size_t count) const {
  TillEvents copy(till_);
  copy.epoch_ = epoch_;
  copy.token_epoch_ = token_epoch_;
  for (std::size_t i = 0; i < count; ++i) copy.add(padded(events_[i]));
  return copy;
}

}  // namespace tillside::test
