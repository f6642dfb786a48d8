// Group commit: everything that was answered is durable, a bad job harms only itself, and a full disk is survived.
#include "agent/store/writer.h"

#include <sys/resource.h>

#include <csignal>
#include <future>
#include <thread>

#include "tests/agent/store/support.h"

namespace tillside::store {
namespace {

using namespace test;

void expect_whole_chain(Store& store) {
  ASSERT_TRUE(store.read([](Session& session) {
    Statement rows = session.database().prepare("SELECT id,body,chain FROM event ORDER BY id");
    wire::ChainHash chain{};
    for (std::int64_t seq = 1; rows.step(); ++seq) {
      ASSERT_EQ(rows.integer(0), event_id(1, static_cast<std::uint64_t>(seq)));
      chain = wire::chain(chain, rows.text(1));
      ASSERT_EQ(rows.blob(2), std::string_view(reinterpret_cast<const char*>(chain.data()), chain.size()));
    }
  }));
}

TEST(Writer, SixteenThreadsAllDurableAndEachInOrder) {
  TempFolder folder;
  constexpr int kThreads = 16, kEach = 60;
  {
    auto store = must_open(folder.path());
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&store, t] { append_events(*store, kEach, "t" + std::to_string(t) + "/"); });
    }
    for (auto& thread : threads) thread.join();
  }
  auto store = must_open(folder.path());
  EXPECT_EQ(count(*store, "SELECT count(*) FROM event"), kThreads * kEach);
  expect_whole_chain(*store);
  for (int t = 0; t < kThreads; ++t) {
    ASSERT_TRUE(store->read([t](Session& session) {
      const std::string prefix = "t" + std::to_string(t) + "/";
      Statement rows = session.database().prepare("SELECT body FROM event WHERE body>=? AND body<? ORDER BY id");
      const std::string end = prefix + ":";
      rows.with(prefix, end);
      for (int i = 1; rows.step(); ++i) ASSERT_EQ(rows.text(0), prefix + std::to_string(i));
    }));
  }
}

// Keeps the writer busy with a group of its own until let go.
class Hold {
 public:
  explicit Hold(Writer& writer)
      : thread_([this, &writer, gone = go_.get_future().share()] {
          EXPECT_TRUE(writer.run([this, gone](Session&) {
            started_.set_value();
            gone.wait();
          }));
        }) {
    started_.get_future().wait();
  }
  void let_go() {
    go_.set_value();
    thread_.join();
  }

 private:
  std::promise<void> started_, go_;
  std::thread thread_;
};

class Appending final : public Job {
 public:
  Appending(std::string body, std::atomic<int>& finished, std::atomic<int>& failed)
      : body_(std::move(body)), finished_(finished), failed_(failed) {}
  void apply(Session& session) override {
    session.events().append(body_, Instant{1});
    if (body_ == "bad")
      session.database().run("INSERT INTO epoch(no,epoch,acked,forked_at,provisional) VALUES(1,x'00',0,0,0)");
    if (body_ == "throws") throw std::runtime_error("a rule broke");
  }
  void finished(const std::optional<Error>& error) override { ++(error ? failed_ : finished_); }

 private:
  std::string body_;
  std::atomic<int>&finished_, &failed_;
};

// Like a sale: may use the reserve.
class Promised final : public Job {
 public:
  Promised(std::string body, std::atomic<int>& finished, std::atomic<int>& failed)
      : body_(std::move(body)), finished_(finished), failed_(failed) {}
  void apply(Session& session) override { session.events().append(body_, Instant{1}); }
  bool promised() const override { return true; }
  void finished(const std::optional<Error>& error) override { ++(error ? failed_ : finished_); }

 private:
  std::string body_;
  std::atomic<int>&finished_, &failed_;
};

