// Holds and marks outlive what they must outlive: restarts, kills, and ten thousand others.
#include "agent/store/redeeming.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <random>

#include "tests/agent/store/support.h"

namespace tillside::store {
namespace {

using namespace test;

CouponBody coupon_of(std::uint32_t serial) {
  CouponBody body;
  body.key = {17, 2};
  body.serial = serial;
  body.campaign = 1;
  body.value = 2000;
  return body;
}

Hold hold_of(std::uint32_t serial, HoldState state = HoldState::held) {
  Hold hold;
  hold.hold_id = "h" + std::to_string(serial);
  hold.coupon = *encode_coupon(coupon_of(serial));
  hold.state = state;
  hold.lane = serial % 2 == 0 ? "L2" : "L3";
  hold.operator_id = "E1007";
  hold.bill = "id:0123:" + std::to_string(serial / 10);
  hold.discount = 2000;
  return hold;
}

std::int64_t number(std::uint32_t serial) { return coupon_number({17, 2}, serial); }

TEST(Redeeming, CouponNumbersAreOfOneCouponEach) {
  EXPECT_EQ(coupon_number({0, 0}, 1), 1);
  EXPECT_EQ(coupon_number({kMaxTillNumber, 15}, 0xFFFF'FFFF), (std::int64_t{1} << 56) - 1);
  EXPECT_NE(coupon_number({17, 2}, 451), coupon_number({17, 3}, 451));
}

TEST(Redeeming, AHoldIsReadBackWholeAfterReopening) {
  TempFolder folder;
  Hold hold = hold_of(7);
  hold.rid.emplace().fill(9);
  {
    auto store = must_open(folder.path());
    ASSERT_TRUE(store->writer().run([&](Session& session) { session.redeeming().put_hold(hold); }));
  }
  auto store = must_open(folder.path());
  ASSERT_TRUE(store->read([&](Session& session) {
    for (const auto& found : {session.redeeming().hold("h7"), session.redeeming().live_hold(number(7))}) {
      ASSERT_TRUE(found);
      EXPECT_EQ(found->coupon, hold.coupon);
      EXPECT_EQ(found->state, HoldState::held);
      EXPECT_EQ(found->lane, "L3");
      EXPECT_EQ(found->operator_id, "E1007");
      EXPECT_EQ(found->bill, "id:0123:0");
      EXPECT_EQ(found->discount, 2000);
      EXPECT_EQ(found->rid, hold.rid);
    }
    EXPECT_FALSE(session.redeeming().hold("h8"));
  }));
}

TEST(Redeeming, OneLiveHoldACoupon) {
  TempFolder folder;
  auto store = must_open(folder.path());
  Hold second = hold_of(7);
  second.hold_id = "another";
  EXPECT_FALSE(store->writer().run([&](Session& session) {
    session.redeeming().put_hold(hold_of(7));
    session.redeeming().put_hold(second);
  }));
  EXPECT_TRUE(store->writer().run([&](Session& session) {
    session.redeeming().put_hold(hold_of(7, HoldState::released));
    session.redeeming().put_hold(second);
  }));
}

TEST(Redeeming, HoldsAreFoundByLaneAndByBill) {
  TempFolder folder;
  auto store = must_open(folder.path());
  ASSERT_TRUE(store->writer().run([](Session& session) {
    for (std::uint32_t serial = 1; serial <= 30; ++serial) {
      session.redeeming().put_hold(hold_of(serial, serial % 3 == 0 ? HoldState::spent : HoldState::held));
    }
    EXPECT_EQ(session.redeeming().holds_of_lane("L2").size(), 10u);
    EXPECT_EQ(session.redeeming().holds_for_bill("id:0123:1").size(), 7u);
    EXPECT_TRUE(session.redeeming().holds_for_bill("").empty());
    EXPECT_TRUE(session.redeeming().with_headquarters().empty());
    session.redeeming().put_hold(hold_of(4, HoldState::releasing));
    EXPECT_EQ(session.redeeming().with_headquarters().size(), 1u);
  }));
}

TEST(Redeeming, SpentIsForEverAndOnce) {
  TempFolder folder;
  auto store = must_open(folder.path());
  ASSERT_TRUE(store->writer().run([](Session& session) { session.redeeming().spend(number(7), {41, 1500}); }));
  EXPECT_FALSE(store->writer().run([](Session& session) { session.redeeming().spend(number(7), {42, 1500}); }));
  ASSERT_TRUE(store->read([](Session& session) {
    const auto spent = session.redeeming().spent(number(7));
    ASSERT_TRUE(spent);
    EXPECT_EQ(spent->checkout, 41);
    EXPECT_EQ(spent->value, 1500);
    EXPECT_FALSE(session.redeeming().spent(number(8)));
  }));
}

TEST(Redeeming, CapsCountSinceTheLastContact) {
  TempFolder folder;
  auto store = must_open(folder.path());
  ASSERT_TRUE(store->writer().run([](Session& session) {
    session.redeeming().count(2000);
    session.redeeming().count(500);
    EXPECT_EQ(session.redeeming().caps().count, 2);
    EXPECT_EQ(session.redeeming().caps().value, 2500);
    session.redeeming().uncount(500);
    EXPECT_EQ(session.redeeming().caps().value, 2000);
    session.redeeming().reset_caps();
    session.redeeming().uncount(500);
    EXPECT_EQ(session.redeeming().caps().count, 0);
    EXPECT_EQ(session.redeeming().caps().value, 0);
  }));
}

// Holds and spends for ever; tells the number of each step that was acknowledged: 2n the hold of n, 2n+1 its spending.
[[noreturn]] void redeem_until_killed(const fs::path& folder, std::uint32_t first, int acknowledged) {
  auto store = try_open(folder);
  if (!store) ::_exit(3);
  for (std::uint32_t serial = first;; ++serial) {
    for (const std::uint32_t step : {serial * 2, serial * 2 + 1}) {
      const bool spends = step % 2 == 1;
      const Status done = (*store)->writer().run([&](Session& session) {
        session.redeeming().put_hold(hold_of(serial, spends ? HoldState::spent : HoldState::held));
        if (spends) session.redeeming().spend(number(serial), {1, 2000});
      });
      if (!done || ::write(acknowledged, &step, sizeof step) != sizeof step) ::_exit(4);
    }
  }
}

TEST(Kill, WhatWasHeldIsHeldAndWhatWasSpentIsSpent) {
  TempFolder folder;
  std::mt19937 random(20261122);
  std::uint32_t next = 1;
  for (int round = 0; round < 20; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) redeem_until_killed(folder.path(), next, ends[1]);
    ::close(ends[1]);
    pollfd ready{ends[0], POLLIN, 0};
    ASSERT_EQ(::poll(&ready, 1, 20'000), 1);
    (void)::poll(nullptr, 0, static_cast<int>(random() % 25));
    ::kill(child, SIGKILL);
    int how = 0;
    ASSERT_EQ(::waitpid(child, &how, 0), child);
    ASSERT_TRUE(WIFSIGNALED(how)) << "it ended by itself with " << how;
    std::uint32_t step = 0, last = 0;
    while (::read(ends[0], &step, sizeof step) == sizeof step) last = step;
    ::close(ends[0]);
    ASSERT_GT(last, 0u);

    auto store = must_open(folder.path());
    ASSERT_TRUE(store);
    ASSERT_TRUE(store->read([&](Session& session) {
      for (std::uint32_t serial = 1; serial <= last / 2; ++serial) {
        const bool spent = serial * 2 + 1 <= last;
        const auto hold = session.redeeming().hold("h" + std::to_string(serial));
        ASSERT_TRUE(hold);
        ASSERT_TRUE(hold->state == HoldState::held || hold->state == HoldState::spent);
        const bool marked = session.redeeming().spent(number(serial)).has_value();
        ASSERT_EQ(marked, hold->state == HoldState::spent) << "both or neither";
        if (spent) {
          ASSERT_TRUE(marked);
        }
      }
    }));
    // The step in hand when it was killed may be there or not; a hold that was left is spent by the next life.
    ASSERT_TRUE(store->writer().run([&](Session& session) {
      for (next = last / 2; session.redeeming().hold("h" + std::to_string(next)); ++next) {
        if (session.redeeming().spent(number(next))) continue;
        session.redeeming().put_hold(hold_of(next, HoldState::spent));
        session.redeeming().spend(number(next), {1, 2000});
      }
    }));
  }
  EXPECT_GT(next, 20u);
}

}  // namespace
}  // namespace tillside::store
