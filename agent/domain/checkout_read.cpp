#include <array>
#include <utility>

#include "agent/domain/checkout_draft.h"
#include "agent/domain/checkout_json.h"
#include "agent/domain/json_reading.h"

namespace tillside {
namespace {

namespace od = simdjson::ondemand;
using json::Kind;
using V = json::Value;

// Reads one document, once.
class Reading : public json::Reading {
 public:
  explicit Reading(const Currency& currency) : absent_currency_(currency) { draft_.checkout.currency = currency; }

  bool read(od::document& document);
  CheckoutDraft take_draft() {
    draft_.checkout.unknown_fields = unknown_fields();
    return std::move(draft_);
  }

  bool amount(V& value, Minor& out, bool* has = nullptr);
  bool optional_amount(V& value, std::optional<Minor>& out);
  bool quantity(V& value, Thousandths& out);
  bool line_number(V& value, std::int32_t& out, bool* has = nullptr);
  bool date(V& value, std::optional<LocalDate>& out);
  bool currency(V& value);

  bool customer(V& value);
  bool customer_ids(V& value);
  bool lines(V& value);
  bool tenders(V& value);
  bool coupons(V& value);
  bool applied_discounts(V& value);
  bool original(V& value);
  bool line_original(V& value, std::optional<LineOriginal>& out);

 private:
  bool decimal(std::string_view digits, int scale, std::int64_t limit, std::int64_t& out);

