// The agent absent, frozen, killed and back: no call outlives its deadline, no sale is lost.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/pos_adapter/plugin/agent_under_test.h"

namespace tillside::pos_test {
namespace {

TEST(Away, WithoutAnAgentEveryCallReturnsAtOnce) {
  TempFolder folder;
  const Pos pos(folder / "agent.sock", folder / "spool");
  const Said advice = pos.advise(sale(1, "L1", "total"));
  EXPECT_EQ(advice.outcome, TILLSIDE_POS_CARRY_ON);
  EXPECT_EQ(advice.why, TILLSIDE_POS_WHY_ABSENT);
  EXPECT_TRUE(advice.text.empty());
  const Said sold = pos.complete(sale(1));
  EXPECT_EQ(sold.outcome, TILLSIDE_POS_QUEUED);
  for (int i = 0; i < 200; ++i) {
    const Said again = pos.advise(sale(2, "L1", "total"));
    EXPECT_EQ(again.outcome, TILLSIDE_POS_CARRY_ON);
    EXPECT_LE(again.ms, 50 + kSlackMs);
  }
  EXPECT_EQ(pos.advise(sale(2, "L1", "total")).why, TILLSIDE_POS_WHY_RESTING);
  EXPECT_EQ(pos.state().reachable, 0U);
}

TEST(Away, SalesDoNotWaitForADeliveryThatIsHopeless) {
  TempFolder folder;
  const Pos pos(folder / "agent.sock", folder / "spool");
  for (int i = 0; i < 50; ++i) {
    const Said said = pos.complete(sale(i));
    ASSERT_EQ(said.outcome, TILLSIDE_POS_QUEUED);
    EXPECT_LE(said.ms, 60 + kSlackMs);
  }
  eventually("all are on the disk", [&] { return pos.state().unspooled == 0; });
  EXPECT_EQ(pos.state().queued, 50U);
}

TEST(Away, AFrozenAgentCostsTwoDeadlinesAndThenNothing) {
  AgentUnderTest agent;
  agent.start();
  const Pos pos(agent);
  ASSERT_EQ(pos.advise(sale(1, "L1", "total")).outcome, TILLSIDE_POS_ANSWERED);
  agent.freeze();
  for (int i = 0; i < 2; ++i) {
    const Said said = pos.advise(sale(1, "L1", "total"));
    EXPECT_EQ(said.outcome, TILLSIDE_POS_CARRY_ON);
    EXPECT_EQ(said.why, TILLSIDE_POS_WHY_SLOW);
    EXPECT_GE(said.ms, 140);
    EXPECT_LE(said.ms, 150 + kSlackMs);
  }
  double worst = 0;
  for (int i = 0; i < 100; ++i) {
    const Said said = i % 2 == 0 ? pos.advise(sale(1, "L1", "total")) : pos.complete(sale(i));
    EXPECT_NE(said.outcome, TILLSIDE_POS_ANSWERED);
    worst = std::max(worst, said.ms);
  }
  EXPECT_LE(worst, kSlackMs) << "the breaker is open";
  agent.thaw();
  eventually(
      "all are delivered", [&] { return pos.state().queued == 0; }, 60);
  EXPECT_EQ(agent.checkouts(), 50U);
  EXPECT_EQ(pos.advise(sale(1, "L1", "total")).outcome, TILLSIDE_POS_ANSWERED);
}

TEST(Away, ACallsOwnDeadlineHolds) {
  AgentUnderTest agent;
  agent.start();
  const Pos pos(agent);
  agent.freeze();
  const Said said = pos.advise(sale(1, "L1", "total"), 30);
  EXPECT_EQ(said.why, TILLSIDE_POS_WHY_SLOW);
  EXPECT_GE(said.ms, 25);
  EXPECT_LE(said.ms, 30 + kSlackMs);
  agent.thaw();
}

TEST(Away, AnAgentKilledBetweenTwoCallsIsMetAgainOnAFreshConnection) {
  AgentUnderTest agent;
  agent.start();
  const Pos pos(agent);
  ASSERT_EQ(pos.complete(sale(1)).outcome, TILLSIDE_POS_TAKEN);
  agent.kill_now();
  agent.start();
  EXPECT_EQ(pos.complete(sale(2)).outcome, TILLSIDE_POS_TAKEN) << "the old connection is not held against it";
  agent.kill_now();
  EXPECT_EQ(pos.complete(sale(3)).outcome, TILLSIDE_POS_QUEUED);
  EXPECT_EQ(pos.complete(sale(4)).outcome, TILLSIDE_POS_QUEUED);
  EXPECT_EQ(pos.advise(sale(5, "L1", "total")).outcome, TILLSIDE_POS_CARRY_ON);
  agent.start();
  eventually("the breaker closes and all is delivered", [&] { return pos.state().delivered == 2; });
  EXPECT_EQ(pos.state().reachable, 1U);
  EXPECT_EQ(agent.checkouts(), 4U);
  EXPECT_EQ(pos.complete(sale(5)).outcome, TILLSIDE_POS_TAKEN);
  EXPECT_TRUE(pos.complete(sale(3)).duplicate) << "delivered under its own identity";
}

TEST(Away, WhatWaitsIsDeliveredBeforeAReturnOfIt) {
  AgentUnderTest agent;
  const Pos pos(agent);
  for (int i = 1; i <= 20; ++i) EXPECT_EQ(pos.complete(sale(i)).outcome, TILLSIDE_POS_QUEUED);
  EXPECT_EQ(pos.call(tillside_pos_reverse, whole_return(21, sale(7)).dump()).outcome, TILLSIDE_POS_QUEUED);
  agent.start();
  eventually("all are delivered", [&] { return pos.state().delivered == 21; });
  const Said again = pos.call(tillside_pos_reverse, whole_return(21, sale(7)).dump());
  ASSERT_EQ(again.outcome, TILLSIDE_POS_TAKEN);
  EXPECT_TRUE(again.duplicate);
  EXPECT_FALSE(again.document()["original"].is_null()) << "it came after its sale: " << again.text;
}

TEST(Away, ClosingAndOpeningAgainTakesTheSpoolAlong) {
  AgentUnderTest agent;
  {
    Pos pos(agent);
    for (int i = 1; i <= 5; ++i) pos.complete(sale(i));
    EXPECT_EQ(pos.close(), TILLSIDE_POS_ANSWERED);
  }
  agent.start();
  const Pos pos(agent);
  eventually("the next open delivers it", [&] { return pos.state().delivered == 5; });
  EXPECT_EQ(agent.checkouts(), 5U);
  eventually("and erases it", [&] {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(agent.spool()))
      if (entry.is_regular_file()) return false;
    return true;
  });
}

}  // namespace
}  // namespace tillside::pos_test
