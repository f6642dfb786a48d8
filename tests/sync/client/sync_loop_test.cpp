// The two threads for real, against headquarters in memory; conditions are waited for, time is not.
#include "sync/client/sync_loop.h"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <thread>

#include "sync/client/enroll.h"
#include "tests/fakes/fake_line.h"
#include "tests/fakes/fake_till.h"
#include "tests/fakes/seeded_random.h"

namespace tillside::sync {
namespace {

using fakes::FakeLine;

class RealClock final : public Clock {
 public:
  Instant now() const override { return Instant{1'763'800'000'000}; }
  std::int64_t monotonic_ms() const override {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }
};

// Counts what the loop tells and lets a test wait for it.
class Listener {
 public:
  void hear(const SyncEvent& event) {
    {
      const std::lock_guard lock(mutex_);
      counts_[event.kind] += std::max<std::uint64_t>(1, event.count);
    }
    changed_.notify_all();
  }
  bool wait_for(SyncEvent::Kind kind, std::uint64_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(30), [&] { return counts_[kind] >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<SyncEvent::Kind, std::uint64_t> counts_;
};

// Holds a poll open until something is there or the line is cut.
class HoldingLine final : public HqTransport {
 public:
  explicit HoldingLine(fakes::FakeHq& hq) : line_(hq) {
    line_.hold = [this](int) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return released_; });
      released_ = cut_;
    };
  }
  Result<Answer> exchange(const Request& request) override { return line_.exchange(request); }
  void cancel() override {
    line_.cancel();
    release(true);
  }
  void release(bool cut = false) {
    {
      const std::lock_guard lock(mutex_);
      released_ = true;
      cut_ = cut;
    }
    changed_.notify_all();
  }

 private:
  FakeLine line_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool released_ = false, cut_ = false;
};

class SyncLoopTest : public ::testing::Test {
 protected:
  SyncLoopTest() { options.up.linger_ms = 1; }
  void enroll_till() {
    FakeLine line(hq);
    auto result = enroll("code", "0.1.0", till, till, line, random);
    ASSERT_TRUE(std::holds_alternative<wire::Identity>(result));
  }
  std::unique_ptr<SyncLoop> make_loop() {
    return std::make_unique<SyncLoop>(SyncLoop::Parts{till, till, till, till, up, down, clock, random}, options,
                                      [this](const SyncEvent& event) { listener.hear(event); });
  }

  RealClock clock;
  fakes::SeededRandom random;
  fakes::FakeHq hq;
  fakes::FakeTill till;
  FakeLine up{hq};
  HoldingLine down{hq};
  Listener listener;
  SyncLoop::Options options;
};

TEST_F(SyncLoopTest, SendsWhatSeveralLanesSellAndStopsWhileAPollIsHeld) {
  enroll_till();
  auto loop = make_loop();
  loop->start();
  ASSERT_TRUE(listener.wait_for(SyncEvent::Kind::contacted, 1));
  std::vector<std::thread> lanes;
  for (int lane = 0; lane < 3; ++lane)
    lanes.emplace_back([this, lane] {
      for (int i = 0; i < 100; ++i) till.sell("lane " + std::to_string(lane) + " sale " + std::to_string(i));
    });
  for (auto& lane : lanes) lane.join();
  ASSERT_TRUE(listener.wait_for(SyncEvent::Kind::uploaded, 300));
  EXPECT_EQ(hq.events_of(till.identity()->till, till.identity()->epoch).size(), 300u);
  const auto status = loop->status();
  EXPECT_TRUE(status.online);
  EXPECT_EQ(status.backlog, 0u);
  EXPECT_EQ(status.uploaded, 300u);
  loop->stop();
  loop->stop();
}

TEST_F(SyncLoopTest, AChangeComesDownWhileThePollIsHeld) {
  enroll_till();
  auto loop = make_loop();
  loop->start();
  hq.add_snapshot("members-1", 20);
  down.release();
  EXPECT_TRUE(listener.wait_for(SyncEvent::Kind::downloaded, 1));
  EXPECT_TRUE(listener.wait_for(SyncEvent::Kind::snapshot, 1));
}

TEST_F(SyncLoopTest, ATillEnrolledWhileTheLoopRunsIsWoken) {
  auto loop = make_loop();
  loop->start();
  enroll_till();
  loop->wake();
  EXPECT_TRUE(listener.wait_for(SyncEvent::Kind::contacted, 1));
}

TEST_F(SyncLoopTest, StartHealsAKeyThatWasNotSwitched) {
  enroll_till();
  till.disk.identity->public_key = till.next()->public_key;
  auto loop = make_loop();
  loop->start();
  loop->stop();
  EXPECT_EQ(till.disk.key_number, 2u);
}

TEST_F(SyncLoopTest, ADyingStoreDoesNotEndTheThreads) {
  enroll_till();
  struct Surprising final : DownlinkSink {
    std::string cursor() override { throw std::runtime_error("a defect"); }
    Status apply(const wire::DownlinkAnswer&) override { return {}; }
    std::optional<wire::MembersCheckpoint> wanted_snapshot() override { return std::nullopt; }
    std::uint64_t snapshot_bytes(const std::string&) override { return 0; }
    Status snapshot_piece(const std::string&, std::uint64_t, std::string_view) override { return {}; }
    Status snapshot_done(const wire::MembersCheckpoint&) override { return {}; }
  } sink;
  SyncLoop loop({till, till, till, sink, up, down, clock, random}, options,
                [this](const SyncEvent& event) { listener.hear(event); });
  loop.start();
  EXPECT_TRUE(listener.wait_for(SyncEvent::Kind::trouble, 1));
  till.sell("a");
  EXPECT_TRUE(listener.wait_for(SyncEvent::Kind::uploaded, 1));
}

}  // namespace
}  // namespace tillside::sync
