#include <fmt/compile.h>
#include <fmt/format.h>

#include <iterator>

#include "agent/domain/checkout_json.h"
#include "agent/domain/events.h"

namespace tillside {
namespace {

template <class Number>
void number(std::string& out, Number value) {
  fmt::format_to(std::back_inserter(out), FMT_COMPILE("{}"), value);
}

void key(std::string& out, std::string_view name) {
  out += ",\"";
  out += name;
  out += "\":";
}

void text_field(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  key(out, name);
  append_json_string(out, value);
}

template <class Number>
void number_field(std::string& out, std::string_view name, Number value) {
  if (value == Number{}) return;
  key(out, name);
  number(out, value);
}

int date_number(LocalDate date) {
  const auto [year, month, day] = fields_of(date);
  return year * 10000 + month * 100 + day;
}

// ["sku",unit price] | ["sku",quantity,unit price] | ["sku",quantity,unit price,amount,discount,"kind","name"]
void append_line(std::string& out, const Line& line) {
  out += '[';
  append_json_string(out, line.sku);
  const bool plain = line.kind == LineKind::sale && line.discount == 0 && !line.sku.empty() &&
                     line.amount == extend(line.quantity, line.unit_price);
  if (!plain || line.quantity != 1000) out += ',', number(out, line.quantity);
  out += ',', number(out, line.unit_price);
  if (!plain) {
    out += ',', number(out, line.amount);
    out += ',', number(out, line.discount);
    if (line.kind != LineKind::sale || line.sku.empty()) out += ",\"", out += name_of(line.kind), out += '"';
    if (line.sku.empty()) out += ',', append_json_string(out, line.name);
  }
  out += ']';
}

template <class Range, class Append>
void array_field(std::string& out, std::string_view name, const Range& range, Append append) {
  if (std::empty(range)) return;
  key(out, name);
  char separator = '[';
  for (const auto& item : range) {
    out += separator;
    append(item);
    separator = ',';
  }
  out += ']';
}

void append_totals(std::string& out, const Checkout& checkout) {
  Minor gross = 0, discount = 0;
  for (const Line& line : checkout.lines) gross += line.amount, discount += line.discount;
  const Totals& totals = checkout.totals;
  key(out, "N"), number(out, totals.net);
  if (totals.gross != gross) key(out, "G"), number(out, totals.gross);
  if (totals.discount != discount) key(out, "D"), number(out, totals.discount);
  number_field(out, "X", totals.tax);
  if (!checkout.prices_include_tax) out += ",\"xt\":1";
}

void append_tenders(std::string& out, const Checkout& checkout) {
  if (checkout.tenders.size() == 1 && checkout.tenders[0].amount == checkout.totals.net) {
    key(out, "P");
    out += '"', out += name_of(checkout.tenders[0].type), out += '"';
    return;
  }
  array_field(out, "P", checkout.tenders, [&](const Tender& tender) {
    out += "[\"", out += name_of(tender.type), out += "\",";
    number(out, tender.amount);
    out += ']';
  });
}

// [ordinal,staff,join shown,minutes after the checkout's]
void append_showing(std::string& out, const ShowingFact& showing, std::uint32_t base_minute) {
  key(out, "sh");
  fmt::format_to(std::back_inserter(out), FMT_COMPILE("[{},{},{},{}]"), showing.ordinal, showing.staff,
                 showing.join_shown ? 1 : 0, static_cast<std::int64_t>(showing.minute) - base_minute);
}

void append_parts(std::string& out, const CheckoutFacts& facts) {
  const Checkout& checkout = *facts.checkout;
  if (checkout.store_id != facts.home_store_id) text_field(out, "S", checkout.store_id);
  text_field(out, "l", checkout.lane_id);
  number_field(out, "d", date_number(checkout.business_date));
  number_field(out, "s", facts.series);
  number_field(out, "n", checkout.sequence);
  if (checkout.sequence == 0) text_field(out, "id", facts.identity);
  text_field(out, "i", checkout.checkout_id);
  number_field(out, "t", checkout.occurred_at.ms);
  text_field(out, "o", checkout.operator_id);
  text_field(out, "g", checkout.guide_id);
  if (checkout.training) out += ",\"tr\":1";
}

void append_customer(std::string& out, const CheckoutFacts& facts) {
  array_field(out, "w", facts.ids, [&](const HashedId& id) {
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("[{},{},\"{}\"]"), static_cast<int>(id.type),
                   static_cast<int>(id.proof), to_hex(id.hash));
  });
  if (facts.verdict != VerdictStatus::unidentified) key(out, "v"), number(out, static_cast<int>(facts.verdict));
  if (facts.here) out += ",\"h\":1";
}

void append_coupons(std::string& out, const CheckoutFacts& facts, std::uint32_t base_minute) {
  array_field(out, "k", facts.coupons, [&](const CouponFact& coupon) {
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("[{},{},{},{},{},{}]"), coupon.serial, coupon.campaign,
                   coupon.staff, coupon.generation, static_cast<std::int64_t>(coupon.minute) - base_minute,
                   coupon.person);
  });
}

