// A POS and its agent, both killed again and again at random moments: what was TAKEN, and what was QUEUED and on the
// disk, is with the agent in the end, once.
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

#include "tests/fakes/town.h"
#include "tests/pos_adapter/plugin/agent_under_test.h"

namespace tillside::pos_test {
namespace {

// What the POS says before it may be killed: what became of a sale, or (kSafe) that it and all before it are on the
// disk.
struct Word {
  std::int32_t number, outcome;
};
constexpr std::int32_t kSafe = 100;

[[noreturn]] void sell_until_killed(const AgentUnderTest& agent, int first, int pipe) {
  const Pos pos(agent);
  const auto say = [&](Word word) { (void)!::write(pipe, &word, sizeof word); };
  for (int number = first;; ++number) {
    say({number, pos.complete(sale(number)).outcome});
    do (void)::poll(nullptr, 0, 2);  // customers do not come all at once
    while (pos.state().unspooled > 2);
    if (pos.state().unspooled == 0) say({number, kSafe});
  }
}

struct Books {
  std::set<int> taken, queued, safe;
  std::vector<int> of_this_pos;  // queued by the one that lives
  int last = 0;

  void note(const Word& word) {
    last = std::max(last, word.number);
    if (word.outcome == kSafe) return safe.insert(of_this_pos.begin(), of_this_pos.end());
    if (word.outcome == TILLSIDE_POS_TAKEN) return void(taken.insert(word.number));
    EXPECT_EQ(word.outcome, TILLSIDE_POS_QUEUED);
    queued.insert(word.number);
    of_this_pos.push_back(word.number);
  }
};

void one_round(AgentUnderTest& agent, Books& books, std::mt19937_64& random) {
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  if (!agent.running()) agent.start();
  const pid_t pos = ::fork();
  if (pos == 0) {
    ::close(pipe[0]);
    sell_until_killed(agent, books.last + 1000, pipe[1]);
  }
  ::close(pipe[1]);
  (void)::poll(nullptr, 0, static_cast<int>(random() % 400));
  agent.kill_now();
  (void)::poll(nullptr, 0, static_cast<int>(random() % 200));
  if (random() % 3 != 0) agent.start();
  (void)::poll(nullptr, 0, static_cast<int>(random() % 150));
  ::kill(pos, SIGKILL);
  Word word{};
  books.of_this_pos.clear();
  while (::read(pipe[0], &word, sizeof word) == sizeof word) books.note(word);
  ::close(pipe[0]);
  int how = 0;
  ::waitpid(pos, &how, 0);
}

TEST(Kills, NothingThatWasAnsweredIsLost) {
  const int rounds = fakes::from_environment("TILLSIDE_POS_KILLS", kSanitized ? 8 : 25);
  std::mt19937_64 random(fakes::test_seed());
  AgentUnderTest agent;
  agent.start();
  Books books;
  for (int i = 0; i < rounds; ++i) one_round(agent, books, random);
  agent.kill_now();
  agent.start();
  {
    const Pos pos(agent);
    ASSERT_TRUE(eventually(
        "all is delivered", [&] { return pos.state().queued == 0; }, 60));
    EXPECT_LE(pos.state().set_aside, static_cast<unsigned>(rounds))
        << "only what was cut off while it was being written";
    std::set<int> required = books.taken;
    required.insert(books.safe.begin(), books.safe.end());
    EXPECT_GT(required.size(), 3U);  // of which kind depends on how fast this machine is
    EXPECT_GE(agent.checkouts(), required.size());
    for (const int number : required) {
      const Said again = pos.complete(sale(number), 20000);
      ASSERT_EQ(again.outcome, TILLSIDE_POS_TAKEN) << number;
      ASSERT_TRUE(again.duplicate) << "lost: " << number;
    }
  }
  std::cout << rounds << " rounds, " << books.taken.size() << " taken, " << books.queued.size() << " queued, of them "
            << books.safe.size() << " known to be on the disk\n";
}

}  // namespace
}  // namespace tillside::pos_test
