#include <simdjson.h>

#include <array>
#include <utility>

#include "agent/domain/checkout_draft.h"
#include "agent/domain/checkout_json.h"
#include "agent/domain/json_token.h"

namespace tillside {
namespace {

namespace od = simdjson::ondemand;
using json::Kind;

constexpr int kDeepest = 32;

ErrorCode code_of(simdjson::error_code error) {
  switch (error) {
    case simdjson::UTF8_ERROR:
      return ErrorCode::invalid_utf8;
    case simdjson::DEPTH_ERROR:
      return ErrorCode::too_deep;
    case simdjson::MEMALLOC:
    case simdjson::CAPACITY:
      return ErrorCode::internal;
    default:
      return ErrorCode::bad_json;
  }
}

// simdjson turns a lone "\udc00" into bytes that are no UTF-8.
bool holds_surrogate(std::string_view text) {
  for (auto at = text.find('\xED'); at != std::string_view::npos; at = text.find('\xED', at + 1))
    if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) >= 0xA0) return true;
  return false;
}

// Reads one document, once. Every step answers false after noting the first Error, whose path grows on the way out.
class Reading {
 public:
  explicit Reading(std::uint8_t exponent) : exponent_(exponent) {}

  Error take_error() { return std::move(error_); }
  CheckoutDraft take_draft() { return std::move(draft_); }
  const CheckoutDraft& draft() const { return draft_; }

  bool read(od::document& document);

  bool fail(ErrorCode code, const char* detail) {
    error_ = {code, "", detail};
    return false;
  }
  bool fail(simdjson::error_code error) { return fail(code_of(error), simdjson::error_message(error)); }
  bool fail(const Error& error) {
    error_ = error;
    return false;
  }
  bool within(std::string_view name) {
    std::string path(name);
    if (!error_.field.empty() && error_.field[0] != '[') path.push_back('.');
    error_.field.insert(0, path);
    return false;
  }

  // What stands at a value. A Kind::none is noted as bad_json.
  bool look(od::value& value, Kind& kind, std::string_view& token) {
    token = json::trimmed(value.raw_json_token());
    kind = json::kind_of(token);
    return kind != Kind::none || fail(ErrorCode::bad_json, "neither a value nor null");
  }
  bool look_for(od::value& value, Kind wanted, bool& present) {
    Kind kind;
    std::string_view token;
    if (!look(value, kind, token)) return false;
    present = kind != Kind::null;
    return !present || kind == wanted || fail(ErrorCode::wrong_type, "not of the wanted type");
  }

  bool string_at(od::value& value, std::string_view& out) {
    if (const auto error = value.get_string().get(out)) return fail(error);
    return !holds_surrogate(out) || fail(ErrorCode::invalid_utf8, "a lone surrogate");
  }
  // Null answers true with an empty `out`.
  bool text_view(od::value& value, std::string_view& out) {
    bool present = false;
    if (!look_for(value, Kind::text, present)) return false;
    out = {};
    return !present || string_at(value, out);
  }
  bool text(od::value& value, std::string& out) {
    std::string_view view;
    if (!text_view(value, view)) return false;
    out.assign(view);
    return true;
  }
  bool optional_text(od::value& value, std::optional<std::string>& out) {
    bool present = false;
    std::string_view view;
    out.reset();
    if (!look_for(value, Kind::text, present)) return false;
    if (!present) return true;
    if (!string_at(value, view)) return false;
    out.emplace(view);
    return true;
  }

  bool whole(std::string_view token, std::int64_t& out) {
    switch (json::read_integer(token, out)) {
      case json::IntegerRead::ok:
        return true;
      case json::IntegerRead::not_whole:
        return fail(ErrorCode::wrong_type, "an integer is wanted, without fraction or exponent");
      case json::IntegerRead::too_large:
        break;
    }
    return fail(ErrorCode::out_of_range, "beyond 64 bits");
  }
  bool integer(od::value& value, std::int64_t& out, bool* has = nullptr) {
    Kind kind;
    std::string_view token;
    if (!look(value, kind, token)) return false;
    out = 0;
    if (has != nullptr) *has = kind != Kind::null;
    if (kind == Kind::null) return true;
    if (kind != Kind::number) return fail(ErrorCode::wrong_type, "an integer is wanted");
    return whole(token, out);
  }
  bool line_number(od::value& value, std::int32_t& out, bool* has = nullptr) {
    std::int64_t number = 0;
    if (!integer(value, number, has)) return false;
    if (number < 0 || number > 1'000'000) return fail(ErrorCode::out_of_range, "not 0 to 10^6");
    out = static_cast<std::int32_t>(number);
    return true;
  }
  bool boolean(od::value& value, bool& out, bool absent) {
    Kind kind;
    std::string_view token;
    if (!look(value, kind, token)) return false;
    if (kind != Kind::null && kind != Kind::boolean) return fail(ErrorCode::wrong_type, "true or false is wanted");
    out = kind == Kind::null ? absent : token == "true";
    return true;
  }

