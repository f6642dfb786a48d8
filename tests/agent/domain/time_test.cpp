#include "agent/domain/time.h"

#include <gtest/gtest.h>

namespace tillside {
namespace {

std::int64_t utc(int year, int month, int day, int hour = 0, int minute = 0, int second = 0) {
  return date_of(year, month, day).days * kDay + hour * kHour + minute * kMinute + second * kSecond;
}

// Europe/Berlin in 2026: summer time from 29 March 01:00Z to 25 October 01:00Z.
StoreZone berlin() {
  return {"Europe/Berlin",
          {{Instant{utc(2025, 10, 26, 1)}, 3600},
           {Instant{utc(2026, 3, 29, 1)}, 7200},
           {Instant{utc(2026, 10, 25, 1)}, 3600}}};
}

// A zone whose clocks go forward at local midnight (00:00 to 01:00) and back from 00:30 to 23:30.
StoreZone midnight_shifts() {
  return {"Test/Midnight",
          {{Instant{0}, -3 * 3600},
           {Instant{utc(2026, 10, 18, 3)}, -2 * 3600},
           {Instant{utc(2027, 2, 21, 2, 30)}, -3 * 3600}}};
}

TEST(Dates, ReadAndWrite) {
  EXPECT_EQ(parse_date("1970-01-01")->days, 0);
  EXPECT_EQ(parse_date("2026-11-22")->days, date_of(2026, 11, 22).days);
  EXPECT_EQ(parse_date("0001-01-01")->days, -719162);
  EXPECT_EQ(parse_date("9999-12-31")->days, 2932896);
  for (const char* text : {"0001-01-01", "1999-12-31", "2000-02-29", "2024-02-29", "9999-12-31"})
    EXPECT_EQ(format_date(*parse_date(text)), text);
}

TEST(Dates, RefusesWhatIsNoDate) {
  for (const char* text : {"", "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-1-1",
                           "0000-01-01", "2026/11/22", "2026-11-22 ", "20261122", "+2026-11-22", "2026-11-2２"})
    EXPECT_EQ(parse_date(text).error().code, ErrorCode::bad_time) << text;
}

TEST(Dates, Weekdays) {
  EXPECT_EQ(weekday_of(date_of(2026, 11, 22)), 0);
  EXPECT_EQ(weekday_of(date_of(1970, 1, 1)), 4);
  EXPECT_EQ(weekday_of(date_of(1969, 12, 31)), 3);
  EXPECT_EQ(fields_of(date_of(2024, 2, 29)).day, 29);
}

TEST(Times, ReadsRfc3339) {
  const StoreZone shanghai;
  EXPECT_EQ(parse_time("2026-11-22T09:15:03.120+08:00", shanghai)->ms, utc(2026, 11, 22, 1, 15, 3) + 120);
  EXPECT_EQ(parse_time("2026-11-22T01:15:03Z", shanghai)->ms, utc(2026, 11, 22, 1, 15, 3));
  EXPECT_EQ(parse_time("2026-11-22t01:15:03z", shanghai)->ms, utc(2026, 11, 22, 1, 15, 3));
  EXPECT_EQ(parse_time("2026-11-22T09:15:03", shanghai)->ms, utc(2026, 11, 22, 1, 15, 3));
  EXPECT_EQ(parse_time("2026-11-22 09:15:03.5", shanghai)->ms, utc(2026, 11, 22, 1, 15, 3) + 500);
  EXPECT_EQ(parse_time("2026-11-22T09:15:03.1239999999-05:30", shanghai)->ms, utc(2026, 11, 22, 14, 45, 3) + 123);
}

TEST(Times, ReadsALeapSecondAsTheNext) {
  EXPECT_EQ(parse_time("2016-12-31T23:59:60Z", StoreZone{})->ms, utc(2017, 1, 1));
  EXPECT_EQ(parse_time("2016-12-31T23:59:60.7Z", StoreZone{})->ms, utc(2017, 1, 1));
}

TEST(Times, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "2026-11-22", "2026-11-22T", "2026-11-22T09:15", "2026-11-22T24:00:00Z", "2026-11-22T09:60:00Z",
        "2026-11-22T09:15:61Z", "2026-11-22T09:15:03.Z", "2026-11-22T09:15:03+8", "2026-11-22T09:15:03+0800",
        "2026-11-22T09:15:03+24:00", "2026-11-22T09:15:03Zx", "2026-02-30T00:00:00Z", "2026-11-22_09:15:03Z",
        "0001-01-01T00:00:00+10:00", "9999-12-31T23:59:59-10:00"})
    EXPECT_EQ(parse_time(text, StoreZone{}).error().code, ErrorCode::bad_time) << text;
}

TEST(Times, WritesTheStoresTime) {
  EXPECT_EQ(format_time({utc(2026, 11, 22, 1, 15, 3) + 120}, StoreZone{}), "2026-11-22T09:15:03.120+08:00");
  EXPECT_EQ(format_time({utc(2026, 11, 22, 20)}, StoreZone{}), "2026-11-23T04:00:00+08:00");
  EXPECT_EQ(format_time({-1}, StoreZone("UTC", {})), "1969-12-31T23:59:59.999+00:00");
  EXPECT_EQ(format_time({utc(2026, 7, 1)}, berlin()), "2026-07-01T02:00:00+02:00");
  EXPECT_EQ(format_time({utc(2026, 7, 1)}, StoreZone("Test/West", {{Instant{0}, -(3 * 3600 + 1800)}})),
            "2026-06-30T20:30:00-03:30");
}

