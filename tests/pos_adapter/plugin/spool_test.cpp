// What is queued stays: on the disk, across processes, in order, for its owner only, within bounds.
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "tests/fakes/child_process.h"
#include "tests/pos_adapter/plugin/agent_under_test.h"
#include "tests/pos_adapter/plugin/fake_agent.h"

namespace tillside::pos_test {
namespace {
namespace fs = std::filesystem;

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error))
    if (entry.is_regular_file()) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class Spool : public ::testing::Test {
 protected:
  std::string socket() const { return folder / "agent.sock"; }
  std::string spool() const { return folder / "state/pos/spool"; }
  // A folder as a process that ended leaves it.
  void leave(int first, int count) const {
    Pos pos(socket(), spool());
    for (int i = first; i < first + count; ++i) ASSERT_EQ(pos.complete(sale(i)).outcome, TILLSIDE_POS_QUEUED);
  }
  static FakeAgent::Script taking() {
    return [](int connection, const Asked&) {
      FakeAgent::send(connection, FakeAgent::answer(200, R"({"identity":"x"})"));
      return true;
    };
  }
  static std::vector<int> numbers(const FakeAgent& fake) {
    std::vector<int> found;
    for (const Asked& asked : fake.asked()) found.push_back(json::parse(asked.body)["sequence"].get<int>());
    return found;
  }
  TempFolder folder;
};

TEST_F(Spool, IsForItsOwnerOnlyAndAsDescribed) {
  Pos pos(socket(), spool());
  const json sold = sale(7);
  ASSERT_EQ(pos.complete(sold).outcome, TILLSIDE_POS_QUEUED);
  ASSERT_TRUE(eventually("on the disk", [&] { return pos.state().unspooled == 0; }));
  const auto files = files_in(spool());
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].filename(), "0000000000000001.doc");
  const std::string text = content_of(files[0]);
  const std::string line = "tillside-pos-spool 1 complete " + std::to_string(sold.dump().size()) + " ";
  EXPECT_EQ(text.substr(0, line.size()), line);
  EXPECT_EQ(text.substr(text.find('\n') + 1), sold.dump());
  struct stat facts {};
  ASSERT_EQ(::stat(files[0].c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600U);
  ASSERT_EQ(::stat(files[0].parent_path().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0700U);
  ASSERT_EQ(::stat(spool().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0700U);
}

TEST_F(Spool, NothingQueuedLeavesNoTrace) {
  const FakeAgent fake(socket(), taking());
  {
    const Pos pos(socket(), spool());
    EXPECT_EQ(pos.complete(sale(1)).outcome, TILLSIDE_POS_TAKEN);
  }
  EXPECT_TRUE(fs::is_empty(spool()));
}

TEST_F(Spool, IsDeliveredInOrderOldestProcessFirst) {
  leave(1, 30);
  leave(31, 30);
  Pos pos(socket(), spool());
  for (int i = 61; i <= 90; ++i) ASSERT_EQ(pos.complete(sale(i)).outcome, TILLSIDE_POS_QUEUED);
  EXPECT_EQ(pos.state().queued, 90U);
  const FakeAgent fake(socket(), taking());
  ASSERT_TRUE(eventually("delivered", [&] { return pos.state().delivered == 90; }));
  std::vector<int> expected(90);
  std::iota(expected.begin(), expected.end(), 1);
  EXPECT_EQ(numbers(fake), expected);
  EXPECT_EQ(pos.close(), TILLSIDE_POS_ANSWERED);
  EXPECT_TRUE(fs::is_empty(spool())) << "erased, and the folders with it";
}

TEST_F(Spool, OfALivingProcessIsNotTouchedByAnother) {
  Pos first(socket(), spool());
  ASSERT_EQ(first.complete(sale(1)).outcome, TILLSIDE_POS_QUEUED);
  ASSERT_TRUE(eventually("on the disk", [&] { return first.state().unspooled == 0; }));
  Pos second(socket(), spool());
  EXPECT_EQ(second.state().queued, 0U);
  ASSERT_EQ(second.complete(sale(2)).outcome, TILLSIDE_POS_QUEUED);
  EXPECT_EQ(second.close(), TILLSIDE_POS_ANSWERED);
  const Pos third(socket(), spool());
  EXPECT_EQ(third.state().queued, 1U);
}

TEST_F(Spool, OfAKilledProcessIsDeliveredByTheNextOpen) {
  const pid_t child = ::fork();
  if (child == 0) {
    const Pos pos(socket(), spool());
    for (int i = 1; i <= 20; ++i) pos.complete(sale(i));
    while (pos.state().unspooled != 0) ::usleep(1000);
    ::kill(::getpid(), SIGKILL);
  }
  int how = 0;
  ::waitpid(child, &how, 0);
  ASSERT_TRUE(WIFSIGNALED(how));
  const FakeAgent fake(socket(), taking());
  const Pos pos(socket(), spool());
  ASSERT_TRUE(eventually("delivered", [&] { return pos.state().delivered == 20; }));
  EXPECT_EQ(numbers(fake).front(), 1);
  EXPECT_EQ(numbers(fake).back(), 20);
}

TEST_F(Spool, ATornFileIsSetAsideAndTheOthersGoOn) {
  leave(1, 3);
  const auto files = files_in(spool());
  ASSERT_EQ(files.size(), 3U);
  fs::resize_file(files[0], 60);
  const FakeAgent fake(socket(), taking());
  const Pos pos(socket(), spool());
  ASSERT_TRUE(eventually(
      "done", [&] { return pos.state().queued == 0; }, 60));
  EXPECT_EQ(pos.state().delivered, 2U);
  EXPECT_EQ(pos.state().set_aside, 1U);
  const auto left = files_in(spool());
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].parent_path().filename(), "set-aside");
}