TEST(Writer, ABadJobDoesNotTakeTheOthersWithIt) {
  TempFolder folder;
  auto store = must_open(folder.path());
  std::atomic<int> finished{0}, failed{0}, heard{0};
  store->new_events().add([&heard] { ++heard; });
  Hold hold(store->writer());
  for (int i = 0; i < 20; ++i) {
    const std::string body = i == 7 ? "bad" : i == 13 ? "throws" : "good" + std::to_string(i);
    ASSERT_TRUE(store->writer().submit(std::make_unique<Appending>(body, finished, failed)));
  }
  hold.let_go();
  ASSERT_TRUE(store->writer().run([](Session&) {}));
  EXPECT_EQ(finished, 18);
  EXPECT_EQ(failed, 2);
  EXPECT_GT(heard, 0);
  EXPECT_EQ(count(*store, "SELECT count(*) FROM event"), 18);
  EXPECT_EQ(count(*store, "SELECT count(*) FROM event WHERE body IN ('bad','throws')"), 0);
  expect_whole_chain(*store);
}

TEST(Writer, ListenersHearOfAnEventBesideAFailure) {
  TempFolder folder;
  auto store = must_open(folder.path());
  std::atomic<int> finished{0}, failed{0}, heard{0};
  store->new_events().add([&heard] { ++heard; });
  Hold hold(store->writer());
  ASSERT_TRUE(store->writer().submit(std::make_unique<Appending>("good", finished, failed)));
  ASSERT_TRUE(store->writer().submit(std::make_unique<Appending>("bad", finished, failed)));
  hold.let_go();
  ASSERT_TRUE(store->writer().run([](Session&) {}));
  EXPECT_EQ(finished, 1);
  EXPECT_GE(heard, 1);
}

TEST(Writer, RefusesBeyondItsQueueAndAfterItsEnd) {
  TempFolder folder;
  auto store = must_open(folder.path());
  std::atomic<int> finished{0}, failed{0};
  Hold hold(store->writer());
  for (std::size_t i = 0; i < Writer::kMaxQueued; ++i) {
    ASSERT_TRUE(store->writer().submit(std::make_unique<Appending>("x", finished, failed)));
  }
  EXPECT_FALSE(store->writer().submit(std::make_unique<Appending>("x", finished, failed)));
  EXPECT_EQ(failed, 1);
  hold.let_go();
  store->writer().stop();
  EXPECT_EQ(finished, static_cast<int>(Writer::kMaxQueued));
  EXPECT_FALSE(store->writer().run([](Session&) {}));
}

TEST(Writer, AFullDiskIsRefusedFreesTheReserveAndIsRecoveredFrom) {
  TempFolder folder;
  auto store = must_open(folder.path());
  append_events(*store, 1);
  ASSERT_TRUE(fs::exists(folder / "reserve"));
  const auto limit = [&store](const std::string& pages) {
    return store->writer().run([&](Session& session) { session.database().integer("PRAGMA max_page_count=" + pages); });
  };
  ASSERT_TRUE(limit(std::to_string(count(*store, "PRAGMA page_count") + 2)));
  Status last;
  int taken = 0;
  for (; taken < 1000 && last; ++taken) {
    last = store->writer().run([](Session& session) { session.events().append(std::string(3000, 'f'), Instant{1}); });
  }
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().code, ErrorCode::storage_full);
  EXPECT_GE(store->writer().refused_full(), 1u);
  EXPECT_TRUE(fs::exists(folder / "reserve")) << "kept for sales";
  std::atomic<int> finished{0}, failed{0};
  ASSERT_TRUE(store->writer().submit(std::make_unique<Promised>(std::string(3000, 's'), finished, failed)));
  ASSERT_FALSE(
      store->writer().run([](Session& session) { session.events().append(std::string(3000, 'f'), Instant{1}); }));
  EXPECT_EQ(failed, 1) << "this disk is full by a limit that no freed file lifts";
  EXPECT_FALSE(fs::exists(folder / "reserve")) << "freed for the sale";
  EXPECT_EQ(count(*store, "SELECT count(*) FROM event"), taken);
  ASSERT_TRUE(limit("1000000"));
  append_events(*store, 5, "after");
  EXPECT_EQ(count(*store, "SELECT count(*) FROM event"), taken + 5);
  expect_whole_chain(*store);
}

