// A till that is killed in the middle of committing keeps every event it acknowledged, and its chain.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <random>

#include "tests/agent/store/support.h"

namespace tillside::store {
namespace {

using namespace test;

// Commits for ever and writes the sequence of each event that was acknowledged.
[[noreturn]] void sell_until_killed(const fs::path& folder, int acknowledged) {
  auto store = try_open(folder);
  if (!store) ::_exit(3);
  for (;;) {
    std::uint64_t seq = 0;
    const Status done = (*store)->writer().run([&seq](Session& session) {
      seq = session.events().append("sale " + std::to_string(session.events().last_seq() + 1), Instant{1});
      session.issuing().lend(1, static_cast<std::int64_t>(seq));
      session.issuing().take(1);
      session.issuing().next_serial(1);
    });
    if (!done || ::write(acknowledged, &seq, sizeof seq) != sizeof seq) ::_exit(4);
  }
}

// The newest sequence told, or `last` when none was.
std::uint64_t drain(int pipe, std::uint64_t last) {
  std::uint64_t seq = 0;
  while (::read(pipe, &seq, sizeof seq) == sizeof seq) last = seq;
  return last;
}

TEST(Kill, EveryAcknowledgedEventIsThere) {
  TempFolder folder;
  std::mt19937 random(20261122);
  std::uint64_t acknowledged = 0;
  for (int round = 0; round < 30; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) sell_until_killed(folder.path(), ends[1]);
    ::close(ends[1]);
    pollfd ready{ends[0], POLLIN, 0};
    ASSERT_EQ(::poll(&ready, 1, 20'000), 1);
    (void)::poll(nullptr, 0, static_cast<int>(random() % 25));
    ::kill(child, SIGKILL);
    int how = 0;
    ASSERT_EQ(::waitpid(child, &how, 0), child);
    ASSERT_TRUE(WIFSIGNALED(how)) << "it ended by itself with " << how;
    acknowledged = drain(ends[0], acknowledged);
    ::close(ends[0]);

    auto store = must_open(folder.path());
    ASSERT_TRUE(store);
    EXPECT_TRUE(store->set_aside().empty());
    const auto there = static_cast<std::uint64_t>(count(*store, "SELECT max(id) & 1099511627775 FROM event"));
    ASSERT_GE(there, acknowledged);
    ASSERT_LE(there, acknowledged + 1);
    ASSERT_EQ(count(*store, "SELECT count(*) FROM event"), static_cast<std::int64_t>(there));
    ASSERT_EQ(count(*store, "SELECT used FROM quota"), static_cast<std::int64_t>(there));
    ASSERT_TRUE(store->read([&](Session& session) {
      Statement rows = session.database().prepare("SELECT body,chain FROM event ORDER BY id");
      wire::ChainHash chain{};
      for (std::uint64_t seq = 1; rows.step(); ++seq) {
        ASSERT_EQ(rows.text(0), "sale " + std::to_string(seq));
        chain = wire::chain(chain, rows.text(0));
        ASSERT_EQ(rows.blob(1), std::string_view(reinterpret_cast<const char*>(chain.data()), chain.size()));
      }
    }));
    acknowledged = there;
  }
  EXPECT_GT(acknowledged, 30u);
}

}  // namespace
}  // namespace tillside::store
