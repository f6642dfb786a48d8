#include "pos_adapter/journal/dates.h"

#include "pos_adapter/journal/decimals.h"

namespace tillside::journal {
namespace {

struct Fields {
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  bool twelve_hours = false, afternoon = false;
};

bool take_number(std::string_view& text, int max_digits, int& out) {
  int digits = 0, value = 0;
  while (digits < max_digits && !text.empty() && text.front() >= '0' && text.front() <= '9') {
    value = value * 10 + (text.front() - '0');
    text.remove_prefix(1);
    ++digits;
  }
  out = value;
  return digits > 0;
}

bool take_half_day(std::string_view& text, Fields& fields) {
  if (text.size() < 2 || (text[1] != 'M' && text[1] != 'm')) return false;
  const char half = text[0];
  fields.twelve_hours = true;
  fields.afternoon = half == 'P' || half == 'p';
  text.remove_prefix(2);
  return fields.afternoon || half == 'A' || half == 'a';
}

bool take(std::string_view& text, char what, Fields& fields) {
  switch (what) {
    case 'Y':
      return take_number(text, 4, fields.year);
    case 'y':
      if (!take_number(text, 2, fields.year)) return false;
      fields.year += 2000;
      return true;
    case 'm':
      return take_number(text, 2, fields.month);
    case 'd':
      return take_number(text, 2, fields.day);
    case 'H':
    case 'I':
      return take_number(text, 2, fields.hour);
    case 'M':
      return take_number(text, 2, fields.minute);
    case 'S':
      return take_number(text, 2, fields.second);
    case 'p':
      return take_half_day(text, fields);
    default:
      return false;
  }
}

bool take_blanks(std::string_view& text) {
  const auto before = text.size();
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  return text.size() != before;
}

bool match(std::string_view text, std::string_view format, Fields& fields) {
  for (std::size_t at = 0; at < format.size(); ++at) {
    if (format[at] == '%' && at + 1 < format.size()) {
      if (!take(text, format[++at], fields)) return false;
    } else if (format[at] == ' ') {
      if (!take_blanks(text)) return false;
    } else {
      if (text.empty() || text.front() != format[at]) return false;
      text.remove_prefix(1);
    }
  }
  return text.empty();
}

int days_in(int year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

bool real(const Fields& f) {
  if (f.year < 1 || f.month < 1 || f.month > 12 || f.day < 1 || f.day > days_in(f.year, f.month)) return false;
  if (f.twelve_hours && (f.hour < 1 || f.hour > 12)) return false;
  return f.hour <= 23 && f.minute <= 59 && f.second <= 60;
}

}  // namespace

Result<std::int64_t> parse_local(std::string_view text, std::string_view format) {
  Fields fields;
  if (!match(trimmed(text), format, fields) || !real(fields)) return Error{ErrorCode::bad_time, "", "no such date"};
  if (fields.twelve_hours) fields.hour = fields.hour % 12 + (fields.afternoon ? 12 : 0);
  return date_of(fields.year, fields.month, fields.day).days * kDay + fields.hour * kHour + fields.minute * kMinute +
         fields.second * kSecond;
}

Result<Instant> parse_instant(std::string_view text, std::string_view format, const StoreZone& zone) {
  if (format.empty()) return parse_time(trimmed(text), zone);
  auto local = parse_local(text, format);
  if (!local.ok()) return local.error();
  return zone.at_local(*local);
}

Result<LocalDate> parse_day(std::string_view text, std::string_view format) {
  if (format.empty()) {
    text = trimmed(text);
    const bool with_time = text.size() > 10 && (text[10] == 'T' || text[10] == ' ');
    return parse_date(with_time ? text.substr(0, 10) : text);
  }
  auto local = parse_local(text, format);
  if (!local.ok()) return local.error();
  const std::int64_t days = *local >= 0 ? *local / kDay : -((-*local + kDay - 1) / kDay);
  return LocalDate{static_cast<std::int32_t>(days)};
}

}  // namespace tillside::journal
