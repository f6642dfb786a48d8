// Time as the house uses it: UTC milliseconds, and the store's own calendar where a weekday or a business date matters.
//
// Nothing here asks a clock: the time is an argument. A StoreZone is a table of shifts made outside (from the system's
// time-zone database) and handed in, so that rules stay pure.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/result.h"

namespace tillside {

// Milliseconds since 1970-01-01T00:00Z.
struct Instant {
  std::int64_t ms = 0;
  auto operator<=>(const Instant&) const = default;
  Instant plus_ms(std::int64_t delta) const { return {ms + delta}; }
};

inline constexpr std::int64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;

// A calendar date, as days since 1970-01-01; range 0001-01-01 to 9999-12-31.
struct LocalDate {
  std::int32_t days = 0;
  auto operator<=>(const LocalDate&) const = default;
};

LocalDate date_of(int year, int month, int day);  // must be a valid date
struct YearMonthDay {
  int year = 1970, month = 1, day = 1;
};
YearMonthDay fields_of(LocalDate date);
int weekday_of(LocalDate date);  // 0 Sunday to 6 Saturday

Result<LocalDate> parse_date(std::string_view text);  // "2026-11-22"; else bad_time
std::string format_date(LocalDate date);

// A store's time zone: what to add to UTC, from which instant on.
class StoreZone {
 public:
  struct Shift {
    Instant from;               // this shift holds from here on
    std::int32_t offset_s = 0;  // local minus UTC, in seconds, within +-18 hours
  };

  StoreZone() = default;  // Asia/Shanghai: UTC+8, no daylight saving since 1991
  // shifts in rising order; the first also holds before its instant. Empty shifts mean UTC.
  StoreZone(std::string name, std::vector<Shift> shifts);

  const std::string& name() const { return name_; }
  std::int32_t offset_s(Instant at) const;
  LocalDate date(Instant at) const;
  int minute_of_day(Instant at) const;  // 0 to 1439
  // The last millisecond of that local date.
  Instant end_of(LocalDate date) const;
  // The instant a wall clock of this store shows this local time. In a gap: after it; when told twice: the first.
  Instant at_local(std::int64_t local_ms_since_1970) const;

 private:
  std::string name_ = "Asia/Shanghai";
  std::vector<Shift> shifts_{{Instant{0}, 8 * 3600}};
};

// RFC 3339, or the same without an offset (or with a blank for the T), which is then the store's local time.
// Fractions beyond milliseconds are dropped; a leap second is read as the next second. Else bad_time.
Result<Instant> parse_time(std::string_view text, const StoreZone& zone);

// "2026-11-22T09:15:03.120+08:00" in the store's time; milliseconds left out when zero.
std::string format_time(Instant at, const StoreZone& zone);

// Minutes since 2024-01-01T00:00Z, the epoch of coupons and tokens; clamped to 0 .. 2^24-1.
std::uint32_t code_minutes(Instant at);
Instant from_code_minutes(std::uint32_t minutes);

}  // namespace tillside