// No file may grow: what a full disk looks like from below, in the middle of the WAL.
class NoRoom {
 public:
  explicit NoRoom(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit tight = before_;
    tight.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &tight);
  }
  ~NoRoom() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST(Writer, AWriteThatFailsInTheWalIsAFullDiskToo) {
  TempFolder folder;
  {
    auto store = must_open(folder.path());
    append_events(*store, 10);
    {
      NoRoom no_room(static_cast<rlim_t>(store->wal_bytes() + 10'000));
      Status last;
      for (int i = 0; i < 100 && last; ++i) {
        last =
            store->writer().run([](Session& session) { session.events().append(std::string(3000, 'f'), Instant{1}); });
      }
      ASSERT_FALSE(last);
      EXPECT_EQ(last.error().code, ErrorCode::storage_full) << last.error().detail;
    }
    append_events(*store, 5, "after");
    expect_whole_chain(*store);
  }
  auto store = must_open(folder.path());
  EXPECT_TRUE(store->set_aside().empty());
  EXPECT_EQ(count(*store, "SELECT count(*) FROM event WHERE body LIKE 'after%'"), 5);
  expect_whole_chain(*store);
}

TEST(Issuing, CountersAreReadAgainAfterARollback) {
  TempFolder folder;
  auto store = must_open(folder.path());
  ASSERT_TRUE(store->writer().run([](Session& session) { session.issuing().lend(7, 3); }));
  const auto issue = [&store](bool fail) {
    return store->writer().run([fail](Session& session) {
      EXPECT_TRUE(session.issuing().take(7));
      session.issuing().next_serial(2);
      session.events().append("issued", Instant{1});
      if (fail) session.database().run("INSERT INTO nowhere VALUES(1)");
    });
  };
  ASSERT_TRUE(issue(false));
  ASSERT_FALSE(issue(true));
  ASSERT_FALSE(issue(true));
  ASSERT_TRUE(store->writer().run([](Session& session) {
    EXPECT_EQ(session.issuing().left(7), 2);
    EXPECT_EQ(session.issuing().next_serial(2), 2u);
    EXPECT_EQ(session.events().last_seq(), 1u);
  }));
  store.reset();
  store = must_open(folder.path());
  ASSERT_TRUE(store->writer().run([](Session& session) {
    EXPECT_EQ(session.issuing().next_serial(2), 3u);
    EXPECT_EQ(session.issuing().left(7), 2);
    EXPECT_TRUE(session.issuing().take(7));
    EXPECT_TRUE(session.issuing().take(7));
    EXPECT_FALSE(session.issuing().take(7));
    session.issuing().lend(7, 2);
    EXPECT_FALSE(session.issuing().take(7)) << "a smaller grant never lowers, nor adds";
    session.issuing().lend(9, 0);
    session.issuing().give_back(11);
    EXPECT_EQ(session.issuing().all().size(), 1u);
  }));
}

TEST(Issuing, AnEpochBeginsWithoutTheOldOnesQuota) {
  TempFolder folder;
  auto store = must_open(folder.path());
  name_epoch(*store, 1);
  ASSERT_TRUE(store->writer().run([](Session& session) {
    session.issuing().lend(7, 3);
    EXPECT_TRUE(session.issuing().take(7));
    session.events().append("in the first", Instant{1});
  }));
  name_epoch(*store, 2);
  ASSERT_TRUE(store->writer().run([](Session& session) {
    EXPECT_EQ(session.issuing().left(7), 0);
    EXPECT_EQ(session.events().append("in the second", Instant{1}), 1u);
  }));
  EXPECT_EQ(count(*store, "SELECT lent-used FROM quota WHERE epoch_no=1"), 2);
}

}  // namespace
}  // namespace tillside::store