TEST(Times, SurvivesClocksFromAnotherAge) {
  EXPECT_EQ(format_time({INT64_MAX}, StoreZone{}).substr(0, 4), "9999");
  EXPECT_EQ(format_time({INT64_MIN}, StoreZone{}).substr(0, 4), "0001");
}

TEST(Zone, OffsetsChangeAtTheirInstant) {
  const auto zone = berlin();
  EXPECT_EQ(zone.offset_s({utc(2026, 3, 29, 1) - 1}), 3600);
  EXPECT_EQ(zone.offset_s({utc(2026, 3, 29, 1)}), 7200);
  EXPECT_EQ(zone.offset_s({utc(1990, 1, 1)}), 3600);  // before the first shift, the first holds
  EXPECT_EQ(zone.minute_of_day({utc(2026, 7, 1, 22, 30)}), 30);
  EXPECT_EQ(format_date(zone.date({utc(2026, 7, 1, 22, 30)})), "2026-07-02");
  EXPECT_EQ(zone.minute_of_day({-1}), 59);
}

TEST(Zone, AGapMeansAfterIt) {
  const auto zone = berlin();
  EXPECT_EQ(zone.at_local(utc(2026, 3, 29, 2, 30)).ms, utc(2026, 3, 29, 1, 30));  // shown as 03:30
  EXPECT_EQ(zone.at_local(utc(2026, 3, 29, 2, 0)).ms, utc(2026, 3, 29, 1, 0));
  EXPECT_EQ(zone.at_local(utc(2026, 3, 29, 1, 59)).ms, utc(2026, 3, 29, 0, 59));
  EXPECT_EQ(zone.at_local(utc(2026, 3, 29, 3, 0)).ms, utc(2026, 3, 29, 1, 0));
}

TEST(Zone, ATimeToldTwiceMeansTheFirst) {
  const auto zone = berlin();
  EXPECT_EQ(zone.at_local(utc(2026, 10, 25, 2, 30)).ms, utc(2026, 10, 25, 0, 30));
  EXPECT_EQ(zone.at_local(utc(2026, 10, 25, 3, 0)).ms, utc(2026, 10, 25, 2, 0));
  EXPECT_EQ(parse_time("2026-10-25T02:30:00", zone)->ms, utc(2026, 10, 25, 0, 30));
}

TEST(Zone, EndOfADay) {
  EXPECT_EQ(StoreZone{}.end_of(date_of(2026, 11, 22)).ms, utc(2026, 11, 22, 16) - 1);
  const auto zone = berlin();
  for (const auto day : {date_of(2026, 3, 28), date_of(2026, 3, 29), date_of(2026, 10, 24), date_of(2026, 10, 25)}) {
    const Instant end = zone.end_of(day);
    EXPECT_EQ(zone.date(end), day);
    EXPECT_EQ(zone.date(end.plus_ms(1)).days, day.days + 1);
  }
}

TEST(Zone, EndOfADayWhoseMidnightIsSkippedOrToldTwice) {
  const auto zone = midnight_shifts();
  EXPECT_EQ(zone.end_of(date_of(2026, 10, 17)).ms, utc(2026, 10, 18, 3) - 1);
  const Instant end = zone.end_of(date_of(2027, 2, 20));
  EXPECT_EQ(end.ms, utc(2027, 2, 21, 3) - 1);  // the second 23:59:59.999
  EXPECT_EQ(zone.date(end), date_of(2027, 2, 20));
  EXPECT_EQ(zone.date(end.plus_ms(1)), date_of(2027, 2, 21));
}

TEST(Zone, EveryInstantOfAYearComesBackFromItsLocalTime) {
  const auto zone = berlin();
  for (std::int64_t at = utc(2026, 1, 1); at < utc(2027, 1, 1); at += 17 * kMinute) {
    const std::int64_t local = at + zone.offset_s({at}) * kSecond;
    const Instant back = zone.at_local(local);
    EXPECT_LE(back.ms, at);
    EXPECT_EQ(back.ms + zone.offset_s(back) * kSecond, local);
  }
}

TEST(CodeMinutes, CountFrom2024AndClamp) {
  EXPECT_EQ(code_minutes({utc(2024, 1, 1)}), 0u);
  EXPECT_EQ(code_minutes({utc(2024, 1, 1, 0, 1) - 1}), 0u);
  EXPECT_EQ(code_minutes({utc(2024, 1, 1, 0, 1)}), 1u);
  EXPECT_EQ(code_minutes({0}), 0u);
  EXPECT_EQ(code_minutes({utc(2999, 1, 1)}), (1u << 24) - 1);
  EXPECT_EQ(from_code_minutes(code_minutes({utc(2026, 11, 22, 9, 15)})).ms, utc(2026, 11, 22, 9, 15));
}

}  // namespace
}  // namespace tillside
