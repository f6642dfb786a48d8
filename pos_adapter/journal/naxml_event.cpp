#include "pos_adapter/journal/naxml_event.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "pos_adapter/journal/dates.h"
#include "pos_adapter/journal/poslog_transaction.h"
#include "pos_adapter/journal/returned_line.h"
#include "pos_adapter/journal/xml_node.h"

namespace tillside::journal {
namespace {

using Failure = std::optional<Error>;

// The elements of an event, seen once.
struct Event {
  std::string_view kind, cashier, reg, transaction, business_date;
  std::string_view start_date, start_time, end_date, end_time, receipt_date, receipt_time;
  bool training = false, suspended = false;
  pugi::xml_node details, summary, linked;
  std::optional<CheckoutState> other;  // of an OtherEvent
};

std::optional<CheckoutState> other_state(std::string_view name, pugi::xml_node node) {
  if (name == "NosaleDetail" || name == "NoSaleDetail") return CheckoutState::no_sale;
  if (name != "CashierDetail") return {};
  const auto type = attribute_text(node, "detailType");
  if (same_letters(type, "open")) return CheckoutState::sign_on;
  return same_letters(type, "close") ? std::optional(CheckoutState::sign_off) : std::nullopt;
}

void read_part(std::string_view name, pugi::xml_node node, Event& event) {
  struct Text {
    std::string_view name;
    std::string_view Event::*to;
  };
  static constexpr Text kTexts[] = {
      {"CashierID", &Event::cashier},         {"RegisterID", &Event::reg},
      {"TransactionID", &Event::transaction}, {"BusinessDate", &Event::business_date},
      {"EventStartDate", &Event::start_date}, {"EventStartTime", &Event::start_time},
      {"EventEndDate", &Event::end_date},     {"EventEndTime", &Event::end_time},
      {"ReceiptDate", &Event::receipt_date},  {"ReceiptTime", &Event::receipt_time},
  };
  for (const Text& text : kTexts)
    if (text.name == name) event.*text.to = own_text(node);
  if (name == "TrainingModeFlag") event.training = says_yes(node);
  if (name == "SuspendFlag") event.suspended = says_yes(node);
  if (name == "TransactionDetailGroup") event.details = node;
  if (name == "TransactionSummary") event.summary = node;
  if (name == "LinkedTransactionInfo") event.linked = node;
  if (const auto state = other_state(name, node)) event.other = state;
}

Event event_of(pugi::xml_node element) {
  Event event;
  event.kind = local_name(element.name());
  each_child(element, [&](std::string_view name, pugi::xml_node node) { read_part(name, node, event); });
  return event;
}

// "2021-03-28T" and "12:55:49-04:00", or a date that has its time already.
std::string joined(std::string_view date, std::string_view time) {
  if (date.empty()) return {};
  const std::string_view day = date.substr(0, 10);
  if (time.empty() && date.size() > 11) return std::string(date);
  return time.empty() ? std::string() : std::string(day) + "T" + std::string(time);
}

std::string time_of(const Event& event) {
  for (const auto& text : {joined(event.end_date, event.end_time), joined(event.receipt_date, event.receipt_time),
                           joined(event.start_date, event.start_time)})
    if (!text.empty()) return text;
  return {};
}

Failure read_times(const Event& event, const Defaults& defaults, Checkout& checkout) {
  checkout.occurred_at_text = time_of(event);
  checkout.occurred_at = defaults.now;
  if (!checkout.occurred_at_text.empty()) {
    auto at = parse_time(checkout.occurred_at_text, *defaults.zone);
    if (!at.ok()) return Error{ErrorCode::bad_time, "EventEndTime", ""};
    checkout.occurred_at = *at;
  }
  checkout.business_date_assumed = event.business_date.empty();
  checkout.business_date = defaults.zone->date(checkout.occurred_at);
  if (checkout.business_date_assumed) return {};
  auto day = parse_day(event.business_date.substr(0, 10), "");
  if (!day.ok()) return Error{ErrorCode::bad_time, "BusinessDate", ""};
  checkout.business_date = *day;
  return {};
}

CheckoutState state_of(const Event& event) {
  if (event.other) return *event.other;
  if (event.kind == "VoidEvent") return CheckoutState::voided;
  if (event.suspended) return CheckoutState::suspended;
  return event.kind == "RefundEvent" ? CheckoutState::returned : CheckoutState::completed;
}

const std::string& first_of(const std::string& a, const std::string& b) { return a.empty() ? b : a; }

Failure read_head(const Event& event, const NaxmlHeader& header, const Mapping& mapping, const Defaults& defaults,
                  Checkout& checkout) {
  checkout.store_id = renamed(mapping.stores, header.store);
  if (checkout.store_id.empty()) checkout.store_id = first_of(mapping.store_id, defaults.store_id);
  checkout.lane_id = renamed(mapping.lanes, event.reg);
  if (checkout.lane_id.empty()) checkout.lane_id = first_of(mapping.lane_id, defaults.lane_id);
  checkout.checkout_id = event.transaction;
  checkout.operator_id = event.cashier;
  checkout.training = event.training;
  checkout.source = {"journal", mapping.pos, Confidence::exact};
  checkout.state = state_of(event);
  const auto number = whole_number(event.transaction, "");
  checkout.sequence = number.ok() ? *number : 0;
  checkout.currency = mapping.currency.value_or(defaults.currency);
  if (!header.currency.empty() && !mapping.currency) {
    auto currency = currency_of(header.currency);
    if (!currency.ok()) return Error{currency.error().code, "currencyCode", ""};
    checkout.currency = *currency;
  }
  return read_times(event, defaults, checkout);
}

void take_link(const Event& event, const Mapping& mapping, Checkout& checkout) {
  const auto number = child_text(event.linked, "OriginalTransactionID");
  if (number.empty() || !is_reversal(checkout)) return;
  OriginalRef original;
  original.store_id = renamed(mapping.stores, child_text(event.linked, "OriginalStoreLocationID"));
  original.checkout_id = number;
  const auto lane = child_text(event.linked, "OriginalRegisterID");
  original.lane_id = lane.empty() ? std::string() : renamed(mapping.lanes, lane);
  checkout.original = std::move(original);
}

Minor sum_of(const NaxmlWork& work) {
  Minor sum = 0;
  for (const Line& line : work.checkout.lines) sum += std::abs(line.amount) - std::abs(line.discount);
  return sum;
}

// A promotion may be within SalesAmount or not; the stated total tells.
void apply_promotions(NaxmlWork& work, Minor stated) {
  Minor promised = 0;
  for (Minor one : work.promotions) promised += one;
  if (promised == 0 || sum_of(work) - promised != stated) return;
  for (std::size_t i = 0; i < work.promotions.size(); ++i) work.checkout.lines[i].discount += work.promotions[i];
}

// A line with status "void" was struck out: it counts for nothing, unless it stands beside the line it strikes out.
void strike_voided(NaxmlWork& work, std::optional<Minor> stated) {
  Minor kept = 0, struck = 0;
  auto& lines = work.checkout.lines;
  for (std::size_t i = 0; i < lines.size(); ++i)
    (work.voided[i] ? struck : kept) += std::abs(lines[i].amount) - std::abs(lines[i].discount);
  const bool beside = stated && kept - struck == *stated && kept != *stated;
  std::vector<Line> out;
  std::vector<Minor> promotions;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (work.voided[i] && !beside && lines[i].amount >= 0) continue;
    if (work.voided[i]) {
      lines[i].kind = LineKind::voided;
      turn_back(lines[i]);
    }
    promotions.push_back(work.voided[i] ? 0 : work.promotions[i]);
    out.push_back(std::move(lines[i]));
  }
  lines = std::move(out);
  work.promotions = std::move(promotions);
}

struct Stated {
  std::optional<Minor> net, tax, grand;  // without sign
};

Failure read_stated(pugi::xml_node summary, Decimals& decimals, Stated& stated) {
  Failure error;
  each_child(summary, [&](std::string_view name, pugi::xml_node node) {
    std::optional<Minor>* target = nullptr;
    if (name == "TransactionTotalNetAmount") target = &stated.net;
    if (name == "TransactionTotalTaxNetAmount") target = &stated.tax;
    if (name == "TransactionTotalGrandAmount") target = &stated.grand;
    if (target == nullptr || error || own_text(node).empty()) return;
    auto amount = decimals.amount(own_text(node), name);
    if (!amount.ok()) error = amount.error();
    if (amount.ok()) *target = std::abs(*amount);
  });
  return error;
}

// Goods that came back; a sale's negative lines too.
void set_directions(Checkout& checkout) {
  const bool refund = checkout.state == CheckoutState::returned;
  for (Line& line : checkout.lines) {
    if (line.kind == LineKind::voided || !(refund || line.amount < 0)) continue;
    line.kind = LineKind::returned;
    turn_back(line);
  }
  if (!refund) return;
  for (Tender& tender : checkout.tenders) tender.amount = -std::abs(tender.amount);
}

void settle(NaxmlWork& work, const Stated& stated, const Mapping& mapping) {
  Checkout& checkout = work.checkout;
  set_directions(checkout);
  Minor gross = 0, discount = 0;
  for (const Line& line : checkout.lines) {
    gross += line.amount;
    discount += line.discount;
  }
  const bool back = checkout.state == CheckoutState::returned;
  const Minor tax = stated.tax.value_or(std::abs(work.tax));
  checkout.prices_include_tax = mapping.prices_include_tax.value_or(false) || tax == 0;
  const Minor computed = std::abs(gross - discount) + (checkout.prices_include_tax ? 0 : tax);
  const Minor net = stated.grand.value_or(computed);
  const bool negative = back || gross - discount < 0;
  checkout.totals = {gross, discount, back ? -tax : tax, negative ? -net : net};
}

Failure read_details(const Event& event, const Mapping& mapping, Checkout& checkout) {
  Decimals decimals(checkout.currency);
  NaxmlWork work(checkout, decimals);
  Stated stated;
  Failure error = read_stated(event.summary, decimals, stated);
  each_child(event.details, [&](std::string_view name, pugi::xml_node node) {
    if (name == "TransactionLine" && !error) error = read_naxml_line(node, work);
  });
  if (error) return error;
  strike_voided(work, stated.net);
  if (stated.net) apply_promotions(work, *stated.net);
  settle(work, stated, mapping);
  checkout.decimals_rounded = decimals.rounded();
  return {};
}

}  // namespace

NaxmlHeader read_naxml_header(pugi::xml_node header) {
  NaxmlHeader out;
  out.store = child_text(header, "StoreLocationID");
  each_child(header, [&](std::string_view name, pugi::xml_node node) {
    if (same_letters(name, "extension")) out.currency = child_text(node, "currencyCode");
  });
  return out;
}

std::optional<Result<Checkout>> read_naxml_event(pugi::xml_node element, const NaxmlHeader& header,
                                                 const Mapping& mapping, const Defaults& defaults) {
  const Event event = event_of(element);
  const bool trade = event.kind == "SaleEvent" || event.kind == "RefundEvent" || event.kind == "VoidEvent";
  if (!trade && !event.other) return {};
  Checkout checkout;
  if (auto error = read_head(event, header, mapping, defaults, checkout)) return Result<Checkout>(*error);
  take_link(event, mapping, checkout);
  if (trade)
    if (auto error = read_details(event, mapping, checkout)) return Result<Checkout>(*error);
  return Result<Checkout>(std::move(checkout));
}

}  // namespace tillside::journal