  const Currency absent_currency_;
  CheckoutDraft draft_;
};

bool Reading::decimal(std::string_view digits, int scale, std::int64_t limit, std::int64_t& out) {
  const auto read = read_decimal(digits, scale, limit);
  if (!read) return fail(read.error());
  out = read->value;
  draft_.checkout.decimals_rounded |= read->rounded;
  return true;
}

// Minor units, or a decimal text of whole units.
bool Reading::amount(V& value, Minor& out, bool* has) {
  Kind kind;
  std::string_view token;
  if (!look(value, kind, token)) return false;
  if (kind == Kind::text) {
    if (has != nullptr) *has = true;
    draft_.has_text_amounts = true;
    return string_at(value, token) && decimal(token, absent_currency_.exponent, kMaxAmount, out);
  }
  if (!integer(value, out, has)) return false;
  return (out <= kMaxAmount && out >= -kMaxAmount) || fail(ErrorCode::out_of_range, "beyond 10^12 minor units");
}

bool Reading::optional_amount(V& value, std::optional<Minor>& out) {
  bool has = false;
  Minor read = 0;
  if (!amount(value, read, &has)) return false;
  out = has ? std::optional<Minor>(read) : std::nullopt;
  return true;
}

// A decimal text, or a number: its text counts, not a double made of it.
bool Reading::quantity(V& value, Thousandths& out) {
  Kind kind;
  std::string_view token;
  if (!look(value, kind, token)) return false;
  out = 1000;
  if (kind == Kind::null) return true;
  if (kind != Kind::text && kind != Kind::number) return fail(ErrorCode::wrong_type, "a decimal is wanted");
  if (kind == Kind::text && !string_at(value, token)) return false;
  return decimal(token, 3, kMaxQuantity, out);
}

bool Reading::line_number(V& value, std::int32_t& out, bool* has) {
  std::int64_t number = 0;
  if (!integer(value, number, has)) return false;
  if (number < 0 || number > kMaxLineNumber) return fail(ErrorCode::out_of_range, "not 0 to 10^6");
  out = static_cast<std::int32_t>(number);
  return true;
}

bool Reading::date(V& value, std::optional<LocalDate>& out) {
  std::string_view view;
  if (!text_view(value, view)) return false;
  out.reset();
  if (view.empty()) return true;
  const auto day = parse_date(view);
  if (!day) return fail(day.error());
  out = *day;
  return true;
}

bool Reading::currency(V& value) {
  std::string_view view;
  if (!text_view(value, view)) return false;
  draft_.checkout.currency = absent_currency_;
  if (view.empty()) return true;
  const auto known = currency_of(view);
  if (!known) return fail(ErrorCode::unknown_value, "not an active ISO 4217 code");
  draft_.checkout.currency = *known;
  return true;
}

template <class Target>
using Field = json::Row<Reading, Target>;
using R = Reading;

struct IdDraft {
  CustomerId id;
  bool has_type = false;
};

std::optional<Confidence> confidence_of(std::string_view name) {
  if (name == "exact") return Confidence::exact;
  if (name == "parsed") return Confidence::parsed;
  return std::nullopt;
}

constexpr std::array<Field<IdDraft>, 3> kIdFields = {{
    {"type", [](R& r, V& v, IdDraft& d) { return r.one_of(v, id_type_of, IdType::phone, d.id.type, &d.has_type); }},
    {"value", [](R& r, V& v, IdDraft& d) { return r.text(v, d.id.value); }},
    {"proof", [](R& r, V& v, IdDraft& d) { return r.one_of(v, proof_of, Proof::named, d.id.proof); }},
}};

constexpr std::array<Field<OriginalRef>, 7> kOriginalFields = {{
    {"checkout_id", [](R& r, V& v, OriginalRef& d) { return r.text(v, d.checkout_id); }},
    {"store_id", [](R& r, V& v, OriginalRef& d) { return r.text(v, d.store_id); }},
    {"lane_id", [](R& r, V& v, OriginalRef& d) { return r.text(v, d.lane_id); }},
    {"business_date", [](R& r, V& v, OriginalRef& d) { return r.date(v, d.business_date); }},
    {"series", [](R& r, V& v, OriginalRef& d) { return r.integer(v, d.series); }},
    {"sequence", [](R& r, V& v, OriginalRef& d) { return r.integer(v, d.sequence); }},
    {"identity", [](R& r, V& v, OriginalRef& d) { return r.text(v, d.identity); }},
}};

using LO = LineOriginal;
constexpr std::array<Field<LO>, 8> kLineOriginalFields = {{
    {"line_no", [](R& r, V& v, LO& d) { return r.line_number(v, d.line_no); }},
    {"identity", [](R& r, V& v, LO& d) { return r.text(v, d.sale.identity); }},
    {"checkout_id", [](R& r, V& v, LO& d) { return r.text(v, d.sale.checkout_id); }},
    {"store_id", [](R& r, V& v, LO& d) { return r.text(v, d.sale.store_id); }},
    {"lane_id", [](R& r, V& v, LO& d) { return r.text(v, d.sale.lane_id); }},
    {"business_date", [](R& r, V& v, LO& d) { return r.date(v, d.sale.business_date); }},
    {"series", [](R& r, V& v, LO& d) { return r.integer(v, d.sale.series); }},
    {"sequence", [](R& r, V& v, LO& d) { return r.integer(v, d.sale.sequence); }},
}};

bool read_line_original(R& r, V& v, LineDraft& d) { return r.line_original(v, d.line.original); }

constexpr std::array<Field<LineDraft>, 11> kLineFields = {{
    {"line_no", [](R& r, V& v, LineDraft& d) { return r.line_number(v, d.line.line_no, &d.has_line_no); }},
    {"sku", [](R& r, V& v, LineDraft& d) { return r.text(v, d.line.sku); }},
    {"name", [](R& r, V& v, LineDraft& d) { return r.text(v, d.line.name); }},
    {"category", [](R& r, V& v, LineDraft& d) { return r.text(v, d.line.category); }},
    {"kind", [](R& r, V& v, LineDraft& d) { return r.one_of(v, line_kind_of, LineKind::sale, d.line.kind); }},
    {"quantity", [](R& r, V& v, LineDraft& d) { return r.quantity(v, d.line.quantity); }},
    {"unit", [](R& r, V& v, LineDraft& d) { return r.text(v, d.line.unit); }},
    {"unit_price", [](R& r, V& v, LineDraft& d) { return r.amount(v, d.line.unit_price, &d.has_unit_price); }},
    {"amount", [](R& r, V& v, LineDraft& d) { return r.amount(v, d.line.amount, &d.has_amount); }},
    {"discount", [](R& r, V& v, LineDraft& d) { return r.amount(v, d.line.discount); }},
    {"original", read_line_original},
}};

constexpr std::array<Field<TotalsDraft>, 4> kTotalsFields = {{
    {"gross", [](R& r, V& v, TotalsDraft& d) { return r.optional_amount(v, d.gross); }},
    {"discount", [](R& r, V& v, TotalsDraft& d) { return r.optional_amount(v, d.discount); }},
    {"tax", [](R& r, V& v, TotalsDraft& d) { return r.optional_amount(v, d.tax); }},
    {"net", [](R& r, V& v, TotalsDraft& d) { return r.optional_amount(v, d.net); }},
}};

constexpr std::array<Field<Tender>, 2> kTenderFields = {{
    {"type", [](R& r, V& v, Tender& d) { return r.one_of(v, tender_type_of, TenderType::other, d.type); }},
    {"amount", [](R& r, V& v, Tender& d) { return r.amount(v, d.amount); }},
}};

constexpr std::array<Field<AppliedDiscount>, 3> kDiscountFields = {{
    {"code", [](R& r, V& v, AppliedDiscount& d) { return r.text(v, d.code); }},
    {"line_no", [](R& r, V& v, AppliedDiscount& d) { return r.line_number(v, d.line_no); }},
    {"amount", [](R& r, V& v, AppliedDiscount& d) { return r.amount(v, d.amount); }},
}};

struct SourceDraft {
  Source source;
  bool decimals_rounded = false, business_date_assumed = false;
};

constexpr std::array<Field<SourceDraft>, 5> kSourceFields = {{
    {"adapter", [](R& r, V& v, SourceDraft& d) { return r.text(v, d.source.adapter); }},
    {"pos", [](R& r, V& v, SourceDraft& d) { return r.text(v, d.source.pos); }},
    {"confidence",
     [](R& r, V& v, SourceDraft& d) { return r.one_of(v, confidence_of, Confidence::exact, d.source.confidence); }},
    {"decimals_rounded", [](R& r, V& v, SourceDraft& d) { return r.boolean(v, d.decimals_rounded, false); }},
    {"business_date_assumed", [](R& r, V& v, SourceDraft& d) { return r.boolean(v, d.business_date_assumed, false); }},
}};

struct CustomerDraft {};
constexpr std::array<Field<CustomerDraft>, 1> kCustomerFields = {{
    {"ids", [](R& r, V& v, CustomerDraft&) { return r.customer_ids(v); }},
}};

bool read_source(R& r, V& v, CheckoutDraft& d) {
  SourceDraft draft;
  if (!R::object(r, v, kSourceFields, draft, 2)) return false;
  d.checkout.source = std::move(draft.source);
  d.checkout.decimals_rounded |= draft.decimals_rounded;
  d.checkout.business_date_assumed = draft.business_date_assumed;
  return true;
}

using D = CheckoutDraft;
constexpr std::array<Field<D>, 23> kFields = {{
    {"checkout_id", [](R& r, V& v, D& d) { return r.text(v, d.checkout.checkout_id); }},
    {"state",
     [](R& r, V& v, D& d) {
       return r.one_of(v, checkout_state_of, CheckoutState::completed, d.checkout.state, &d.has_state);
     }},
    {"store_id", [](R& r, V& v, D& d) { return r.text(v, d.checkout.store_id); }},
    {"lane_id", [](R& r, V& v, D& d) { return r.text(v, d.checkout.lane_id); }},
    {"business_date", [](R& r, V& v, D& d) { return r.date(v, d.business_date); }},
    {"series", [](R& r, V& v, D& d) { return r.integer(v, d.checkout.series); }},
    {"sequence", [](R& r, V& v, D& d) { return r.integer(v, d.checkout.sequence); }},
    {"occurred_at", [](R& r, V& v, D& d) { return r.optional_text(v, d.occurred_at); }},
    {"occurred_at_text", [](R& r, V& v, D& d) { return r.optional_text(v, d.occurred_at_text); }},
    {"operator_id", [](R& r, V& v, D& d) { return r.text(v, d.checkout.operator_id); }},
    {"guide_id", [](R& r, V& v, D& d) { return r.text(v, d.checkout.guide_id); }},
    {"training", [](R& r, V& v, D& d) { return r.boolean(v, d.checkout.training, false); }},
    {"customer", [](R& r, V& v, D&) { return r.customer(v); }},
    {"currency", [](R& r, V& v, D&) { return r.currency(v); }},
    {"prices_include_tax", [](R& r, V& v, D& d) { return r.boolean(v, d.checkout.prices_include_tax, true); }},
    {"lines", [](R& r, V& v, D&) { return r.lines(v); }},
    {"totals", [](R& r, V& v, D& d) { return R::object(r, v, kTotalsFields, d.totals, 2); }},
    {"tenders", [](R& r, V& v, D&) { return r.tenders(v); }},
    {"coupons", [](R& r, V& v, D&) { return r.coupons(v); }},
    {"applied_discounts", [](R& r, V& v, D&) { return r.applied_discounts(v); }},
    {"showing_id", [](R& r, V& v, D& d) { return r.text(v, d.checkout.showing_id); }},
    {"original", [](R& r, V& v, D&) { return r.original(v); }},
    {"source", read_source},
}};

bool Reading::customer_ids(V& value) {
  auto& ids = draft_.checkout.customer_ids;
  ids.clear();
  return array_of_objects(value, kMaxCustomerIds, [&](V& item, std::size_t) {
    IdDraft draft;
    if (!object(*this, item, kIdFields, draft, 4)) return false;
    if (!draft.has_type) return missing("type");
    if (draft.id.value.empty()) return missing("value");
    ids.push_back(std::move(draft.id));
    return true;
  });
}

bool Reading::customer(V& value) {
  draft_.checkout.customer_ids.clear();
  CustomerDraft nothing;
  return object(*this, value, kCustomerFields, nothing, 2);
}

bool Reading::lines(V& value) {
  auto& lines = draft_.checkout.lines;
  lines.clear();
  lines.reserve(16);
  return array_of_objects(value, kMaxLines, [&](V& item, std::size_t index) {
    LineDraft draft;
    if (!object(*this, item, kLineFields, draft, 3)) return false;
    auto line = finish_line(std::move(draft), index);
    if (!line) return fail(line.error());
    lines.push_back(std::move(line).value());
    return true;
  });
}

bool Reading::tenders(V& value) {
  auto& tenders = draft_.checkout.tenders;
  tenders.clear();
  return array_of_objects(value, kMaxTenders, [&](V& item, std::size_t) {
    return object(*this, item, kTenderFields, tenders.emplace_back(), 3);
  });
}

bool Reading::coupons(V& value) {
  auto& coupons = draft_.checkout.coupons;
  coupons.clear();
  return array(value, kMaxCoupons, [&](V& item, std::size_t) { return text(item, coupons.emplace_back()); });
}

bool Reading::applied_discounts(V& value) {
  auto& discounts = draft_.checkout.applied_discounts;
  discounts.clear();
  return array_of_objects(value, kMaxLines, [&](V& item, std::size_t) {
    return object(*this, item, kDiscountFields, discounts.emplace_back(), 3);
  });
}

bool Reading::original(V& value) {
  bool present = false;
  draft_.checkout.original.reset();
  if (!look_for(value, Kind::object, present)) return false;
  return !present || object(*this, value, kOriginalFields, draft_.checkout.original.emplace(), 2);
}

bool Reading::line_original(V& value, std::optional<LineOriginal>& out) {
  bool present = false;
  out.reset();
  if (!look_for(value, Kind::object, present)) return false;
  return !present || object(*this, value, kLineOriginalFields, out.emplace(), 4);
}

bool Reading::read(od::document& document) {
  od::object object;
  if (const auto error = document.get_object().get(object)) {
    if (error == simdjson::INCORRECT_TYPE) return fail(ErrorCode::bad_json, "one object is wanted");
    return fail(error);
  }
  if (!members(*this, object, kFields, draft_, 1)) return false;
  const bool at_end = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
  return at_end || fail(ErrorCode::bad_json, "something follows the document");
}

constexpr std::size_t kKeptBuffer = 64 * 1024;  // larger documents are rare: their buffers are given back

std::string_view without_byte_order_mark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

}  // namespace

struct CheckoutReader::Impl {
  od::parser parser;
  std::string copy;