void append_taken_back(std::string& out, const CheckoutFacts& facts, std::uint32_t base_minute) {
  array_field(out, "cb", facts.clawed_back, [&](const ClawedBack& one) {
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("[{},{},{},{},{}]"), one.till, one.generation, one.serial,
                   one.campaign, one.value);
  });
  number_field(out, "co", facts.collected);
  array_field(out, "pe", facts.pending, [&](const PendingCoupon& one) {
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("[{},{},{},{},{},\"{}\"]"), one.till, one.generation,
                   one.serial, one.campaign, one.value, one.reason);
  });
  array_field(out, "rp", facts.replacements, [&](const ReplacementFact& one) {
    const CouponFact& coupon = one.coupon;
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("[{},{},{},{},{},{},{},{},{}]"), coupon.serial, coupon.campaign,
                   coupon.staff, coupon.generation, static_cast<std::int64_t>(coupon.minute) - base_minute,
                   coupon.person, one.till, one.generation, one.serial);
  });
}

void append_revoked(std::string& out, std::span<const RevokedCoupon> coupons) {
  array_field(out, "r", coupons, [&](const RevokedCoupon& coupon) {
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("[{},{},{}]"), coupon.serial, coupon.campaign,
                   coupon.generation);
  });
}

void append_redeemed_rows(std::string& out, std::span<const RedeemedCoupon> coupons) {
  array_field(out, "u", coupons, [&](const RedeemedCoupon& coupon) {
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("[{},{},{},{},{},\"{}\"]"), coupon.key.till,
                   coupon.key.generation, coupon.serial, coupon.campaign, coupon.value,
                   coupon.rid ? to_hex(*coupon.rid) : std::string());
  });
}

void append_redeemed(std::string& out, const CheckoutFacts& facts) {
  append_redeemed_rows(out, facts.redeemed);
  array_field(out, "un", facts.unapproved, [&](const UnapprovedCoupon& coupon) {
    out += "[\"", out += coupon.id, out += "\",\"", out += coupon.reason, out += "\",";
    number(out, coupon.applied);
    out += ']';
  });
}

void append_discounts(std::string& out, std::string_view name, std::span<const AppliedDiscount> discounts) {
  array_field(out, name, discounts, [&](const AppliedDiscount& discount) {
    out += '[', append_json_string(out, discount.code);
    fmt::format_to(std::back_inserter(out), FMT_COMPILE(",{},{}]"), discount.line_no, discount.amount);
  });
}

void open(std::string& out, EventKind kind) {
  out += "{\"e\":\"";
  out += name_of(kind);
  out += '"';
}

}  // namespace

