// Dies after each durable step in turn, with each kind of loss on the line, and asks whether headquarters' ledger is
// the till's in the end: nothing lost, nothing doubled, keys and identity agreed.
#include <gtest/gtest.h>

#include "tests/sync/client/rig.h"

namespace tillside::sync {
namespace {

using fakes::FakeLine;
using Fault = FakeLine::Fault;

struct Day {
  test::Rig rig;
  std::vector<std::string> sold;
  int deaths = 0;

  void sell() {
    sold.push_back("sale " + std::to_string(sold.size() + 1));
    rig.till.sell(sold.back());
    rig.client->up.new_events();
  }

  // A turn of each side; a death restarts the agent.
  void turn() {
    try {
      rig.up();
      rig.down();
    } catch (const fakes::Died&) {
      ++deaths;
      rig.restart();
    }
  }

  bool finish() {
    rig.line.fault = {};
    rig.till.die_after = -1;
    for (int i = 0; i < 400; ++i) {
      turn();
      if (rig.is_settled() && rig.till.disk.changes.size() >= rig.hq.memory.changes.size()) return true;
    }
    return false;
  }

  std::vector<std::string> all_held() {
    std::vector<std::string> events;
    for (const auto& epoch : rig.till.disk.epochs)
      for (auto& event : rig.hq.events_of(rig.number(), epoch)) events.push_back(event);
    return events;
  }
};

void run_day(Day& day) {
  day.rig.options.batch.max_events = 2;
  day.rig.restart();
  for (int i = 0; i < 7; ++i) {
    wire::Change change;
    change.kind = wire::ChangeKind::quota;
    change.quota.lent = i;
    day.rig.hq.memory.changes.push_back(change);
    day.sell();
    for (int t = 0; t < 4; ++t) day.turn();
  }
}

void expect_whole(Day& day) {
  ASSERT_TRUE(day.finish());
  EXPECT_EQ(day.all_held(), day.sold);
  ASSERT_EQ(day.rig.till.disk.changes.size(), 7u);
  for (std::size_t i = 0; i < 7; ++i) EXPECT_EQ(day.rig.till.disk.changes[i].quota.lent, static_cast<std::int64_t>(i));
  EXPECT_EQ(day.rig.till.current()->public_key, day.rig.till.identity()->public_key);
}

int steps_of_a_quiet_day() {
  Day day;
  const int before = day.rig.till.steps;
  run_day(day);
  const int steps = day.rig.till.steps - before;
  expect_whole(day);
  return steps;
}

TEST(Crash, AfterEachDurableStepNothingIsLostOrDoubled) {
  const int steps = steps_of_a_quiet_day();
  ASSERT_GT(steps, 10);
  for (int step = 1; step <= steps; ++step) {
    SCOPED_TRACE("died after step " + std::to_string(step));
    Day day;
    day.rig.till.die_after = step;
    run_day(day);
    EXPECT_EQ(day.deaths, 1);
    expect_whole(day);
  }
}

TEST(Crash, AfterEachDurableStepWithEachAnswerLost) {
  const int steps = steps_of_a_quiet_day();
  for (int step = 1; step <= steps; step += 3) {
    for (int lost = 1; lost <= 24; lost += 2) {
      for (const auto how : {Fault::answer_lost, Fault::request_lost, Fault::busy, Fault::garbled}) {
        SCOPED_TRACE("died after step " + std::to_string(step) + ", exchange " + std::to_string(lost));
        Day day;
        const int before = day.rig.line.exchanges;
        day.rig.line.fault = [&](const auto&, int n) { return n == before + lost ? how : Fault::none; };
        day.rig.till.die_after = step;
        run_day(day);
        expect_whole(day);
        if (::testing::Test::HasFailure()) return;
      }
    }
  }
}

// The original disk's day goes on elsewhere; this copy is fenced at its first contact and dies anywhere in it.
TEST(Crash, AFencedCopyThatDiesAnywhereSettlesOnOneKeyAndOneEpoch) {
  for (int step = 1; step <= 8; ++step) {
    for (const auto how : {Fault::none, Fault::answer_lost}) {
      SCOPED_TRACE("died after step " + std::to_string(step));
      Day day;
      day.rig.till.sell("before the copy");
      day.sold.push_back("before the copy");
      ASSERT_TRUE(day.rig.settle());
      fakes::FakeTill original;
      original.disk = day.rig.till.disk;
      test::Client other(original, day.rig.clock, day.rig.random, day.rig.options);
      for (int i = 0; i < 3; ++i) other.up.turn(day.rig.line);

      day.rig.restart();
      const int before = day.rig.line.exchanges;
      day.rig.line.fault = [&](const auto&, int n) { return n == before + 2 ? how : Fault::none; };
      day.rig.till.die_after = step;
      for (int i = 0; i < 3; ++i) {
        day.sell();
        for (int t = 0; t < 5; ++t) day.turn();
      }
      ASSERT_TRUE(day.finish());
      EXPECT_EQ(day.rig.till.disk.epochs.size(), 2u);
      EXPECT_EQ(day.all_held(), day.sold);
      EXPECT_EQ(day.rig.till.identity()->key_generation, 1);
      EXPECT_EQ(day.rig.till.current()->public_key, day.rig.till.identity()->public_key);
      EXPECT_EQ(day.rig.hq.memory.tills.at(day.rig.number()).keys.back(), day.rig.till.current()->public_key);
    }
  }
}

// A copy's events came first under the epoch; this till dies anywhere while its own are kept beside.
TEST(Crash, AForkIsKeptWholeWhereverTheTillDies) {
  for (int step = 1; step <= 24; ++step) {
    for (const auto how : {Fault::none, Fault::answer_lost}) {
      SCOPED_TRACE("died after step " + std::to_string(step));
      Day day;
      day.rig.options.batch.max_events = 2;
      day.rig.restart();
      day.sell();
      ASSERT_TRUE(day.rig.settle());
      const auto birth = day.rig.till.identity()->epoch;
      auto& ledger = day.rig.hq.memory.tills.at(day.rig.number()).ledger.at(birth);
      ledger.hashes[2] = {};
      ledger.held = 2;
      const int before = day.rig.line.exchanges;
      day.rig.line.fault = [&](const auto&, int n) { return (n - before) % 3 == 0 ? how : Fault::none; };
      day.rig.till.die_after = step;
      for (int i = 0; i < 9; ++i) day.sell();
      for (int t = 0; t < 12; ++t) day.turn();
      ASSERT_TRUE(day.finish());
      std::vector<std::string> beside;
      for (const auto& [place, event] : ledger.other_copy) beside.push_back(event);
      EXPECT_EQ(beside, std::vector<std::string>(day.sold.begin() + 1, day.sold.end()));
      EXPECT_EQ(day.rig.till.log_of(birth).fork_kept, 10u);
      EXPECT_EQ(day.rig.till.disk.epochs.size(), 2u);
    }
  }
}

TEST(Crash, ASnapshotSurvivesDyingAtEveryPiece) {
  for (int step = 1; step <= 16; ++step) {
    SCOPED_TRACE("died after step " + std::to_string(step));
    Day day;
    ASSERT_TRUE(day.rig.settle());
    day.rig.hq.add_snapshot("members-1", 500);
    day.rig.till.die_after = step;
    for (int i = 0; i < 30 && day.rig.till.disk.good_snapshots.empty(); ++i) day.turn();
    EXPECT_TRUE(day.rig.till.disk.good_snapshots.contains("members-1"));
  }
}

}  // namespace
}  // namespace tillside::sync