TEST_F(Spool, WhatTheAgentRefusesLaterIsSetAsideWithItsProblem) {
  leave(1, 1);
  const std::string problem = R"({"status":422,"code":"unknown_value"})";
  const FakeAgent fake(socket(), [&](int connection, const Asked&) {
    FakeAgent::send(connection, FakeAgent::answer(422, problem, "application/problem+json"));
    return true;
  });
  const Pos pos(socket(), spool());
  ASSERT_TRUE(eventually("set aside", [&] { return pos.state().set_aside == 1; }));
  const auto left = files_in(spool());
  ASSERT_EQ(left.size(), 1U);
  const std::string text = content_of(left[0]);
  EXPECT_NE(text.find(R"("sequence":1)"), std::string::npos);
  EXPECT_EQ(text.substr(text.rfind('\n') + 1), problem);
  struct stat facts {};
  ASSERT_EQ(::stat(left[0].c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600U);
}

TEST_F(Spool, AConflictIsDelivered) {
  leave(1, 1);
  const FakeAgent fake(socket(), [&](int connection, const Asked&) {
    FakeAgent::send(connection, FakeAgent::answer(409, R"({"code":"conflict"})", "application/problem+json"));
    return true;
  });
  const Pos pos(socket(), spool());
  ASSERT_TRUE(eventually("delivered", [&] { return pos.state().delivered == 1; }));
  EXPECT_TRUE(files_in(spool()).empty());
}

TEST_F(Spool, AtMostAHundredAreSetAside) {
  leave(1, 130);
  const FakeAgent fake(socket(), [&](int connection, const Asked&) {
    FakeAgent::send(connection, FakeAgent::answer(422, "{}", "application/problem+json"));
    return true;
  });
  const Pos pos(socket(), spool());
  ASSERT_TRUE(eventually(
      "set aside", [&] { return pos.state().set_aside == 130; }, 60));
  const auto left = files_in(spool());
  ASSERT_EQ(left.size(), 100U);
  EXPECT_NE(content_of(left.back()).find(R"("sequence":130,)"), std::string::npos) << "the newest are kept";
}

TEST_F(Spool, IsBounded) {
  Pos pos(socket(), spool(), 5);
  for (int i = 1; i <= 5; ++i) EXPECT_EQ(pos.complete(sale(i)).outcome, TILLSIDE_POS_QUEUED);
  const Said beyond = pos.complete(sale(6));
  EXPECT_EQ(beyond.outcome, TILLSIDE_POS_NOT_KEPT);
  EXPECT_EQ(beyond.why, TILLSIDE_POS_WHY_QUEUE_FULL);
  EXPECT_EQ(pos.state().not_kept, 1U);
}

TEST_F(Spool, WithoutADiskEightMebibytesWaitInMemory) {
  std::ofstream(folder / "state") << "a file where a folder should be";
  Pos pos(socket(), spool());
  const std::string large = "{\"x\":\"" + std::string(1'000'000, 'y') + "\"}";
  int kept = 0;
  while (pos.call(tillside_pos_complete, large).outcome == TILLSIDE_POS_QUEUED) ++kept;
  EXPECT_EQ(kept, 8);
  EXPECT_EQ(pos.state().spool_failing, 1U);
  EXPECT_EQ(pos.close(), TILLSIDE_POS_NOT_KEPT) << "and that is said";
}

TEST_F(Spool, AFullDiskIsWaitedOutAndDeliveryNeedsNone) {
  Pos pos(socket(), spool());
  ASSERT_EQ(pos.complete(sale(1)).outcome, TILLSIDE_POS_QUEUED);
  ASSERT_TRUE(eventually("on the disk", [&] { return pos.state().unspooled == 0; }));
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  const rlimit full{0, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &full);  // every write fails from here on
  EXPECT_EQ(pos.complete(sale(2)).outcome, TILLSIDE_POS_QUEUED);
  eventually("the disk is found full", [&] { return pos.state().spool_failing == 1; });
  EXPECT_EQ(pos.state().unspooled, 1U);
  std::size_t delivered = 0;
  {
    const FakeAgent fake(socket(), taking());
    eventually("delivered from memory", [&] { return pos.state().queued == 0; });
    delivered = fake.asked().size();
  }
  EXPECT_EQ(pos.complete(sale(3)).outcome, TILLSIDE_POS_QUEUED);
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, handler);
  EXPECT_EQ(delivered, 2U);
  ASSERT_TRUE(eventually("the disk is used again", [&] { return pos.state().unspooled == 0; }));
  EXPECT_EQ(pos.state().spool_failing, 0U);
  EXPECT_EQ(files_in(spool()).size(), 1U);
}

