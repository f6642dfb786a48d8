#include "pos_adapter/journal/database/row_shape.h"

#include <algorithm>
#include <utility>

#include "pos_adapter/journal/encoding.h"
#include "pos_adapter/journal/ticket.h"

namespace tillside::journal {
namespace {

constexpr std::size_t kAbsent = static_cast<std::size_t>(-1);
constexpr std::size_t kCancel = kFields;
constexpr std::int64_t kSecondsEnd = 100'000'000'000;  // an epoch beyond is in milliseconds

bool same_letters(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

std::size_t find_column(const std::vector<Column>& columns, std::string_view name) {
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].name == name) return i;
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (same_letters(columns[i].name, name)) return i;
  return kAbsent;
}

Error missing(const std::string& column, const char* what) {
  return {ErrorCode::missing_field, column, std::string("the query gives no such column; it is wanted as ") + what};
}

// Fields that are names or numbers of things: a numeric column may write them 451.0000.
bool is_name(std::size_t field) {
  switch (static_cast<Field>(field)) {
    case Field::occurred_at:
    case Field::business_date:
    case Field::quantity:
    case Field::unit_price:
    case Field::amount:
    case Field::discount:
    case Field::tax:
    case Field::tender_amount:
      return false;
    default:
      return true;
  }
}

// "2026-11-22 09:15:03 +08:00", as a column with a zone of its own writes it.
std::string joined_offset(std::string_view text) {
  std::string out(text);
  const auto blank = out.find(' ', 11);
  if (blank != std::string::npos && blank + 1 < out.size() && (out[blank + 1] == '+' || out[blank + 1] == '-'))
    out.erase(blank, 1);
  return out;
}

bool is_moment(std::size_t field) {
  return field == static_cast<std::size_t>(Field::occurred_at) ||
         field == static_cast<std::size_t>(Field::business_date);
}

}  // namespace

std::vector<std::string> RowShape::names_of(const std::vector<Column>& columns) {
  std::vector<std::string> names;
  names.reserve(columns.size());
  for (const Column& column : columns)
    names.push_back(column.name + '\0' + std::to_string(static_cast<int>(column.kind)));
  return names;
}

Result<RowShape> RowShape::of(const std::vector<Column>& columns, const Mapping& mapping, const std::string& high_water,
                              MarkKind kind) {
  RowShape shape;
  shape.mapping_ = mapping;
  shape.kind_ = kind;
  shape.columns_ = names_of(columns);
  for (std::size_t field = 0; field < KeptRow::kCells; ++field) {
    const std::string& name = field == kCancel ? mapping.cancel_column : mapping.columns[field];
    shape.at_[field] = name.empty() ? kAbsent : find_column(columns, name);
    const bool wanted = field == 0 || mapping.columns_named || field == kCancel;
    if (!name.empty() && wanted && shape.at_[field] == kAbsent)
      return missing(name, field == kCancel ? "cancellation.column" : name_of(static_cast<Field>(field)));
    if (shape.at_[field] != kAbsent) shape.kinds_[field] = columns[shape.at_[field]].kind;
  }
  shape.mark_at_ = find_column(columns, high_water);
  if (shape.mark_at_ == kAbsent) return missing(high_water, "high_water");
  // A date column tells its form itself; a number is seconds or milliseconds since 1970. Both are handed on as RFC
  // 3339.
  const auto formless = [&](Field field) {
    return shape.kinds_[static_cast<std::size_t>(field)] == ColumnKind::time ||
           (shape.kinds_[static_cast<std::size_t>(field)] == ColumnKind::number && mapping.dates.empty());
  };
  if (formless(Field::occurred_at)) shape.mapping_.dates.clear();
  if (formless(Field::business_date)) shape.mapping_.business_dates.clear();
  return shape;
}

std::string RowShape::cell_text(std::size_t index, const std::string& text, const StoreZone& zone) const {
  if (kinds_[index] == ColumnKind::time) return joined_offset(trimmed(text));
  if (kinds_[index] != ColumnKind::number) return std::string(trimmed(text));
  bool whole = false;
  const std::string digits = whole_digits(text, whole);
  if (!whole) return std::string(trimmed(text));
  const std::string& format =
      index == static_cast<std::size_t>(Field::occurred_at) ? mapping_.dates : mapping_.business_dates;
  if (is_moment(index) && format.empty()) {
    const std::int64_t number = *parse_mark(digits, MarkKind::integer);
    return format_time(Instant{number < kSecondsEnd ? number * kSecond : number}, zone);
  }
  return is_name(index) || is_moment(index) ? digits : std::string(trimmed(text));
}

Result<RowAt> RowShape::row(const Cells& cells, const StoreZone& zone) const {
  RowAt out;
  if (!cells[mark_at_]) return Error{ErrorCode::missing_field, "high_water", "NULL"};
  auto mark = parse_mark(*cells[mark_at_], kind_);
  if (!mark.ok()) return mark.error();
  out.mark = *mark;
  std::array<std::string, KeptRow::kCells> texts;
  std::optional<Error> error;
  for (std::size_t field = 0; field < KeptRow::kCells; ++field) {
    if (at_[field] == kAbsent || !cells[at_[field]]) continue;
    auto text = to_utf8(*cells[at_[field]], mapping_.encoding);
    if (text.ok()) {
      texts[field] = cell_text(field, *text, zone);
    } else if (!error) {
      error = Error{ErrorCode::invalid_utf8, field == kCancel ? "cancellation" : name_of(static_cast<Field>(field)),
                    "not text in the mapping's [file] encoding"};
    }
  }
  const auto text = [&](Field field) -> const std::string& { return texts[static_cast<std::size_t>(field)]; };
  out.lane = text(Field::store_id) + '\0' + text(Field::lane_id);
  out.ticket = out.lane + '\0' + text(Field::business_date).substr(0, 10) + '\0' + text(Field::ticket);
  if (text(Field::ticket).empty()) {  // by itself: it belongs to no other row
    if (!error) error = Error{ErrorCode::missing_field, "ticket", "the row names no ticket"};
    out.ticket += '\0' + std::to_string(out.mark);
  }
  out.row = KeptRow(texts);
  out.row.error = std::move(error);
  return out;
}

Result<Checkout> RowShape::checkout(const TicketRows& ticket, const Defaults& defaults) const {
  TicketBuilder builder(mapping_, defaults);
  bool begun = false;
  for (const KeptRow& kept : ticket.rows) {
    Row row;
    for (std::size_t field = 0; field < kFields; ++field) row.cells[field] = kept.cell(field);
    row.cancel_mark = kept.cell(kCancel);
    if (!begun) builder.begin(row);
    begun = true;
    if (kept.error) {
      builder.spoil(*kept.error);
    } else {
      builder.add(row);
    }
  }
  return builder.finish();
}

}  // namespace tillside::journal