  Result<CheckoutDraft> pass(std::string_view text, Currency currency) {
    Reading reading(currency);
    od::document document;
    const simdjson::padded_string_view padded(text.data(), text.size(), text.size() + simdjson::SIMDJSON_PADDING);
    if (const auto error = parser.iterate(padded).get(document))
      return Error{json::code_of(error), "", simdjson::error_message(error)};
    if (!reading.read(document)) return reading.take_error();
    return reading.take_draft();
  }

  Result<Checkout> read(std::string_view text, const Defaults& defaults) {
    auto draft = pass(text, defaults.currency);
    if (draft && draft->has_text_amounts && draft->checkout.currency.exponent != defaults.currency.exponent)
      draft = pass(text, draft->checkout.currency);
    if (!draft) return draft.error();
    return finish_checkout(std::move(draft).value(), defaults);
  }
};

CheckoutReader::CheckoutReader() : impl_(std::make_unique<Impl>()) {}
CheckoutReader::~CheckoutReader() = default;

Result<Checkout> CheckoutReader::read_padded(std::string_view padded_json, const Defaults& defaults) {
  auto checkout = impl_->read(without_byte_order_mark(padded_json), defaults);
  if (padded_json.size() > kKeptBuffer) impl_->parser = od::parser();
  return checkout;
}

Result<Checkout> CheckoutReader::read(std::string_view json, const Defaults& defaults) {
  impl_->copy.reserve(json.size() + simdjson::SIMDJSON_PADDING);
  impl_->copy.assign(json);
  auto checkout = read_padded(impl_->copy, defaults);
  if (json.size() > kKeptBuffer) std::string().swap(impl_->copy);
  return checkout;
}

}  // namespace tillside