const char* name_of(EventKind kind) {
  constexpr const char* kNames[] = {"checkout", "reversal", "lane",     "showing", "prompt",
                                    "conflict", "revoked",  "incident", "yield",   "hand_over"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::optional<EventKind> event_kind_of(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(EventKind::hand_over); ++i) {
    if (name == name_of(static_cast<EventKind>(i))) return static_cast<EventKind>(i);
  }
  return std::nullopt;
}

void append_checkout_event(std::string& out, EventKind kind, const CheckoutFacts& facts) {
  const Checkout& checkout = *facts.checkout;
  const std::uint32_t base_minute = code_minutes(checkout.occurred_at);
  open(out, kind);
  if (checkout.state != CheckoutState::completed) text_field(out, "st", name_of(checkout.state));
  append_parts(out, facts);
  if (kind != EventKind::lane || !checkout.lines.empty()) {
    text_field(out, "c", checkout.currency.text());
    array_field(out, "L", checkout.lines, [&](const Line& line) { append_line(out, line); });
    append_totals(out, checkout);
    append_tenders(out, checkout);
  }
  if (kind == EventKind::checkout && !is_sale(checkout)) out += ",\"ns\":1";
  append_discounts(out, "ad", checkout.applied_discounts);
  if (kind == EventKind::checkout) append_discounts(out, "av", facts.advised);
  if (facts.inferred_off) key(out, "ai"), number(out, *facts.inferred_off);
  append_customer(out, facts);
  array_field(out, "f", facts.flags, [&](Flag flag) { out += '"', out += name_of(flag), out += '"'; });
  if (facts.showing) append_showing(out, *facts.showing, base_minute);
  append_coupons(out, facts, base_minute);
  append_revoked(out, facts.revoked);
  append_redeemed(out, facts);
  append_taken_back(out, facts, base_minute);
  text_field(out, "of", facts.original_identity);
  if (checkout.source.confidence == Confidence::parsed) out += ",\"pa\":1";
  out += '}';
}

void append_showing_event(std::string& out, std::string_view lane_id, LocalDate date, const ShowingFact& showing,
                          VerdictStatus verdict) {
  open(out, EventKind::showing);
  text_field(out, "l", lane_id);
  number_field(out, "d", date_number(date));
  if (verdict != VerdictStatus::unidentified) key(out, "v"), number(out, static_cast<int>(verdict));
  append_showing(out, showing, 0);
  out += '}';
}

void append_prompt_event(std::string& out, std::uint32_t showing_ordinal, std::string_view answer, Instant at,
                         std::string_view operator_id) {
  open(out, EventKind::prompt);
  key(out, "p"), number(out, showing_ordinal);
  text_field(out, "what", answer);
  number_field(out, "t", at.ms);
  text_field(out, "o", operator_id);
  out += '}';
}

void append_revoked_event(std::string& out, std::string_view identity, std::string_view reason,
                          std::span<const RevokedCoupon> coupons) {
  open(out, EventKind::revoked);
  text_field(out, "of", identity);
  text_field(out, "what", reason);
  append_revoked(out, coupons);
  out += '}';
}

void append_yield_event(std::string& out, std::span<const YieldFact> coupons, Instant at) {
  open(out, EventKind::yield);
  number_field(out, "t", at.ms);
  array_field(out, "y", coupons, [&](const YieldFact& one) {
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("[{},{},{},{}]"), one.till, one.generation, one.serial,
                   static_cast<int>(one.what));
  });
  out += '}';
}

void append_returned_event(std::string& out, std::span<const ReturnedUnits> returned) {
  open(out, EventKind::revoked);
  text_field(out, "what", "given_back");
  array_field(out, "q", returned, [&](const ReturnedUnits& one) {
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("[{},{}]"), one.campaign, one.units);
  });
  out += '}';
}

void append_hand_over_event(std::string& out, const HandOver& what, const RedeemedCoupon& coupon) {
  open(out, EventKind::hand_over);
  text_field(out, "l", what.lane_id);
  number_field(out, "d", date_number(what.date));
  number_field(out, "t", what.at.ms);
  text_field(out, "o", what.operator_id);
  append_redeemed_rows(out, {&coupon, 1});
  out += '}';
}

void append_incident_event(std::string& out, std::string_view what, std::string_view detail, Instant at) {
  open(out, EventKind::incident);
  text_field(out, "what", what);
  text_field(out, "why", detail);
  number_field(out, "t", at.ms);
  out += '}';
}

}  // namespace tillside
