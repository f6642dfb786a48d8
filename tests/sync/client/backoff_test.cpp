#include "sync/client/backoff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/fakes/seeded_random.h"

namespace tillside::sync {
namespace {

constexpr Backoff::Limits kLimits{1000, 60'000, 0};

std::vector<std::int64_t> nth_waits(int n, int tills) {
  std::vector<std::int64_t> waits;
  for (int till = 0; till < tills; ++till) {
    fakes::SeededRandom random(static_cast<std::uint64_t>(till) + 1);
    Backoff backoff(kLimits, random);
    for (int i = 0; i < n; ++i) (void)backoff.next_ms();
    waits.push_back(backoff.next_ms());
  }
  std::sort(waits.begin(), waits.end());
  return waits;
}

TEST(Backoff, FillsItsWholeRangeEvenly) {
  for (const auto& [n, ceiling] : {std::pair{0, 1000}, {3, 8000}, {6, 60'000}, {30, 60'000}}) {
    const auto waits = nth_waits(n, 2000);
    EXPECT_GE(waits.front(), 0);
    EXPECT_LE(waits.back(), ceiling);
    EXPECT_LT(waits.front(), ceiling / 50);
    EXPECT_GT(waits.back(), ceiling - ceiling / 50);
    EXPECT_NEAR(static_cast<double>(waits[1000]), ceiling / 2.0, ceiling * 0.05);
    EXPECT_NEAR(static_cast<double>(waits[500]), ceiling / 4.0, ceiling * 0.05);
  }
}

TEST(Backoff, DoesNotPileUpAtTheCap) {
  const auto waits = nth_waits(40, 2000);
  EXPECT_LT(std::count(waits.begin(), waits.end(), kLimits.cap_ms), 10);
}

TEST(Backoff, NeverComesBackBeforeRetryAfterNorAllTogether) {
  std::vector<std::int64_t> waits;
  fakes::SeededRandom random;
  for (int i = 0; i < 1000; ++i) waits.push_back(Backoff(kLimits, random).next_ms(20));
  const auto [least, most] = std::minmax_element(waits.begin(), waits.end());
  EXPECT_GE(*least, 20'000);
  EXPECT_LE(*most, 31'000);
  EXPECT_GT(*most - *least, 9'000);
}

TEST(Backoff, AnAbsurdRetryAfterIsAtMostAnHourAndAHalf) {
  fakes::SeededRandom random;
  Backoff backoff(kLimits, random);
  EXPECT_LE(backoff.next_ms(2'000'000'000), 5'401'000);
  EXPECT_GE(backoff.next_ms(-7), 0);
}

TEST(Backoff, ResetBeginsAgain) {
  fakes::SeededRandom random;
  Backoff backoff(kLimits, random);
  for (int i = 0; i < 20; ++i) (void)backoff.next_ms();
  backoff.reset();
  EXPECT_LE(backoff.next_ms(), 1000);
}

TEST(Backoff, KeepsItsFloor) {
  fakes::SeededRandom random;
  Backoff backoff({60'000, 3'600'000, 30'000}, random);
  for (int i = 0; i < 200; ++i) EXPECT_GE(backoff.next_ms(), 30'000);
}

}  // namespace
}  // namespace tillside::sync
