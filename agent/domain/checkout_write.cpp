#include "agent/domain/checkout_json.h"
#include "agent/domain/json_out.h"

namespace tillside {
namespace {

using json::Array;
using json::Object;

void write_customer(Object& document, const Checkout& checkout) {
  if (checkout.customer_ids.empty()) return;
  std::string& out = document.key("customer");
  Object customer(out);
  Array ids(customer.key("ids"));
  for (const auto& id : checkout.customer_ids) {
    Object one(ids.next());
    one.text("type", name_of(id.type));
    one.text("value", id.value);
    one.text("proof", name_of(id.proof));
  }
}

void write_ref(Object& one, const OriginalRef& original) {
  one.text_unless_empty("identity", original.identity);
  one.text_unless_empty("checkout_id", original.checkout_id);
  one.text_unless_empty("store_id", original.store_id);
  one.text_unless_empty("lane_id", original.lane_id);
  if (original.business_date) one.text("business_date", format_date(*original.business_date));
  one.integer_unless_zero("series", original.series);
  one.integer_unless_zero("sequence", original.sequence);
}

void write_line_original(Object& line, const LineOriginal& original) {
  Object one(line.key("original"));
  write_ref(one, original.sale);
  one.integer_unless_zero("line_no", original.line_no);
}

void write_lines(Object& document, const Checkout& checkout) {
  if (checkout.lines.empty()) return;
  Array lines(document.key("lines"));
  for (const auto& line : checkout.lines) {
    Object one(lines.next());
    one.integer("line_no", line.line_no);
    one.text_unless_empty("sku", line.sku);
    one.text_unless_empty("name", line.name);
    one.text_unless_empty("category", line.category);
    one.text("kind", name_of(line.kind));
    one.text("quantity", format_quantity(line.quantity));
    one.text_unless_empty("unit", line.unit);
    one.integer("unit_price", line.unit_price);
    one.integer("amount", line.amount);
    one.integer("discount", line.discount);
    if (line.original) write_line_original(one, *line.original);
  }
}

void write_totals(Object& document, const Totals& totals) {
  Object one(document.key("totals"));
  one.integer("gross", totals.gross);
  one.integer("discount", totals.discount);
  one.integer("tax", totals.tax);
  one.integer("net", totals.net);
}

void write_tenders(Object& document, const Checkout& checkout) {
  if (checkout.tenders.empty()) return;
  Array tenders(document.key("tenders"));
  for (const auto& tender : checkout.tenders) {
    Object one(tenders.next());
    one.text("type", name_of(tender.type));
    one.integer("amount", tender.amount);
  }
}

void write_coupons(Object& document, const Checkout& checkout) {
  if (checkout.coupons.empty()) return;
  Array coupons(document.key("coupons"));
  for (const auto& code : checkout.coupons) coupons.text(code);
}

void write_applied_discounts(Object& document, const Checkout& checkout) {
  if (checkout.applied_discounts.empty()) return;
  Array discounts(document.key("applied_discounts"));
  for (const auto& discount : checkout.applied_discounts) {
    Object one(discounts.next());
    one.text("code", discount.code);
    one.integer_unless_zero("line_no", discount.line_no);
    one.integer("amount", discount.amount);
  }
}

void write_original(Object& document, const Checkout& checkout) {
  if (!checkout.original) return;
  Object one(document.key("original"));
  write_ref(one, *checkout.original);
}

void write_source(Object& document, const Checkout& checkout) {
  Object one(document.key("source"));
  one.text_unless_empty("adapter", checkout.source.adapter);
  one.text_unless_empty("pos", checkout.source.pos);
  one.text("confidence", checkout.source.confidence == Confidence::parsed ? "parsed" : "exact");
  one.boolean_if_set("decimals_rounded", checkout.decimals_rounded);
  one.boolean_if_set("business_date_assumed", checkout.business_date_assumed);
}

void write_head(Object& document, const Checkout& checkout, const StoreZone& zone) {
  document.text_unless_empty("checkout_id", checkout.checkout_id);
  document.text("state", name_of(checkout.state));
  document.text("store_id", checkout.store_id);
  document.text("lane_id", checkout.lane_id);
  document.text("business_date", format_date(checkout.business_date));
  document.integer("series", checkout.series);
  document.integer("sequence", checkout.sequence);
  const std::string occurred_at = format_time(checkout.occurred_at, zone);
  document.text("occurred_at", occurred_at);
  if (checkout.occurred_at_text != occurred_at) document.text("occurred_at_text", checkout.occurred_at_text);
  document.text_unless_empty("operator_id", checkout.operator_id);
  document.text_unless_empty("guide_id", checkout.guide_id);
  document.boolean("training", checkout.training);
}

}  // namespace

std::string write_checkout(const Checkout& checkout, const StoreZone& zone) {
  std::string out;
  out.reserve(512 + 160 * checkout.lines.size());
  {
    Object document(out);
    write_head(document, checkout, zone);
    write_customer(document, checkout);
    document.text("currency", checkout.currency.text());
    document.boolean("prices_include_tax", checkout.prices_include_tax);
    write_lines(document, checkout);
    write_totals(document, checkout.totals);
    write_tenders(document, checkout);
    write_coupons(document, checkout);
    write_applied_discounts(document, checkout);
    document.text_unless_empty("showing_id", checkout.showing_id);
    write_original(document, checkout);
    write_source(document, checkout);
  }
  return out;
}

}  // namespace tillside
