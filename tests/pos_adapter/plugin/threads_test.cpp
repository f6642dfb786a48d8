// Many threads, signals and a fork: what a real POS does to a library.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <thread>

#include "tests/pos_adapter/plugin/agent_under_test.h"
#include "tests/pos_adapter/plugin/fake_agent.h"

namespace tillside::pos_test {
namespace {

constexpr int kCallsAThread = kSanitized ? 100 : 1000;

FakeAgent::Script echo() {
  return [](int connection, const Asked& asked) {
    FakeAgent::send(connection, FakeAgent::answer(200, R"({"identity":"x","echo":)" + asked.body + "}"));
    return true;
  };
}

TEST(Threads, SixteenAtOnceEachGetTheirOwnAnswer) {
  TempFolder folder;
  const FakeAgent fake(folder / "agent.sock", echo());
  const Pos pos(folder / "agent.sock", "");
  std::atomic<int> good{0}, mixed_up{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 16; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < kCallsAThread; ++i) {
        const std::string document = "{\"t\":" + std::to_string(t) + ",\"i\":" + std::to_string(i) + "}";
        const Said said = pos.call(i % 2 == 0 ? tillside_pos_advise : tillside_pos_complete, document, 5000);
        if (said.text.find(document) != std::string::npos) ++good;
        if (!said.text.empty() && said.text.find(document) == std::string::npos) ++mixed_up;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(mixed_up, 0);
  EXPECT_EQ(good, 16 * kCallsAThread);
  EXPECT_LE(fake.connections, 20) << "connections are kept";
}

TEST(Threads, SixteenLanesSellAtARealAgent) {
  AgentUnderTest agent;
  agent.start();
  const Pos pos(agent);
  constexpr int kSales = kCallsAThread / 20;
  std::atomic<int> taken{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 16; ++t)
    threads.emplace_back([&, t] {
      for (int i = 1; i <= kSales; ++i)
        if (pos.complete(sale(i, "T" + std::to_string(t)), 10000).outcome == TILLSIDE_POS_TAKEN) ++taken;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(taken, 16 * kSales);
  EXPECT_EQ(agent.checkouts(), static_cast<std::uint64_t>(16 * kSales));
}

std::atomic<int> signals{0};
void count_signal(int) { ++signals; }

TEST(Threads, ASignalStormChangesNothing) {
  AgentUnderTest agent;
  agent.start();
  const Pos pos(agent);
  struct sigaction action {
  }, before{};
  action.sa_handler = count_signal;  // without SA_RESTART: every wait is interrupted
  ::sigaction(SIGALRM, &action, &before);
  const itimerval storm{{0, 500}, {0, 500}}, calm{};
  ::setitimer(ITIMER_REAL, &storm, nullptr);
  int taken = 0, advised = 0;
  for (int i = 1; i <= 200; ++i) {
    if (pos.advise(sale(i, "L1", "total"), 5000).outcome == TILLSIDE_POS_ANSWERED) ++advised;
    if (pos.complete(sale(i), 5000).outcome == TILLSIDE_POS_TAKEN) ++taken;
  }
  agent.freeze();
  const Said slow = pos.advise(sale(1, "L1", "total"));
  ::setitimer(ITIMER_REAL, &calm, nullptr);
  ::sigaction(SIGALRM, &before, nullptr);
  agent.thaw();
  EXPECT_EQ(advised, 200);
  EXPECT_EQ(taken, 200);
  EXPECT_GT(signals, 50);
  EXPECT_EQ(slow.why, TILLSIDE_POS_WHY_SLOW);
  EXPECT_GE(slow.ms, 140) << "an interruption is not the deadline";
  EXPECT_LE(slow.ms, 150 + kSlackMs);
}

TEST(Threads, TheLibrarysThreadTakesNoSignals) {
  TempFolder folder;
  const Pos pos(folder / "agent.sock", "");
  static std::atomic<pthread_t> handled_by{0};
  struct sigaction action {
  }, before{};
  action.sa_handler = [](int) { handled_by = ::pthread_self(); };
  ::sigaction(SIGUSR1, &action, &before);
  for (int i = 0; i < 50; ++i) {
    handled_by = 0;
    ::kill(::getpid(), SIGUSR1);
    ASSERT_TRUE(eventually("handled", [&] { return handled_by != 0; }));
    EXPECT_EQ(handled_by, ::pthread_self());
  }
  ::sigaction(SIGUSR1, &before, nullptr);
}

TEST(Threads, ErrnoAndSigpipeAreLeftAlone) {
  TempFolder folder;
  const FakeAgent fake(folder / "agent.sock", [](int, const Asked&) { return false; });
  const Pos pos(folder / "agent.sock", "");
  errno = 4711;
  pos.handle();
  tillside_pos_advise(pos.handle(), "{}", 2, 0, nullptr);
  tillside_pos_complete(pos.handle(), "{}", 2, 0, nullptr);
  EXPECT_EQ(errno, 4711);
}

TEST(Threads, CloseWhileCallsRunLosesNothing) {
  for (int round = 0; round < 20; ++round) {
    TempFolder folder;
    const std::string spool = folder / "spool";
    Pos pos(folder / "agent.sock", spool);
    const tillside_pos_handle handle = pos.handle();
    std::atomic<int> queued{0};
    std::vector<std::thread> threads;
    std::atomic<bool> begun{false};
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0;; ++i) {
          const std::string document = sale(i, "T" + std::to_string(t)).dump();
          const int outcome = tillside_pos_complete(handle, document.data(), document.size(), 0, nullptr);
          if (outcome == TILLSIDE_POS_MISUSE) return;
          if (outcome == TILLSIDE_POS_QUEUED) ++queued;
          begun = true;
        }
      });
    while (!begun) std::this_thread::yield();
    const int closed = pos.close(20000);
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(closed, TILLSIDE_POS_ANSWERED);
    const Pos next(folder / "nowhere", spool);
    EXPECT_EQ(next.state().queued, static_cast<unsigned>(queued)) << "every QUEUED is on the disk";
  }
}

TEST(Threads, CloseDoesNotWaitBeyondItsDeadline) {
  TempFolder folder;
  std::atomic<bool> release{false};
  const FakeAgent fake(folder / "agent.sock", [&](int, const Asked&) {
    while (!release) (void)::poll(nullptr, 0, 1);
    return false;
  });
  Pos pos(folder / "agent.sock", "");
  const tillside_pos_handle handle = pos.handle();
  std::thread caller([&] { tillside_pos_advise(handle, "{}", 2, 20000, nullptr); });
  ASSERT_TRUE(eventually("the call is under way", [&] { return fake.asked().size() == 1; }));
  const auto began = Clock::now();
  EXPECT_EQ(pos.close(50), TILLSIDE_POS_CARRY_ON);
  EXPECT_LT(Clock::now() - began, std::chrono::seconds(5));
  EXPECT_EQ(tillside_pos_advise(handle, "{}", 2, 0, nullptr), TILLSIDE_POS_MISUSE);
  release = true;
  caller.join();
}

TEST(Threads, AHandleIsNeverFollowedAfterItsEnd) {
  TempFolder folder;
  std::vector<tillside_pos_handle> old;
  for (int i = 0; i < 200; ++i) {
    Pos pos(folder / "agent.sock", "");
    for (const tillside_pos_handle stale : old) ASSERT_NE(stale, pos.handle());
    old.push_back(pos.handle());
  }
  for (const tillside_pos_handle stale : old) {
    EXPECT_EQ(tillside_pos_advise(stale, "{}", 2, 0, nullptr), TILLSIDE_POS_MISUSE);
    EXPECT_EQ(tillside_pos_close(stale, 0), TILLSIDE_POS_MISUSE);
  }
  for (const tillside_pos_handle made_up : {0ULL, 1ULL, 64ULL, 65ULL, 0x100000001ULL, ~0ULL})
    EXPECT_EQ(tillside_pos_advise(made_up, "{}", 2, 0, nullptr), TILLSIDE_POS_MISUSE);
}

TEST(Threads, SixtyFourHandlesAndNoMore) {
  TempFolder folder;
  std::vector<std::unique_ptr<Pos>> all;
  for (int i = 0; i < 64; ++i) all.push_back(std::make_unique<Pos>(folder / "agent.sock", ""));
  const std::string socket = folder / "agent.sock";
  const tillside_pos_options options = options_for(socket.c_str(), "");
  tillside_pos_handle handle = 1;
  int32_t why = 0;
  EXPECT_EQ(tillside_pos_open(&options, &handle, &why), TILLSIDE_POS_MISUSE);
  EXPECT_EQ(why, TILLSIDE_POS_WHY_TOO_MANY);
  EXPECT_EQ(handle, 0U);
}

// Runs `body` in a child made by fork(); its answers must all hold.
void in_child(const std::function<bool()>& body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(body() ? 0 : 1);
  int how = 0;
  ::waitpid(child, &how, 0);
  EXPECT_TRUE(WIFEXITED(how) && WEXITSTATUS(how) == 0) << how;
}

TEST(Fork, TheChildIsRefusedAndTheParentGoesOn) {
  AgentUnderTest agent;
  agent.start();
  Pos pos(agent);
  ASSERT_EQ(pos.complete(sale(1)).outcome, TILLSIDE_POS_TAKEN);
  for (int i = 0; i < 20; ++i) {
    in_child([&] {
      tillside_pos_answer answer = {TILLSIDE_POS_ABI_VERSION, sizeof answer, nullptr, 0, 0, 0, 0, 0, 0, 0, 0};
      return tillside_pos_advise(pos.handle(), "{}", 2, 0, &answer) == TILLSIDE_POS_MISUSE &&
             answer.why == TILLSIDE_POS_WHY_FORKED &&
             tillside_pos_complete(pos.handle(), "{}", 2, 0, nullptr) == TILLSIDE_POS_MISUSE &&
             tillside_pos_close(pos.handle(), 0) == TILLSIDE_POS_MISUSE;
    });
    ASSERT_EQ(pos.complete(sale(2 + i)).outcome, TILLSIDE_POS_TAKEN) << "on the connection it had";
  }
  EXPECT_EQ(agent.checkouts(), 21U);
}

TEST(Fork, WhileThreadsAreInTheMiddleOfCalls) {
  TempFolder folder;
  const FakeAgent fake(folder / "agent.sock", echo());
  const Pos pos(folder / "agent.sock", folder / "spool");
  std::atomic<bool> stop{false};
  std::atomic<int> bad{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      while (!stop)
        if (pos.call(tillside_pos_complete, "{}", 5000).outcome != TILLSIDE_POS_TAKEN) ++bad;
    });
  for (int i = 0; i < 30; ++i)
    in_child([&] { return tillside_pos_complete(pos.handle(), "{}", 2, 0, nullptr) == TILLSIDE_POS_MISUSE; });
  stop = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(bad, 0);
}

#if !defined(TILLSIDE_SANITIZED)  // a sanitizer's runtime starts no thread in a child of a threaded parent
TEST(Fork, TheChildOpensItsOwn) {
  AgentUnderTest agent;
  agent.start();
  const Pos pos(agent);
  in_child([&] {
    Pos own(agent);
    return own.complete(sale(1)).outcome == TILLSIDE_POS_TAKEN && own.close() == TILLSIDE_POS_ANSWERED;
  });
  EXPECT_TRUE(pos.complete(sale(1)).duplicate);
}
#endif

TEST(Fork, AChildThatLivesOnHoldsNoSpoolOfItsDeadParent) {
  TempFolder folder;
  const std::string socket = folder / "agent.sock", spool = folder / "spool";
  int line[2], ready[2];
  ASSERT_EQ(::pipe(line), 0);
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t parent = ::fork();
  if (parent == 0) {
    ::close(line[1]);
    const Pos pos(socket, spool);
    pos.complete(sale(1));
    while (pos.state().unspooled != 0) ::usleep(1000);
    char byte = 0;
    if (::fork() == 0) {  // lives until the test lets go of the pipe
      (void)!::write(ready[1], &byte, 1);
      (void)!::read(line[0], &byte, 1);
      ::_exit(0);
    }
    (void)!::read(ready[0], &byte, 1);
    ::kill(::getpid(), SIGKILL);
  }
  int how = 0;
  ::waitpid(parent, &how, 0);
  const Pos pos(socket, spool);
  EXPECT_EQ(pos.state().queued, 1U);
  for (const int end : {line[0], line[1], ready[0], ready[1]}) ::close(end);
}

}  // namespace
}  // namespace tillside::pos_test
