#include "sync/client/downlink.h"

#include <gtest/gtest.h>

#include "tests/sync/client/rig.h"

namespace tillside::sync {
namespace {

using fakes::FakeLine;
using Fault = FakeLine::Fault;

wire::Change quota(std::uint32_t campaign, std::int64_t lent) {
  wire::Change change;
  change.kind = wire::ChangeKind::quota;
  change.quota.campaign = campaign;
  change.quota.lent = lent;
  return change;
}

class DownlinkTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(rig.settle());
    rig.line.hold = [this](int wait_s) { rig.clock.advance(wait_s * 1000); };
  }
  void turns(int count) {
    for (int i = 0; i < count; ++i) {
      rig.down();
      if (!rig.is_settled()) {
        ASSERT_TRUE(rig.settle());
      }
    }
  }
  test::Rig rig;
};

TEST_F(DownlinkTest, EveryChangeArrivesOnceAndInOrder) {
  for (int i = 0; i < 8; ++i) rig.hq.memory.changes.push_back(quota(1, i));
  turns(5);
  ASSERT_EQ(rig.till.disk.changes.size(), 8u);
  for (int i = 0; i < 8; ++i) EXPECT_EQ(rig.till.disk.changes[static_cast<std::size_t>(i)].quota.lent, i);
}

TEST_F(DownlinkTest, AQuietHeadquartersIsPolledOncePerWait) {
  const int before = rig.line.calls["/v1/downlink"];
  const auto start = rig.clock.monotonic_ms();
  while (rig.clock.monotonic_ms() < start + 3'600'000) turns(1);
  EXPECT_NEAR(rig.line.calls["/v1/downlink"] - before, 3600 / 25, 5);
}

TEST_F(DownlinkTest, AHeadquartersThatDoesNotHoldPollsOpenIsAskedGently) {
  rig.line.hold = {};
  const int before = rig.line.calls["/v1/downlink"];
  const auto start = rig.clock.monotonic_ms();
  while (rig.clock.monotonic_ms() < start + 600'000) turns(1);
  EXPECT_LE(rig.line.calls["/v1/downlink"] - before, 601);
}

TEST_F(DownlinkTest, ALostAnswerAsksTheSameAgain) {
  rig.hq.memory.changes.push_back(quota(1, 5));
  rig.line.fault = [left = 2](const auto& request, int) mutable {
    return request.path.starts_with("/v1/downlink") && left-- > 0 ? Fault::answer_lost : Fault::none;
  };
  turns(8);
  EXPECT_EQ(rig.till.disk.changes.size(), 1u);
}

TEST_F(DownlinkTest, ACursorOfAnotherIncarnationBeginsFromNothing) {
  rig.hq.memory.changes.push_back(quota(1, 5));
  const auto backup = rig.hq.memory;
  rig.hq.memory.changes.push_back(quota(2, 5));
  turns(3);
  ASSERT_EQ(rig.till.disk.changes.size(), 2u);
  rig.hq.restore(backup);
  rig.hq.memory.tills.at(rig.number()).newest = rig.till.disk.contact;
  turns(4);
  ASSERT_EQ(rig.till.disk.changes.size(), 1u);
  EXPECT_EQ(rig.till.disk.changes[0].quota.campaign, 1u);
}

TEST_F(DownlinkTest, AFullDiskAppliesLater) {
  rig.hq.memory.changes.push_back(quota(1, 5));
  rig.till.disk_full = true;
  turns(4);
  EXPECT_TRUE(rig.till.disk.changes.empty());
  rig.till.disk_full = false;
  turns(6);
  EXPECT_EQ(rig.till.disk.changes.size(), 1u);
}

TEST_F(DownlinkTest, ASnapshotIsResumedWhereTheLineBroke) {
  rig.hq.add_snapshot("members-1", 500);
  rig.line.cut_snapshot_after = 4500;
  turns(8);
  EXPECT_TRUE(rig.till.disk.good_snapshots.contains("members-1"));
  EXPECT_EQ(rig.line.calls["/v1/snapshots/members-1"], 2);
  EXPECT_EQ(rig.line.last_call["/v1/snapshots/members-1"].range_from, 4500u);
}

TEST_F(DownlinkTest, ADamagedSnapshotIsThrownAwayAndFetchedAnewWithoutHoldingUpChanges) {
  rig.hq.add_snapshot("members-1", 500);
  rig.line.corrupts_snapshot = true;
  turns(4);
  EXPECT_TRUE(rig.till.disk.good_snapshots.empty());
  rig.hq.memory.changes.push_back(quota(1, 5));
  turns(4);
  EXPECT_EQ(rig.till.disk.changes.size(), 2u);
  rig.line.corrupts_snapshot = false;
  for (int i = 0; i < 100 && rig.till.disk.good_snapshots.empty(); ++i) turns(1);
  EXPECT_TRUE(rig.till.disk.good_snapshots.contains("members-1"));
  EXPECT_FALSE(rig.line.last_call["/v1/snapshots/members-1"].range_from);
}

TEST_F(DownlinkTest, AVanishedSnapshotIsAskedForSeldomUntilAnotherIsNamed) {
  rig.hq.add_snapshot("members-1", 10);
  rig.hq.memory.snapshots.clear();
  const auto start = rig.clock.monotonic_ms();
  while (rig.clock.monotonic_ms() < start + 3'600'000) turns(1);
  EXPECT_LE(rig.line.calls["/v1/snapshots/members-1"], 40);
  rig.hq.add_snapshot("members-2", 10);
  while (rig.clock.monotonic_ms() < start + 2 * 3'600'000) turns(1);
  EXPECT_TRUE(rig.till.disk.good_snapshots.contains("members-2"));
}

TEST_F(DownlinkTest, ARejectedTokenWakesTheUplinkForAContact) {
  rig.hq.rejects_all_tokens = true;
  rig.down();
  EXPECT_EQ(rig.client->wakes, 1);
  EXPECT_FALSE(rig.client->token.live(rig.clock.monotonic_ms()));
}

TEST(PercentEncoded, LeavesOnlyUnreservedBytes) {
  EXPECT_EQ(percent_encoded("aZ9-_.~"), "aZ9-_.~");
  EXPECT_EQ(percent_encoded("a/b?c&\xe6"), "a%2Fb%3Fc%26%E6");
}

}  // namespace
}  // namespace tillside::sync
