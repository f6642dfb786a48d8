#include "pos_adapter/journal/ticket.h"

#include <algorithm>
#include <utility>

#include "pos_adapter/journal/dates.h"
#include "pos_adapter/journal/returned_line.h"

namespace tillside::journal {
namespace {

using Failure = std::optional<Error>;

bool lists(const std::vector<std::string>& values, std::string_view value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

const std::string& first_of(const std::string& a, const std::string& b) { return a.empty() ? b : a; }

Failure bad(ErrorCode code, Field field, const char* detail) { return Error{code, name_of(field), detail}; }

template <class T>
Failure into(T& target, Result<T> read) {
  if (!read.ok()) return read.error();
  target = *read;
  return {};
}

// A row of a POS that writes payments beside articles: it pays and sells nothing.
bool is_payment_alone(const Row& row) {
  if (row.cell(Field::tender_type).empty() && row.cell(Field::tender_amount).empty()) return false;
  const auto article = {Field::sku,        Field::name,   Field::kind,     Field::quantity,
                        Field::unit_price, Field::amount, Field::discount, Field::tax};
  return std::all_of(article.begin(), article.end(), [&](Field field) { return row.cell(field).empty(); });
}

Minor gross_of(const Checkout& checkout) {
  Minor sum = 0;
  for (const Line& line : checkout.lines)
    if (line.kind != LineKind::discount) sum += line.amount;
  return sum;
}

Minor discount_of(const Checkout& checkout) {
  Minor sum = 0;
  for (const Line& line : checkout.lines) sum += line.kind == LineKind::discount ? -line.amount : line.discount;
  return sum;
}

}  // namespace

void TicketBuilder::begin(const Row& first) {
  ticket_ = first.cell(Field::ticket);
  checkout_ = Checkout{};
  error_.reset();
  whole_tender_.reset();
  if (auto error = read_head(first)) spoil(*error);
}

void TicketBuilder::spoil(const Error& error) {
  if (!error_) error_ = error;
}

void TicketBuilder::add(const Row& row) {
  if (error_) return;
  if (checkout_.lines.size() >= kMaxLines) return spoil({ErrorCode::out_of_range, "lines", "too many rows"});
  if (checkout_.tenders.size() > kMaxTenders) return spoil({ErrorCode::out_of_range, "tenders", "too many rows"});
  auto error = is_payment_alone(row) ? Failure() : read_line(row);
  if (!error) error = read_tender(row);
  if (error) spoil(*error);
}

Failure TicketBuilder::read_head(const Row& row) {
  checkout_.store_id = renamed(mapping_.stores, row.cell(Field::store_id));
  if (checkout_.store_id.empty()) checkout_.store_id = first_of(mapping_.store_id, defaults_.store_id);
  checkout_.lane_id = renamed(mapping_.lanes, row.cell(Field::lane_id));
  if (checkout_.lane_id.empty()) checkout_.lane_id = first_of(mapping_.lane_id, defaults_.lane_id);
  checkout_.operator_id = row.cell(Field::operator_id);
  checkout_.guide_id = row.cell(Field::guide_id);
  checkout_.source = {"journal", mapping_.pos, Confidence::exact};
  checkout_.currency = mapping_.currency.value_or(defaults_.currency);
  if (!row.cell(Field::currency).empty())
    if (auto error = into(checkout_.currency, currency_of(row.cell(Field::currency)))) return error;
  decimals_ = Decimals(checkout_.currency);
  checkout_.prices_include_tax = mapping_.prices_include_tax.value_or(true);
  cancelled_ = (!mapping_.cancel_prefix.empty() && ticket_.starts_with(mapping_.cancel_prefix)) ||
               lists(mapping_.cancel_values, row.cancel_mark);
  read_customer(row);
  if (auto error = read_number(row)) return error;
  return read_times(row);
}

Failure TicketBuilder::read_number(const Row& row) {
  checkout_.checkout_id = ticket_;
  const auto& original = row.cell(Field::original);
  if (!original.empty()) {
    checkout_.original.emplace();
    checkout_.original->checkout_id = original;
  }
  if (!row.cell(Field::sequence).empty())
    return into(checkout_.sequence, whole_number(row.cell(Field::sequence), name_of(Field::sequence)));
  std::string_view digits = ticket_;
  digits.remove_prefix(std::min(digits.find_first_of("0123456789"), digits.size()));
  const auto number = whole_number(digits, "");
  checkout_.sequence = number.ok() ? *number : 0;
  return {};
}

Failure TicketBuilder::read_times(const Row& row) {
  const auto text = row.cell(Field::occurred_at);
  checkout_.occurred_at_text = text;
  checkout_.occurred_at = defaults_.now;
  if (!text.empty()) {
    auto at = parse_instant(text, mapping_.dates, *defaults_.zone);
    if (!at.ok()) return bad(ErrorCode::bad_time, Field::occurred_at, "no such time in this format");
    checkout_.occurred_at = *at;
  }
  if (row.cell(Field::business_date).empty()) {
    checkout_.business_date = defaults_.zone->date(checkout_.occurred_at);
    checkout_.business_date_assumed = true;
    return {};
  }
  auto day = parse_day(row.cell(Field::business_date), mapping_.business_dates);
  if (!day.ok()) return bad(ErrorCode::bad_time, Field::business_date, "no such date in this format");
  checkout_.business_date = *day;
  return {};
}

void TicketBuilder::read_customer(const Row& row) {
  std::string_view value = row.cell(Field::customer);
  if (lists(mapping_.customer_nobody, value)) return;
  if (!mapping_.customer_strip_suffix.empty() && value.ends_with(mapping_.customer_strip_suffix))
    value.remove_suffix(mapping_.customer_strip_suffix.size());
  if (!trimmed(value).empty())
    checkout_.customer_ids.push_back({mapping_.customer_type, std::string(value), mapping_.customer_proof});
}

std::string TicketBuilder::number_text(std::string_view text) const {
  std::string plain;
  for (char letter : text) {
    if (mapping_.thousands != 0 && letter == mapping_.thousands) continue;
    plain += letter == mapping_.decimal_point ? '.' : letter;
  }
  return plain;
}

Failure TicketBuilder::read_line(const Row& row) {
  Line line;
  line.line_no = static_cast<std::int32_t>(checkout_.lines.size() + 1);
  line.sku = row.cell(Field::sku);
  line.name = row.cell(Field::name);
  line.category = row.cell(Field::category);
  line.unit = row.cell(Field::unit);
  if (!row.cell(Field::line_no).empty()) {
    auto number = whole_number(row.cell(Field::line_no), name_of(Field::line_no));
    if (!number.ok() || *number > 1'000'000) return bad(ErrorCode::bad_format, Field::line_no, "not 0 to 10^6");
    line.line_no = static_cast<std::int32_t>(*number);
  }
  if (auto error = read_amounts(row, line)) return error;
  Failure error;
  line.kind = kind_of(row, line, error);
  if (error) return error;
  if (line.kind == LineKind::returned || line.kind == LineKind::voided) turn_back(line);
  if (line.kind == LineKind::discount) line.amount = -std::abs(line.amount);
  checkout_.lines.push_back(std::move(line));
  return {};
}

Failure TicketBuilder::read_amounts(const Row& row, Line& line) {
  Decimals whole_units(Currency{{'X', 'X', 'X', 0}, 0});
  Decimals& money = mapping_.amounts_are_minor ? whole_units : decimals_;
  const auto text = [&](Field field) { return number_text(row.cell(field)); };
  const std::string quantity = row.cell(Field::quantity).empty() ? "1" : text(Field::quantity);
  Minor tax = 0;
  Failure error = into(line.quantity, decimals_.quantity(quantity, name_of(Field::quantity)));
  if (!error) error = into(line.unit_price, money.amount(text(Field::unit_price), name_of(Field::unit_price)));
  if (!error) error = into(line.discount, money.amount(text(Field::discount), name_of(Field::discount)));
  if (!error) error = into(tax, money.amount(text(Field::tax), name_of(Field::tax)));
  if (error) return error;
  checkout_.totals.tax += tax;
  checkout_.decimals_rounded = checkout_.decimals_rounded || whole_units.rounded();
  if (!row.cell(Field::amount).empty())
    return into(line.amount, money.amount(text(Field::amount), name_of(Field::amount)));
  return into(line.amount, money.product(quantity, text(Field::unit_price), name_of(Field::unit_price)));
}

LineKind TicketBuilder::kind_of(const Row& row, const Line& line, Failure& error) const {
  if (!row.cell(Field::kind).empty()) {
    const auto kind = line_kind_of(row.cell(Field::kind));
    if (!kind) error = bad(ErrorCode::unknown_value, Field::kind, "not a kind of line");
    return kind.value_or(LineKind::sale);
  }
  const bool back = line.amount < 0 || (line.amount == 0 && line.quantity < 0);
  if (lists(mapping_.discount_skus, line.sku)) return line.amount <= 0 ? LineKind::discount : LineKind::fee;
  if (back) return LineKind::returned;
  if (lists(mapping_.fee_skus, line.sku)) return LineKind::fee;
  return lists(mapping_.deposit_skus, line.sku) ? LineKind::deposit : LineKind::sale;
}

Failure TicketBuilder::read_tender(const Row& row) {
  const auto type_text = row.cell(Field::tender_type);
  if (type_text.empty() && row.cell(Field::tender_amount).empty()) return {};
  Tender tender;
  if (!type_text.empty()) {
    const auto type = tender_type_of(type_text);
    if (!type) return bad(ErrorCode::unknown_value, Field::tender_type, "not a type of tender");
    tender.type = *type;
  }
  if (row.cell(Field::tender_amount).empty()) {
    whole_tender_ = tender.type;
    return {};
  }
  Decimals whole_units(Currency{{'X', 'X', 'X', 0}, 0});
  Decimals& money = mapping_.amounts_are_minor ? whole_units : decimals_;
  if (auto error =
          into(tender.amount, money.amount(number_text(row.cell(Field::tender_amount)), name_of(Field::tender_amount))))
    return error;
  checkout_.tenders.push_back(tender);
  return {};
}

// A cancellation written with positive figures is turned round; a ticket that pays out is a return.
void TicketBuilder::settle() {
  if (cancelled_ && gross_of(checkout_) - discount_of(checkout_) > 0) {
    for (Line& line : checkout_.lines) {
      if (line.kind == LineKind::discount) continue;
      line.kind = LineKind::returned;
      turn_back(line);
    }
    for (Tender& tender : checkout_.tenders) tender.amount = -std::abs(tender.amount);
    checkout_.totals.tax = -std::abs(checkout_.totals.tax);
  }
  Totals& totals = checkout_.totals;
  totals.gross = gross_of(checkout_);
  totals.discount = discount_of(checkout_);
  totals.net = totals.gross - totals.discount + (checkout_.prices_include_tax ? 0 : totals.tax);
  checkout_.state =
      cancelled_ ? mapping_.cancel_state : (totals.net < 0 ? CheckoutState::returned : CheckoutState::completed);
  const auto whole = whole_tender_ ? whole_tender_ : mapping_.tender;
  if (checkout_.tenders.empty() && whole && totals.net != 0) checkout_.tenders.push_back({*whole, totals.net});
}

Result<Checkout> TicketBuilder::finish() {
  if (error_) return *error_;
  settle();
  checkout_.decimals_rounded = checkout_.decimals_rounded || decimals_.rounded();
  return std::move(checkout_);
}

}  // namespace tillside::journal
