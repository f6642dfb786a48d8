#include "sync/http/file_range.h"

#include <gtest/gtest.h>

#include "sync/http/response_writer.h"

namespace tillside::http {
namespace {

RangePlan plan(std::string_view range, std::string_view if_range = {}, std::string_view if_none_match = {}) {
  return plan_range(1000, "\"e1\"", range, if_range, if_none_match);
}

void expect_plan(const RangePlan& got, unsigned status, std::uint64_t first, std::uint64_t length) {
  EXPECT_EQ(got.status, status);
  EXPECT_EQ(got.first, first);
  EXPECT_EQ(got.length, length);
}

TEST(PlanRange, TakesOneRange) {
  expect_plan(plan("bytes=0-99"), 206, 0, 100);
  expect_plan(plan("bytes=900-"), 206, 900, 100);
  expect_plan(plan("bytes=-10"), 206, 990, 10);
  expect_plan(plan("bytes=990-5000"), 206, 990, 10);
  expect_plan(plan("bytes=-5000"), 206, 0, 1000);
  expect_plan(plan("bytes=999-999"), 206, 999, 1);
}

TEST(PlanRange, TheWholeWhenItIsNotOneRange) {
  for (const auto* range : {"", "bytes=", "bytes=0-1,5-6", "lines=0-1", "bytes=5-1", "bytes=a-b", "bytes=-",
                            "bytes=1-x", "bytes=99999999999999999999-"}) {
    expect_plan(plan(range), 200, 0, 1000);
  }
}

TEST(PlanRange, UnsatisfiableIs416) {
  EXPECT_EQ(plan("bytes=1000-").status, 416U);
  EXPECT_EQ(plan("bytes=-0").status, 416U);
  EXPECT_EQ(plan_range(0, "", "bytes=0-", "", "").status, 416U);
}

TEST(PlanRange, IfRangeDecidesBetweenPartAndWhole) {
  expect_plan(plan("bytes=500-", "\"e1\""), 206, 500, 500);
  expect_plan(plan("bytes=500-", "\"e0\""), 200, 0, 1000);
  expect_plan(plan_range(1000, "W/\"e1\"", "bytes=500-", "W/\"e1\"", ""), 200, 0, 1000);
}

TEST(PlanRange, IfNoneMatchIs304) {
  EXPECT_EQ(plan("", "", "\"e1\"").status, 304U);
  EXPECT_EQ(plan("bytes=0-1", "", "\"e0\", W/\"e1\"").status, 304U);
  EXPECT_EQ(plan("", "", "*").status, 304U);
  EXPECT_EQ(plan("", "", "\"e0\"").status, 200U);
}

TEST(HttpDate, IsAnImfFixdate) {
  EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(1795320000), "Sun, 22 Nov 2026 04:00:00 GMT");
}

TEST(HeaderLines, LeavesOutWhatWouldSplitTheResponse) {
  EXPECT_EQ(header_lines({{"X-A", "1"}, {"X-B", "2\r\nSet-Cookie: x"}, {"Bad Name", "3"}, {"", "4"}}), "X-A: 1\r\n");
}

}  // namespace
}  // namespace tillside::http