  bool decimal(std::string_view digits, int scale, std::int64_t limit, std::int64_t& out) {
    const auto read = read_decimal(digits, scale, limit);
    if (!read) return fail(read.error());
    out = read->value;
    draft_.checkout.decimals_rounded |= read->rounded;
    return true;
  }
  // Minor units, or a decimal text of whole units.
  bool amount(od::value& value, Minor& out, bool* has = nullptr) {
    Kind kind;
    std::string_view token;
    if (!look(value, kind, token)) return false;
    if (kind == Kind::text) {
      if (has != nullptr) *has = true;
      draft_.has_text_amounts = true;
      return string_at(value, token) && decimal(token, exponent_, kMaxAmount, out);
    }
    if (!integer(value, out, has)) return false;
    return (out <= kMaxAmount && out >= -kMaxAmount) || fail(ErrorCode::out_of_range, "beyond 10^12 minor units");
  }
  bool optional_amount(od::value& value, std::optional<Minor>& out) {
    bool has = false;
    Minor read = 0;
    if (!amount(value, read, &has)) return false;
    out = has ? std::optional<Minor>(read) : std::nullopt;
    return true;
  }
  // A decimal text, or a number: its text counts, not a double made of it.
  bool quantity(od::value& value, Thousandths& out) {
    Kind kind;
    std::string_view token;
    if (!look(value, kind, token)) return false;
    out = 1000;
    if (kind == Kind::null) return true;
    if (kind == Kind::text && !string_at(value, token)) return false;
    if (kind != Kind::text && kind != Kind::number) return fail(ErrorCode::wrong_type, "a decimal is wanted");
    return decimal(token, 3, kMaxQuantity, out);
  }

  template <class Enum>
  bool one_of(od::value& value, std::optional<Enum> (*lookup)(std::string_view), Enum absent, Enum& out,
              bool* has = nullptr) {
    bool present = false;
    std::string_view name;
    if (!look_for(value, Kind::text, present)) return false;
    if (has != nullptr) *has = present;
    out = absent;
    if (!present) return true;
    if (!string_at(value, name)) return false;
    const auto known = lookup(name);
    if (!known) return fail(ErrorCode::unknown_value, "not one of the listed values");
    out = *known;
    return true;
  }
  bool date(od::value& value, std::optional<LocalDate>& out) {
    std::string_view view;
    if (!text_view(value, view)) return false;
    out.reset();
    if (view.empty()) return true;
    const auto day = parse_date(view);
    if (!day) return fail(day.error());
    out = *day;
    return true;
  }
  bool currency(od::value& value) {
    std::string_view view;
    if (!text_view(value, view)) return false;
    draft_.has_currency = !view.empty();
    if (view.empty()) return true;
    const auto known = currency_of(view);
    if (!known) return fail(ErrorCode::unknown_value, "not an active ISO 4217 code");
    draft_.checkout.currency = *known;
    return true;
  }