TEST_F(Spool, IsWrittenWhileAStalledAgentIsWaitedFor) {
  std::atomic<bool> release{false};
  const FakeAgent fake(socket(), [&](int, const Asked&) {
    while (!release) (void)::poll(nullptr, 0, 1);
    return false;
  });
  const Pos pos(socket(), spool());
  EXPECT_EQ(pos.complete(sale(1), 20).outcome, TILLSIDE_POS_QUEUED);
  ASSERT_TRUE(eventually("it is being delivered", [&] { return fake.asked().size() == 2; }));
  EXPECT_EQ(pos.complete(sale(2), 20).outcome, TILLSIDE_POS_QUEUED);
  const auto began = Clock::now();
  ASSERT_TRUE(eventually("on the disk", [&] { return pos.state().unspooled == 0; }));
  EXPECT_LT(Clock::now() - began, std::chrono::milliseconds(1000)) << "the delivery has two seconds";
  release = true;
}

TEST_F(Spool, AFolderRemovedUnderneathIsMadeAnew) {
  Pos pos(socket(), spool());
  ASSERT_EQ(pos.complete(sale(1)).outcome, TILLSIDE_POS_QUEUED);
  ASSERT_TRUE(eventually("on the disk", [&] { return pos.state().unspooled == 0; }));
  fs::remove_all(fs::path(spool()) / files_in(spool())[0].parent_path().filename());
  ASSERT_EQ(pos.complete(sale(2)).outcome, TILLSIDE_POS_QUEUED);
  ASSERT_TRUE(eventually("on the disk again", [&] { return pos.state().unspooled == 0; }));
  EXPECT_EQ(files_in(spool()).size(), 1U);
}

}  // namespace
}  // namespace tillside::pos_test
