#include "agent/domain/time.h"

#include <date/date.h>

#include <algorithm>
#include <utility>

namespace tillside {
namespace {

constexpr std::int64_t kCodeEpoch = 1'704'067'200'000;  // 2024-01-01T00:00Z
constexpr std::int64_t kFarthestOffset = 18 * kHour;

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }
std::int64_t floor_mod(std::int64_t a, std::int64_t b) { return a - floor_div(a, b) * b; }

date::sys_days sys_days_of(LocalDate day) { return date::sys_days{date::days{day.days}}; }

constexpr LocalDate kFirstDate{-719'162}, kLastDate{2'932'896};  // 0001-01-01, 9999-12-31

Error bad_time(const char* detail) { return {ErrorCode::bad_time, "", detail}; }

// A reader of fixed fields, failing softly: after the first failure every answer is 0.
class Fields {
 public:
  explicit Fields(std::string_view text) : text_(text) {}

  bool ok() const { return ok_; }
  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  void skip() { ++at_; }

  void expect(char c) {
    if (peek() == c)
      ++at_;
    else
      ok_ = false;
  }
  int digits(int count) {
    int value = 0;
    for (int i = 0; i < count; ++i) value = value * 10 + digit();
    return ok_ ? value : 0;
  }
  bool next_is_digit() const { return peek() >= '0' && peek() <= '9'; }
  int digit() {
    if (!next_is_digit()) {
      ok_ = false;
      return 0;
    }
    return text_[at_++] - '0';
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

std::optional<LocalDate> read_date(Fields& in) {
  const int year = in.digits(4);
  in.expect('-');
  const int month = in.digits(2);
  in.expect('-');
  const int day = in.digits(2);
  const date::year_month_day fields{date::year{year}, date::month{static_cast<unsigned>(month)},
                                    date::day{static_cast<unsigned>(day)}};
  if (!in.ok() || year < 1 || !fields.ok()) return std::nullopt;
  return date_of(year, month, day);
}

int read_milliseconds(Fields& in) {
  in.skip();
  int value = in.digit() * 100;
  for (int weight = 10; in.next_is_digit(); weight /= 10) value += in.digit() * weight;
  return value;
}

std::optional<std::int64_t> read_time_of_day(Fields& in) {
  const int hour = in.digits(2);
  in.expect(':');
  const int minute = in.digits(2);
  in.expect(':');
  const int second = in.digits(2);
  const int ms = in.peek() == '.' ? read_milliseconds(in) : 0;
  if (!in.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return hour * kHour + minute * kMinute + second * kSecond + (second == 60 ? 0 : ms);
}

// Local minus UTC in milliseconds; nullopt when malformed. Only called where an offset must stand.
std::optional<std::int64_t> read_offset(Fields& in) {
  const char sign = in.peek();
  in.skip();
  if (sign == 'Z' || sign == 'z') return 0;
  if (sign != '+' && sign != '-') return std::nullopt;
  const int hour = in.digits(2);
  in.expect(':');
  const int minute = in.digits(2);
  if (!in.ok() || hour > 23 || minute > 59) return std::nullopt;
  return (hour * kHour + minute * kMinute) * (sign == '-' ? -1 : 1);
}

void append_digits(std::string& out, std::int64_t value, int count) {
  char digits[8];
  for (int i = count - 1; i >= 0; --i, value /= 10) digits[i] = static_cast<char>('0' + value % 10);
  out.append(digits, static_cast<std::size_t>(count));
}

void append_date(std::string& out, LocalDate day) {
  const auto fields = fields_of(day);
  append_digits(out, fields.year, 4);
  out.push_back('-');
  append_digits(out, fields.month, 2);
  out.push_back('-');
  append_digits(out, fields.day, 2);
}

void append_offset(std::string& out, std::int32_t offset_s) {
  out.push_back(offset_s < 0 ? '-' : '+');
  const std::int32_t minutes = (offset_s < 0 ? -offset_s : offset_s) / 60;
  append_digits(out, minutes / 60, 2);
  out.push_back(':');
  append_digits(out, minutes % 60, 2);
}

std::size_t shift_at(const std::vector<StoreZone::Shift>& shifts, Instant at) {
  const auto after = std::upper_bound(shifts.begin(), shifts.end(), at,
                                      [](Instant value, const StoreZone::Shift& shift) { return value < shift.from; });
  return after == shifts.begin() ? 0 : static_cast<std::size_t>(after - shifts.begin()) - 1;
}

struct Candidates {
  std::optional<Instant> first, last;  // the instants at which a wall clock shows the wanted time
  Instant after_gap;                   // meant when there is none
};

Candidates instants_of(const std::vector<StoreZone::Shift>& shifts, std::int64_t local_ms) {
  Candidates found;
  const std::size_t last = shift_at(shifts, Instant{local_ms + kFarthestOffset});
  for (std::size_t i = shift_at(shifts, Instant{local_ms - kFarthestOffset}); i <= last; ++i) {
    const Instant at{local_ms - shifts[i].offset_s * kSecond};
    const bool begun = i == 0 || at >= shifts[i].from;
    const bool over = i + 1 < shifts.size() && at >= shifts[i + 1].from;
    if (begun && !over) {
      if (!found.first) found.first = at;
      found.last = at;
    }
    if (begun) found.after_gap = at;
  }
  return found;
}

}  // namespace

LocalDate date_of(int year, int month, int day) {
  const date::year_month_day fields{date::year{year}, date::month{static_cast<unsigned>(month)},
                                    date::day{static_cast<unsigned>(day)}};
  return {static_cast<std::int32_t>(date::sys_days{fields}.time_since_epoch().count())};
}

YearMonthDay fields_of(LocalDate day) {
  const date::year_month_day fields{sys_days_of(day)};
  return {int{fields.year()}, static_cast<int>(unsigned{fields.month()}), static_cast<int>(unsigned{fields.day()})};
}

int weekday_of(LocalDate day) { return static_cast<int>(date::weekday{sys_days_of(day)}.c_encoding()); }

Result<LocalDate> parse_date(std::string_view text) {
  Fields in(text);
  const auto day = read_date(in);
  if (!day || !in.at_end()) return bad_time("not a date of the form 2026-11-22");
  return *day;
}

std::string format_date(LocalDate day) {
  std::string text;
  append_date(text, day);
  return text;
}

StoreZone::StoreZone(std::string name, std::vector<Shift> shifts) : name_(std::move(name)), shifts_(std::move(shifts)) {
  if (shifts_.empty()) shifts_.push_back({Instant{0}, 0});
}

std::int32_t StoreZone::offset_s(Instant at) const { return shifts_[shift_at(shifts_, at)].offset_s; }

LocalDate StoreZone::date(Instant at) const {
  return {static_cast<std::int32_t>(floor_div(at.ms + offset_s(at) * kSecond, kDay))};
}

int StoreZone::minute_of_day(Instant at) const {
  return static_cast<int>(floor_mod(at.ms + offset_s(at) * kSecond, kDay) / kMinute);
}

Instant StoreZone::end_of(LocalDate day) const {
  const auto midnight = instants_of(shifts_, (static_cast<std::int64_t>(day.days) + 1) * kDay);
  return midnight.last.value_or(midnight.after_gap).plus_ms(-1);
}

Instant StoreZone::at_local(std::int64_t local_ms_since_1970) const {
  const auto found = instants_of(shifts_, local_ms_since_1970);
  return found.first.value_or(found.after_gap);
}

Result<Instant> parse_time(std::string_view text, const StoreZone& zone) {
  Fields in(text);
  const auto day = read_date(in);
  const char between = in.peek();
  if (!day || (between != 'T' && between != 't' && between != ' ')) return bad_time("not a time as in RFC 3339");
  in.skip();
  const auto time_of_day = read_time_of_day(in);
  if (!time_of_day) return bad_time("not a time as in RFC 3339");
  const std::int64_t local = day->days * kDay + *time_of_day;
  if (in.at_end()) return zone.at_local(local);
  const auto offset = read_offset(in);
  if (!offset || !in.at_end()) return bad_time("not an offset as in RFC 3339");
  const Instant at{local - *offset};
  if (zone.date(at) < kFirstDate || zone.date(at) > kLastDate) return bad_time("outside the years 1 to 9999");
  return at;
}

std::string format_time(Instant at, const StoreZone& zone) {
  at.ms = std::clamp(at.ms, (kFirstDate.days + 1) * kDay, kLastDate.days * kDay);
  const std::int32_t offset = zone.offset_s(at) / 60 * 60;
  const std::int64_t local = at.ms + offset * kSecond, in_day = floor_mod(local, kDay);
  std::string text;
  text.reserve(32);
  append_date(text, LocalDate{static_cast<std::int32_t>(floor_div(local, kDay))});
  text.push_back('T');
  append_digits(text, in_day / kHour, 2);
  text.push_back(':');
  append_digits(text, in_day / kMinute % 60, 2);
  text.push_back(':');
  append_digits(text, in_day / kSecond % 60, 2);
  if (in_day % kSecond != 0) {
    text.push_back('.');
    append_digits(text, in_day % kSecond, 3);
  }
  append_offset(text, offset);
  return text;
}

std::uint32_t code_minutes(Instant at) {
  constexpr std::int64_t kHighest = (1 << 24) - 1;
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(floor_div(at.ms - kCodeEpoch, kMinute), 0, kHighest));
}

Instant from_code_minutes(std::uint32_t minutes) { return {kCodeEpoch + minutes * kMinute}; }

}  // namespace tillside