  // Walks what is dropped, because simdjson does not look at what it skips.
  bool drop(od::value& value, int depth) {
    Kind kind;
    std::string_view token;
    if (!look(value, kind, token)) return false;
    if (kind == Kind::text) return string_at(value, token);
    if (kind != Kind::object && kind != Kind::array) return true;
    if (depth >= kDeepest) return fail(ErrorCode::too_deep, "nested deeper than 32 levels");
    return kind == Kind::object ? drop_object(value, depth + 1) : drop_array(value, depth + 1);
  }
  bool drop_object(od::value& value, int depth) {
    od::object object;
    if (const auto error = value.get_object().get(object)) return fail(error);
    for (auto member : object) {
      od::field field;
      std::string_view key;
      if (const auto error = std::move(member).get(field)) return fail(error);
      if (const auto error = field.unescaped_key().get(key)) return fail(error);
      if (holds_surrogate(key)) return fail(ErrorCode::invalid_utf8, "a lone surrogate");
      if (!drop(field.value(), depth)) return false;
    }
    return true;
  }
  bool drop_array(od::value& value, int depth) {
    od::array array;
    if (const auto error = value.get_array().get(array)) return fail(error);
    for (auto element : array) {
      od::value one;
      if (const auto error = std::move(element).get(one)) return fail(error);
      if (!drop(one, depth)) return false;
    }
    return true;
  }

  template <class Target>
  struct Field {
    std::string_view name;
    bool (*read)(Reading&, od::value&, Target&);
  };

  // Documents mostly come in the order of the table: look at the next row first.
  template <class Target, std::size_t N>
  static const Field<Target>* find(const std::array<Field<Target>, N>& fields, std::string_view key,
                                   std::size_t& next) {
    for (std::size_t i = 0; i < N; ++i) {
      const std::size_t at = next + i < N ? next + i : next + i - N;
      if (fields[at].name != key) continue;
      next = at + 1 < N ? at + 1 : 0;
      return &fields[at];
    }
    return nullptr;
  }

  template <class Target, std::size_t N>
  bool members(od::object& object, const std::array<Field<Target>, N>& fields, Target& target, int depth) {
    std::size_t next = 0;
    for (auto member : object) {
      od::field field;
      std::string_view key;
      if (const auto error = std::move(member).get(field)) return fail(error);
      if (const auto error = field.unescaped_key().get(key)) return fail(error);
      const auto* known = find(fields, key, next);
      if (known != nullptr) {
        if (!known->read(*this, field.value(), target)) return within(known->name);
      } else {
        ++draft_.checkout.unknown_fields;
        if (holds_surrogate(key)) return fail(ErrorCode::invalid_utf8, "a lone surrogate");
        if (!drop(field.value(), depth)) return false;
      }
    }
    return true;
  }
  template <class Target, std::size_t N>
  bool object(od::value& value, const std::array<Field<Target>, N>& fields, Target& target, int depth) {
    bool present = false;
    if (!look_for(value, Kind::object, present)) return false;
    target = Target{};
    if (!present) return true;
    od::object found;
    if (const auto error = value.get_object().get(found)) return fail(error);
    return members(found, fields, target, depth);
  }

  // Calls element(value) for each, which adds to a list of at most `most`.
  template <class Element>
  bool array(od::value& value, std::size_t most, Element element) {
    bool present = false;
    if (!look_for(value, Kind::array, present)) return false;
    if (!present) return true;
    od::array found;
    if (const auto error = value.get_array().get(found)) return fail(error);
    std::size_t index = 0;
    for (auto one : found) {
      od::value item;
      if (const auto error = std::move(one).get(item)) return fail(error);
      if (index >= most) return fail(ErrorCode::out_of_range, "too many");
      if (!element(item, index)) return within("[" + std::to_string(index) + "]");
      ++index;
    }
    return true;
  }

  bool required_object(od::value& value) {
    bool present = false;
    if (!look_for(value, Kind::object, present)) return false;
    return present || fail(ErrorCode::wrong_type, "null in a list");
  }
  bool missing(const char* field) {
    error_ = {ErrorCode::missing_field, field, "required"};
    return false;
  }

  bool customer_ids(od::value& value);
  bool lines(od::value& value);
  bool tenders(od::value& value);
  bool coupons(od::value& value);
  bool applied_discounts(od::value& value);
  bool customer(od::value& value);
  bool original(od::value& value);

  CheckoutDraft draft_;

 private:
  std::uint8_t exponent_;
  Error error_;
};

template <class Target>
using Field = Reading::Field<Target>;
using R = Reading;
using V = od::value;

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

