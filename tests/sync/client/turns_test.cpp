#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sync/client/rig.h"

namespace tillside::sync {
namespace {

using fakes::FakeLine;
using Kind = SyncEvent::Kind;
using Fault = FakeLine::Fault;

// Runs the uplink for that long and counts the exchanges made.
int exchanges_in(test::Rig& rig, std::int64_t ms) {
  const int before = rig.line.exchanges;
  const auto end = rig.clock.monotonic_ms() + ms;
  while (rig.clock.monotonic_ms() < end) rig.up();
  return rig.line.exchanges - before;
}

TEST(Turns, AnUnenrolledTillAsksNobody) {
  test::Rig rig(false);
  EXPECT_EQ(exchanges_in(rig, 3'600'000), 0);
}

TEST(Turns, TokensAreRenewedBeforeTheyEnd) {
  test::Rig rig;
  ASSERT_TRUE(rig.settle());
  const auto end = rig.clock.monotonic_ms() + 24 * 3'600'000;
  while (rig.clock.monotonic_ms() < end) {
    rig.up();
    ASSERT_TRUE(rig.client->token.live(rig.clock.monotonic_ms()));
  }
  EXPECT_NEAR(rig.line.calls["/v1/token"], 24 * 3600 / 480, 5);
}

TEST(Turns, AWallClockWrongByYearsChangesNothing) {
  test::Rig rig;
  rig.clock.jump_wall(-20LL * 365 * 24 * 3'600'000);
  rig.till.sell("a");
  ASSERT_TRUE(rig.settle());
  EXPECT_EQ(rig.held().size(), 1u);
}

// What headquarters says again may be old, the time in it too.
TEST(Turns, AfterALostAnswerTheContactIsMadeOnceMoreWithinAMinute) {
  test::Rig rig;
  int lost = 0;
  rig.line.fault = [&](const FakeLine::Request& request, int) {
    return request.path == "/v1/token" && lost++ == 0 ? Fault::answer_lost : Fault::none;
  };
  ASSERT_TRUE(rig.settle());
  ASSERT_EQ(rig.line.calls["/v1/token"], 2);
  const auto heard_again = rig.clock.monotonic_ms();
  while (rig.line.calls["/v1/token"] < 3 && rig.clock.monotonic_ms() < heard_again + 3'600'000) rig.up();
  EXPECT_LE(rig.clock.monotonic_ms(), heard_again + 90'000);
  EXPECT_EQ(rig.line.calls["/v1/token"], 3);
  const auto fresh = rig.clock.monotonic_ms();
  while (rig.clock.monotonic_ms() < fresh + 300'000) rig.up();
  EXPECT_EQ(rig.line.calls["/v1/token"], 3) << "and the fresh one lasts";
}

TEST(Turns, ADeadTokenMeansOneNewContact) {
  test::Rig rig;
  ASSERT_TRUE(rig.settle());
  rig.hq.memory.tills.at(rig.number()).newest = rig.till.disk.contact = {77, {}};
  rig.till.sell("a");
  ASSERT_TRUE(rig.settle());
  EXPECT_EQ(rig.line.calls["/v1/token"], 2);
  EXPECT_EQ(rig.held().size(), 1u);
}

TEST(Turns, AHeadquartersThatRejectsEveryTokenIsNotStormedAndNothingIsLost) {
  test::Rig rig;
  ASSERT_TRUE(rig.settle());
  rig.hq.rejects_all_tokens = true;
  rig.till.sell("a");
  EXPECT_LT(exchanges_in(rig, 24 * 3'600'000), 24 * 60);
  EXPECT_TRUE(rig.till.disk.identity);
  EXPECT_EQ(rig.till.disk.key_number, 1u);
  EXPECT_EQ(rig.client->board.status().last_error, "token_not_live");
  rig.hq.rejects_all_tokens = false;
  ASSERT_TRUE(rig.settle());
  EXPECT_EQ(rig.held().size(), 1u);
}

TEST(Turns, ARefusalIsTriedAgainSeldom) {
  for (const auto fault : {Fault::forbidden, Fault::too_old}) {
    test::Rig rig;
    rig.till.sell("a");
    rig.line.fault = [fault](const auto&, int) { return fault; };
    const int tries = exchanges_in(rig, 24 * 3'600'000);
    EXPECT_GE(tries, 20);
    EXPECT_LE(tries, 80);
    rig.line.fault = {};
    ASSERT_TRUE(rig.settle());
    EXPECT_EQ(rig.held().size(), 1u);
  }
}

TEST(Turns, BusyHeadquartersIsLeftAloneForItsRetryAfterAlsoWhenSalesGoOn) {
  test::Rig rig;
  ASSERT_TRUE(rig.settle());
  rig.line.retry_after_s = 60;
  rig.line.fault = [](const auto& request, int) { return request.path == "/v1/uplink" ? Fault::busy : Fault::none; };
  for (int sale = 0; sale < 590; ++sale) {  // one a second: each wakes the loop
    rig.till.sell("a");
    rig.client->up.new_events();
    while (rig.client->up.turn(rig.line) == 0) {
    }
    rig.clock.advance(1000);
  }
  EXPECT_GE(rig.line.calls["/v1/uplink"], 6);
  EXPECT_LE(rig.line.calls["/v1/uplink"], 10);
}

TEST(Turns, AnUnreachableHeadquartersIsTriedLessAndLess) {
  test::Rig rig;
  rig.line.fault = [](const auto&, int) { return Fault::request_lost; };
  const int first_minute = exchanges_in(rig, 60'000);
  const int later_minutes = exchanges_in(rig, 600'000) / 10;
  EXPECT_GT(first_minute, 4);
  EXPECT_LE(later_minutes, 2);
  EXPECT_FALSE(rig.client->board.status().online);
}

TEST(Turns, AFailedRenewalDoesNotStopTheUplinkWhileTheTokenLives) {
  test::Rig rig;
  ASSERT_TRUE(rig.settle());
  rig.clock.advance(500'000);
  rig.line.fault = [](const auto& request, int) {
    return request.path == "/v1/nonce" ? Fault::request_lost : Fault::none;
  };
  rig.till.sell("a");
  for (int i = 0; i < 4; ++i) rig.client->up.turn(rig.line);
  EXPECT_EQ(rig.held().size(), 1u);
}

TEST(Turns, NewEventsWaitBrieflyForCompany) {
  test::Rig rig;
  ASSERT_TRUE(rig.settle());
  const int before = rig.line.calls["/v1/uplink"];
  for (int i = 0; i < 5; ++i) {
    rig.till.sell("a");
    rig.client->up.new_events();
    EXPECT_GT(rig.client->up.turn(rig.line), 0);
    rig.clock.advance(30);
  }
  rig.clock.advance(200);
  EXPECT_EQ(rig.client->up.turn(rig.line), 0);
  EXPECT_EQ(rig.line.calls["/v1/uplink"], before + 1);
  EXPECT_EQ(rig.held().size(), 5u);
}

TEST(Turns, TheBoardTellsOnlineOfflineAndBack) {
  test::Rig rig;
  ASSERT_TRUE(rig.settle());
  rig.line.fault = [](const auto&, int) { return Fault::request_lost; };
  rig.till.sell("a");
  for (int i = 0; i < 5; ++i) rig.up();
  EXPECT_EQ(rig.client->told_of(Kind::offline), 1);
  EXPECT_EQ(rig.client->board.status().last_error, "unavailable");
  rig.line.fault = {};
  ASSERT_TRUE(rig.settle());
  EXPECT_EQ(rig.client->told_of(Kind::online), 2);
}

}  // namespace
}  // namespace tillside::sync
