#include "pos_adapter/journal/database/mark.h"

#include <array>
#include <cstdio>
#include <limits>

#include "agent/domain/money.h"
#include "pos_adapter/journal/dates.h"
#include "pos_adapter/journal/decimals.h"

namespace tillside::journal {
namespace {

constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max() / 2;

Result<Mark> parse_moment(std::string_view text) {
  const Error none{ErrorCode::bad_time, "high_water", "not a date and time"};
  std::int64_t fraction = 0;
  const auto point = text.find('.');
  if (point != std::string_view::npos) {
    int digits = 0;
    for (char digit : text.substr(point + 1)) {
      if (digit < '0' || digit > '9') return none;
      if (++digits <= 3) fraction = fraction * 10 + (digit - '0');
    }
    for (; digits < 3; ++digits) fraction *= 10;
    text = text.substr(0, point);
  }
  for (const char* format : {"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"})
    if (const auto local = parse_local(text, format); local.ok()) return *local + fraction;
  return none;
}

}  // namespace

Result<Mark> parse_mark(std::string_view text, MarkKind kind) {
  text = trimmed(text);
  if (kind == MarkKind::time) return parse_moment(text);
  const auto number = read_decimal(text, 0, kLargest);
  if (text.empty() || !number.ok() || number->rounded)
    return Error{ErrorCode::bad_format, "high_water", "not a whole number"};
  return number->value;
}

std::string format_mark(Mark mark, MarkKind kind) {
  if (kind == MarkKind::integer) return std::to_string(mark);
  std::int64_t days = mark / kDay, rest = mark % kDay;
  if (rest < 0) {
    rest += kDay;
    --days;
  }
  std::array<char, 32> clock{};
  std::snprintf(clock.data(), clock.size(), " %02d:%02d:%02d.%03d", static_cast<int>(rest / kHour),
                static_cast<int>(rest / kMinute % 60), static_cast<int>(rest / kSecond % 60),
                static_cast<int>(rest % 1000));
  return format_date(LocalDate{static_cast<std::int32_t>(days)}) + clock.data();
}

Mark set_back(Mark mark, std::int64_t by) { return mark < -kLargest + by ? -kLargest : mark - by; }

std::string whole_digits(std::string_view text, bool& whole) {
  const auto number = read_decimal(trimmed(text), 0, kLargest);
  whole = number.ok() && !number->rounded && !trimmed(text).empty();
  return whole ? std::to_string(number->value) : std::string();
}

}  // namespace tillside::journal