constexpr std::array<Field<LineDraft>, 10> kLineFields = {{
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

constexpr std::array<Field<OriginalRef>, 6> kOriginalFields = {{
    {"checkout_id", [](R& r, V& v, OriginalRef& d) { return r.text(v, d.checkout_id); }},
    {"store_id", [](R& r, V& v, OriginalRef& d) { return r.text(v, d.store_id); }},
    {"lane_id", [](R& r, V& v, OriginalRef& d) { return r.text(v, d.lane_id); }},
    {"business_date", [](R& r, V& v, OriginalRef& d) { return r.date(v, d.business_date); }},
    {"series", [](R& r, V& v, OriginalRef& d) { return r.integer(v, d.series); }},
    {"sequence", [](R& r, V& v, OriginalRef& d) { return r.integer(v, d.sequence); }},
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
  if (!r.object(v, kSourceFields, draft, 2)) return false;
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
    {"totals", [](R& r, V& v, D& d) { return r.object(v, kTotalsFields, d.totals, 2); }},
    {"tenders", [](R& r, V& v, D&) { return r.tenders(v); }},
    {"coupons", [](R& r, V& v, D&) { return r.coupons(v); }},
    {"applied_discounts", [](R& r, V& v, D&) { return r.applied_discounts(v); }},
    {"showing_id", [](R& r, V& v, D& d) { return r.text(v, d.checkout.showing_id); }},
    {"original", [](R& r, V& v, D&) { return r.original(v); }},
    {"source", read_source},
}};

bool Reading::customer_ids(od::value& value) {
  auto& ids = draft_.checkout.customer_ids;
  ids.clear();
  return array(value, kMaxCustomerIds, [&](od::value& item, std::size_t) {
    IdDraft draft;
    if (!required_object(item) || !object(item, kIdFields, draft, 4)) return false;
    if (!draft.has_type) return missing("type");
    if (draft.id.value.empty()) return missing("value");
    ids.push_back(std::move(draft.id));
    return true;
  });
}

bool Reading::customer(od::value& value) {
  draft_.checkout.customer_ids.clear();
  CustomerDraft nothing;
  return object(value, kCustomerFields, nothing, 2);
}

bool Reading::lines(od::value& value) {
  auto& lines = draft_.checkout.lines;
  lines.clear();
  lines.reserve(16);
  return array(value, kMaxLines, [&](od::value& item, std::size_t index) {
    LineDraft draft;
    if (!required_object(item) || !object(item, kLineFields, draft, 3)) return false;
    auto line = finish_line(std::move(draft), index);
    if (!line) return fail(line.error());
    lines.push_back(std::move(line).value());
    return true;
  });
}

bool Reading::tenders(od::value& value) {
  auto& tenders = draft_.checkout.tenders;
  tenders.clear();
  return array(value, kMaxTenders, [&](od::value& item, std::size_t) {
    return required_object(item) && object(item, kTenderFields, tenders.emplace_back(), 3);
  });
}

bool Reading::coupons(od::value& value) {
  auto& coupons = draft_.checkout.coupons;
  coupons.clear();
  return array(value, kMaxCoupons, [&](od::value& item, std::size_t) { return text(item, coupons.emplace_back()); });
}

bool Reading::applied_discounts(od::value& value) {
  auto& discounts = draft_.checkout.applied_discounts;
  discounts.clear();
  return array(value, kMaxLines, [&](od::value& item, std::size_t) {
    return required_object(item) && object(item, kDiscountFields, discounts.emplace_back(), 3);
  });
}

bool Reading::original(od::value& value) {
  bool present = false;
  draft_.checkout.original.reset();
  if (!look_for(value, Kind::object, present)) return false;
  return !present || object(value, kOriginalFields, draft_.checkout.original.emplace(), 2);
}

bool Reading::read(od::document& document) {
  od::object object;
  if (const auto error = document.get_object().get(object)) {
    if (error == simdjson::INCORRECT_TYPE) return fail(ErrorCode::bad_json, "one object is wanted");
    return fail(error);
  }
  if (!members(object, kFields, draft_, 1)) return false;
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
    Reading reading(currency.exponent);
    reading.draft_.checkout.currency = currency;
    od::document document;
    const simdjson::padded_string_view padded(text.data(), text.size(), text.size() + simdjson::SIMDJSON_PADDING);
    if (const auto error = parser.iterate(padded).get(document))
      return Error{code_of(error), "", simdjson::error_message(error)};
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
