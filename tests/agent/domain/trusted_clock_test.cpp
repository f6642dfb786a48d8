#include "agent/domain/trusted_clock.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

namespace tillside {

void PrintTo(ClockState state, std::ostream* out) { *out << name_of(state); }

namespace {

constexpr Instant kSigned{1'795'310'100'000};  // 2026-11-22
constexpr std::int64_t kYear = 365 * kDay;

struct Situation {
  const char* what;
  bool in_this_run;   // the mark was signed in this run; else an earlier run left it
  std::int64_t wall;  // what the wall clock shows, against the mark
  ClockState state;
  bool trusted;
  std::int64_t now;  // what is judged by, against the mark
};

class ClockSituations : public ::testing::TestWithParam<Situation> {};

TEST_P(ClockSituations, AreJudged) {
  const Situation& given = GetParam();
  TrustedClock clock(kSigned, 1000);
  if (given.in_this_run) {
    ASSERT_TRUE(clock.sign(kSigned, true, 1000));
  }
  const TrustedTime time = clock.judge(kSigned.plus_ms(given.wall), 1000);
  EXPECT_EQ(time.state, given.state);
  EXPECT_EQ(time.trusted, given.trusted);
  EXPECT_TRUE(time.known);
  EXPECT_EQ(time.now.ms - kSigned.ms, given.now);
  EXPECT_EQ(time.skew_ms, given.wall);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ClockSituations,
    ::testing::Values(Situation{"right", false, 0, ClockState::wall, true, 0},
                      Situation{"off_for_a_night", false, 10 * kHour, ClockState::wall, true, 10 * kHour},
                      Situation{"off_for_35_days", false, 35 * kDay, ClockState::wall, true, 35 * kDay},
                      Situation{"off_for_longer", false, 35 * kDay + 1, ClockState::ahead, false, 0},
                      Situation{"a_year_ahead", false, kYear, ClockState::ahead, false, 0},
                      Situation{"a_little_behind", false, -10 * kMinute, ClockState::wall, true, -10 * kMinute},
                      Situation{"behind", false, -10 * kMinute - 1, ClockState::behind, false, 0},
                      Situation{"a_year_behind", false, -kYear, ClockState::behind, false, 0},
                      Situation{"dead", false, -kSigned.ms, ClockState::behind, false, 0},
                      Situation{"a_year_ahead_in_contact", true, kYear, ClockState::mark, true, 0},
                      Situation{"a_year_behind_in_contact", true, -kYear, ClockState::mark, true, 0},
                      Situation{"dead_in_contact", true, -kSigned.ms, ClockState::mark, true, 0},
                      Situation{"right_in_contact", true, 2000, ClockState::wall, true, 2000}),
    [](const auto& given) { return std::string(given.param.what); });

TEST(TrustedClockTest, WithoutAContactNothingIsCertain) {
  const TrustedTime time = TrustedClock().judge(kSigned, 5);
  EXPECT_FALSE(time.trusted);
  EXPECT_FALSE(time.known);
  EXPECT_EQ(time.state, ClockState::never);
  EXPECT_EQ(time.now, kSigned) << "the sale still has a time";
  EXPECT_EQ(TrustedClock().mark(5), std::nullopt);
}

TEST(TrustedClockTest, TheMarkMovesOnWithTheTimeRunAndNeverWithTheWall) {
  TrustedClock clock(kSigned, 7000);
  (void)clock.judge(kSigned.plus_ms(10 * kYear), 7000);
  EXPECT_EQ(clock.mark(7000 + kHour), kSigned.plus_ms(kHour));
  EXPECT_EQ(clock.judge(kSigned, 7000 + kHour).state, ClockState::behind) << "a wall that stands still falls behind";
}

TEST(TrustedClockTest, AFreshTimeIsThePresentSoThatAHeadquartersSetRightAgainHealsToo) {
  TrustedClock clock;
  ASSERT_TRUE(clock.sign(kSigned.plus_ms(kYear), true, 0)) << "headquarters' clock had jumped";
  ASSERT_TRUE(clock.sign(kSigned, true, kHour));
  EXPECT_EQ(clock.mark(kHour), kSigned);
}

TEST(TrustedClockTest, AnOldAnswerOnlyMovesTheMarkOnAndVouchesForNothing) {
  TrustedClock clock(kSigned, 0);
  ASSERT_TRUE(clock.sign(kSigned.plus_ms(-kDay), false, 0));
  EXPECT_EQ(clock.mark(0), kSigned);
  ASSERT_TRUE(clock.sign(kSigned.plus_ms(kDay), false, 0));
  EXPECT_EQ(clock.mark(0), kSigned.plus_ms(kDay));
  EXPECT_FALSE(clock.judge({0}, 0).trusted);
}

TEST(TrustedClockTest, ATimeNoHeadquartersCanMeanIsLeftOut) {
  for (const Instant absurd : {Instant{0}, Instant{-1}, Instant{1'600'000'000'000}, Instant{INT64_MAX}}) {
    TrustedClock clock(kSigned, 0);
    EXPECT_FALSE(clock.sign(absurd, true, 0));
    EXPECT_EQ(clock.mark(0), kSigned);
    EXPECT_FALSE(clock.judge({0}, 0).trusted) << "nor does it vouch for the mark";
  }
}

// A till's life: time goes on, the wall clock does what it likes, power fails, headquarters is met now and then.
TEST(TrustedClockTest, NoWallClockTakesTheTimeFurtherBackThanTheBounds) {
  EXPECT_TRUE(rc::check([] {
    std::int64_t now = kSigned.ms, monotonic = *rc::gen::inRange<std::int64_t>(0, kDay), wall = now;
    TrustedClock clock;
    RC_ASSERT(clock.sign({now}, true, monotonic));
    Instant kept{now};
    const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 6));
    for (const int step : steps) {
      const auto passed = *rc::gen::inRange<std::int64_t>(0, 3 * kDay);
      now += passed;
      wall += passed;
      const Instant certain = *clock.mark(monotonic);
      switch (step) {
        case 0:  // runs; the mark is kept at most a minute late
          monotonic += passed;
          kept = std::max(kept, clock.mark(monotonic)->plus_ms(-TrustedClock::kKeepEvery));
          break;
        case 1:
          monotonic += passed;
          wall = *rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000);
          break;
        case 2:  // power off and on again
          monotonic = *rc::gen::inRange<std::int64_t>(0, kDay);
          clock = TrustedClock(kept, monotonic);
          break;
        case 3:
          monotonic += passed;
          RC_ASSERT(clock.sign({now}, true, monotonic));
          kept = {now};
          break;
        case 4:  // the wall clock is set right
          monotonic += passed;
          wall = now;
          break;
        default:
          monotonic += passed;
          break;
      }
      const TrustedTime time = clock.judge({wall}, monotonic);
      const Instant mark = *clock.mark(monotonic);
      RC_ASSERT(mark.ms <= now);
      RC_ASSERT(mark >= kept);
      if (step != 2) RC_ASSERT(mark >= certain);
      RC_ASSERT(time.now.ms >= mark.ms - TrustedClock::kMostBehind);
      RC_ASSERT(time.now.ms <= mark.ms + TrustedClock::kMostAhead);
      if (!time.trusted) RC_ASSERT(time.now == mark);
      if (wall == now && now - mark.ms <= TrustedClock::kMostAhead) RC_ASSERT(time.trusted && time.now.ms == now);
    }
  }));
}

TEST(TrustedClockTest, AWallThatJumpedAheadAndCameBackLeavesNoTrace) {
  EXPECT_TRUE(rc::check([] {
    const auto jump = *rc::gen::inRange<std::int64_t>(-10 * kYear, 10 * kYear);
    const auto run = *rc::gen::inRange<std::int64_t>(0, 30 * kDay);
    TrustedClock jumped(kSigned, 0), steady(kSigned, 0);
    for (int i = 0; i < 10; ++i) (void)jumped.judge(kSigned.plus_ms(jump), i * run / 10);
    const auto a = jumped.judge(kSigned.plus_ms(run), run), b = steady.judge(kSigned.plus_ms(run), run);
    RC_ASSERT(a.now == b.now);
    RC_ASSERT(a.trusted && b.trusted);
  }));
}

}  // namespace
}  // namespace tillside
