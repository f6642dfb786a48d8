#include "agent/store/outbox.h"

#include "tests/agent/store/support.h"

namespace tillside::store {
namespace {

using namespace test;

struct OutboxTest : ::testing::Test {
  void SetUp() override {
    store = must_open(folder.path());
    name_epoch(*store, 1);
    outbox = std::make_unique<StoreOutbox>(*store);
  }
  void TearDown() override {
    outbox.reset();
    store.reset();
  }
  std::uint64_t first_seq() {
    const auto batch = outbox->next_batch(100, 1 << 20);
    return batch ? batch->head.first_seq : 0;
  }
  void at(std::int64_t ms, const std::string& body) {
    ASSERT_TRUE(store->writer().run([&](Session& session) { session.events().append(body, Instant{ms}); }));
  }

  TempFolder folder;
  std::unique_ptr<Store> store;
  std::unique_ptr<StoreOutbox> outbox;
};

TEST_F(OutboxTest, ABatchIsWhatWaitsWithTheChainBeforeIt) {
  EXPECT_FALSE(outbox->next_batch(10, 1000));
  append_events(*store, 5);
  auto batch = outbox->next_batch(3, 1000);
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->events, (std::vector<std::string>{"e1", "e2", "e3"}));
  EXPECT_EQ(batch->head.epoch, epoch_of(1));
  EXPECT_EQ(batch->head.first_seq, 1u);
  EXPECT_EQ(batch->head.count, 3u);
  EXPECT_EQ(batch->head.prev, wire::ChainHash{});
  EXPECT_EQ(batch->head.retained_from, 1u);
  wire::ChainHash chain{};
  for (const auto& event : batch->events) chain = wire::chain(chain, event);

  ASSERT_TRUE(outbox->acknowledged(epoch_of(1), 3));
  batch = outbox->next_batch(100, 1000);
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->head.first_seq, 4u);
  EXPECT_EQ(batch->head.prev, chain);
  EXPECT_EQ(outbox->progress(), (std::pair<std::uint64_t, std::uint64_t>{5, 3}));
  ASSERT_TRUE(outbox->acknowledged(epoch_of(1), 5));
  EXPECT_FALSE(outbox->next_batch(100, 1000));
}

TEST_F(OutboxTest, BytesBoundABatchButNeverBelowOneEvent) {
  append_events(*store, 4, std::string(50, 'x'));
  EXPECT_EQ(outbox->next_batch(100, 10)->events.size(), 1u);
  EXPECT_EQ(outbox->next_batch(100, 104)->events.size(), 2u);
}

TEST_F(OutboxTest, AnAcknowledgementNeverGoesBackNorBeyondWhatThereIs) {
  append_events(*store, 3);
  ASSERT_TRUE(outbox->acknowledged(epoch_of(1), 2));
  ASSERT_TRUE(outbox->acknowledged(epoch_of(1), 1));
  EXPECT_EQ(first_seq(), 3u);
  ASSERT_TRUE(outbox->acknowledged(epoch_of(1), 900));
  append_events(*store, 1, "later");
  EXPECT_EQ(first_seq(), 4u) << "events that headquarters cannot hold must still be sent";
  EXPECT_EQ(outbox->acknowledged(epoch_of(9), 1).error().code, ErrorCode::not_found);
}

TEST_F(OutboxTest, TheOldestEpochGoesFirstAndAProvisionalOneNotAtAll) {
  append_events(*store, 2, "first");
  name_epoch(*store, 2);
  append_events(*store, 1, "second");
  EXPECT_EQ(outbox->next_batch(100, 1000)->head.epoch, epoch_of(1));
  ASSERT_TRUE(outbox->acknowledged(epoch_of(1), 2));
  const auto batch = outbox->next_batch(100, 1000);
  EXPECT_EQ(batch->head.epoch, epoch_of(2));
  EXPECT_EQ(batch->head.first_seq, 1u);
  EXPECT_EQ(batch->head.prev, wire::ChainHash{});

  TempFolder other;
  auto fresh = must_open(other.path());
  append_events(*fresh, 1);
  StoreOutbox provisional(*fresh);
  EXPECT_FALSE(provisional.next_batch(10, 1000));
  EXPECT_EQ(provisional.progress(), (std::pair<std::uint64_t, std::uint64_t>{0, 0}));
  EXPECT_EQ(provisional.waiting().unsent, 1u);
  name_epoch(*fresh, 5);
  EXPECT_EQ(provisional.next_batch(10, 1000)->head.epoch, epoch_of(5));
}

TEST_F(OutboxTest, RewindSendsAgainAndAForkEndsWhatIsSentAsOurs) {
  append_events(*store, 6);
  ASSERT_TRUE(outbox->acknowledged(epoch_of(1), 6));
  ASSERT_TRUE(outbox->rewind(epoch_of(1), 3));
  EXPECT_EQ(first_seq(), 3u);
  ASSERT_TRUE(outbox->rewind(epoch_of(1), 5));
  EXPECT_EQ(first_seq(), 3u) << "a rewind never skips";
  ASSERT_TRUE(outbox->forked(epoch_of(1), 5, 0));
  EXPECT_EQ(outbox->next_batch(100, 1000)->events, (std::vector<std::string>{"e3", "e4"}));
  ASSERT_TRUE(outbox->acknowledged(epoch_of(1), 4));
  EXPECT_FALSE(outbox->next_batch(100, 1000));
  EXPECT_EQ(outbox->waiting().forked, 2u);
  EXPECT_EQ(outbox->waiting().unsent, 0u);
  ASSERT_TRUE(outbox->forked(epoch_of(1), 6, 0));
  EXPECT_EQ(outbox->waiting().forked, 2u) << "the first difference counts";
  EXPECT_EQ(count(*store, "SELECT count(*) FROM event"), 6);
}

TEST_F(OutboxTest, TheRestOfAForkIsSentUnderItsBirthNameUntilHeadquartersKeepsItAll) {
  append_events(*store, 9);
  ASSERT_TRUE(outbox->acknowledged(epoch_of(1), 3));
  EXPECT_FALSE(outbox->next_forked_batch(100, 1000));
  ASSERT_TRUE(outbox->forked(epoch_of(1), 5, 6));
  ASSERT_TRUE(outbox->acknowledged(epoch_of(1), 4));
  name_epoch(*store, 2);
  EXPECT_EQ(outbox->waiting().forked, 3u);
  auto batch = outbox->next_forked_batch(2, 1000);
  ASSERT_TRUE(batch);
  EXPECT_TRUE(batch->forked);
  EXPECT_EQ(batch->events, (std::vector<std::string>{"e7", "e8"}));
  EXPECT_EQ(batch->head.epoch, epoch_of(1));
  EXPECT_EQ(batch->head.first_seq, 7u);
  wire::ChainHash chain{};
  for (int i = 1; i <= 6; ++i) chain = wire::chain(chain, "e" + std::to_string(i));
  EXPECT_EQ(batch->head.prev, chain);

  outbox.reset();
  store.reset();
  store = must_open(folder.path());
  outbox = std::make_unique<StoreOutbox>(*store);
  EXPECT_EQ(outbox->next_forked_batch(2, 1000)->head.first_seq, 7u) << "what was kept is remembered";
  ASSERT_TRUE(outbox->forked(epoch_of(1), 7, 8));
  EXPECT_EQ(outbox->waiting().forked, 1u);
  EXPECT_EQ(outbox->next_forked_batch(2, 1000)->events, std::vector<std::string>{"e9"});
  ASSERT_TRUE(outbox->forked(epoch_of(1), 9, 900));
  EXPECT_FALSE(outbox->next_forked_batch(100, 1000));
  EXPECT_EQ(outbox->waiting().forked, 0u);
  EXPECT_EQ(outbox->waiting().unsent, 0u);
}

TEST_F(OutboxTest, AForkOfWhichNothingIsKeptIsSentFromBeforeTheDifference) {
  append_events(*store, 9);
  ASSERT_TRUE(outbox->acknowledged(epoch_of(1), 8));
  ASSERT_TRUE(outbox->forked(epoch_of(1), 6, 5));
  EXPECT_EQ(outbox->progress().second, 5u) << "what was acknowledged there is of the other history";
  EXPECT_EQ(outbox->waiting().forked, 4u);
  EXPECT_EQ(outbox->next_forked_batch(4, 1000)->events, (std::vector<std::string>{"e4", "e5", "e6", "e7"}));
  EXPECT_EQ(outbox->next_forked_batch(100, 1000)->head.first_seq, 1u);
}

TEST_F(OutboxTest, AHeadquartersThatForgotIsSentTheForkAgainAndMayTakeIt) {
  append_events(*store, 6);
  ASSERT_TRUE(outbox->acknowledged(epoch_of(1), 2));
  ASSERT_TRUE(outbox->forked(epoch_of(1), 3, 6));
  EXPECT_FALSE(outbox->next_forked_batch(100, 1000));
  ASSERT_TRUE(outbox->rewind(epoch_of(1), 2));
  EXPECT_EQ(outbox->waiting().forked, 4u);
  EXPECT_EQ(outbox->next_batch(100, 1000)->events, std::vector<std::string>{"e2"});
  ASSERT_TRUE(outbox->acknowledged(epoch_of(1), 2));
  ASSERT_TRUE(outbox->acknowledged(epoch_of(1), 4));
  EXPECT_EQ(outbox->waiting().forked, 0u) << "headquarters took it for its own: no fork any more";
  EXPECT_FALSE(outbox->next_forked_batch(100, 1000));
  EXPECT_EQ(outbox->next_batch(100, 1000)->events, (std::vector<std::string>{"e5", "e6"}));
}

TEST_F(OutboxTest, OfAForkOnlyWhatIsKeptIsPruned) {
  constexpr Instant kLater{100 * kDay};
  for (int i = 1; i <= 9; ++i) at(i, "e" + std::to_string(i));
  ASSERT_TRUE(outbox->acknowledged(epoch_of(1), 4));
  ASSERT_TRUE(outbox->forked(epoch_of(1), 5, 7));
  EXPECT_EQ(*outbox->prune(30, kLater), 6u) << "the newest kept one stays for the chain of the next";
  EXPECT_EQ(outbox->next_forked_batch(100, 1000)->events, (std::vector<std::string>{"e8", "e9"}));
  EXPECT_EQ(outbox->waiting().forked, 2u);
  ASSERT_TRUE(outbox->forked(epoch_of(1), 8, 0));
  EXPECT_EQ(*outbox->prune(30, kLater), 0u);
}

TEST_F(OutboxTest, AForkFromBeforeItsRestWasSentIsSentFromItsBeginning) {
  append_events(*store, 4);
  ASSERT_TRUE(outbox->acknowledged(epoch_of(1), 2));
  ASSERT_TRUE(outbox->forked(epoch_of(1), 3, 4));
  ASSERT_TRUE(store->writer().run([](Session& session) {
    session.database().run("ALTER TABLE epoch DROP COLUMN fork_kept; PRAGMA user_version=1");
  }));
  outbox.reset();
  store.reset();
  store = must_open(folder.path());
  outbox = std::make_unique<StoreOutbox>(*store);
  EXPECT_EQ(outbox->waiting().forked, 2u);
  EXPECT_EQ(outbox->next_forked_batch(100, 1000)->events.back(), "e4");
}

TEST_F(OutboxTest, VerdictsAreKept) {
  append_events(*store, 2);
  ASSERT_TRUE(outbox->parked(epoch_of(1), {{2, "parked", "unknown kind"}}));
  ASSERT_TRUE(outbox->parked(epoch_of(1), {{2, "parked", "too large"}}));
  EXPECT_EQ(outbox->waiting().parked, 1u);
}

TEST_F(OutboxTest, PruningKeepsWhatTheNextChainNeeds) {
  constexpr std::int64_t kNow = 100 * kDay;
  for (int i = 1; i <= 10; ++i) at(i * kDay, "e" + std::to_string(i));
  ASSERT_TRUE(outbox->acknowledged(epoch_of(1), 8));
  auto gone = outbox->prune(30, Instant{kNow});
  ASSERT_TRUE(gone);
  EXPECT_EQ(*gone, 7u) << "the newest acknowledged stays";
  auto batch = outbox->next_batch(100, 1000);
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->head.first_seq, 9u);
  EXPECT_EQ(batch->head.retained_from, 9u);
  wire::ChainHash chain{};
  for (int i = 1; i <= 8; ++i) chain = wire::chain(chain, "e" + std::to_string(i));
  EXPECT_EQ(batch->head.prev, chain);

  const Status rewound = outbox->rewind(epoch_of(1), 2);
  EXPECT_EQ(rewound.error().code, ErrorCode::out_of_range);
  EXPECT_EQ(first_seq(), 9u);
  ASSERT_TRUE(outbox->acknowledged(epoch_of(1), 10));
  ASSERT_TRUE(outbox->prune(30, Instant{kNow}));
  EXPECT_EQ(count(*store, "SELECT count(*) FROM event"), 1);
  outbox.reset();
  store.reset();
  store = must_open(folder.path());
  outbox = std::make_unique<StoreOutbox>(*store);
  append_events(*store, 1, "goes on");
  EXPECT_EQ(first_seq(), 11u);
}

TEST_F(OutboxTest, RetentionDaysHoldEventsForSendingAgain) {
  for (int i = 1; i <= 10; ++i) at(i * kDay, "e" + std::to_string(i));
  ASSERT_TRUE(outbox->acknowledged(epoch_of(1), 10));
  EXPECT_EQ(*outbox->prune(5, Instant{10 * kDay}), 4u);
  ASSERT_TRUE(outbox->rewind(epoch_of(1), 6));
  EXPECT_EQ(outbox->next_batch(100, 1000)->events.size(), 5u);
}

TEST_F(OutboxTest, AJumpOfTheClockHoldsNothingBack) {
  at(1 * kDay, "a");
  at(40'000 * kDay, "from the future");
  at(2 * kDay, "b");
  at(200 * kDay, "new");
  ASSERT_TRUE(outbox->acknowledged(epoch_of(1), 4));
  EXPECT_EQ(*outbox->prune(30, Instant{201 * kDay}), 3u);
}

TEST_F(OutboxTest, NothingUnacknowledgedIsEverPruned) {
  for (int i = 1; i <= 4; ++i) at(i, "old");
  EXPECT_EQ(*outbox->prune(1, Instant{900 * kDay}), 0u);
  ASSERT_TRUE(outbox->acknowledged(epoch_of(1), 3));
  ASSERT_TRUE(outbox->forked(epoch_of(1), 2, 0));
  EXPECT_LE(*outbox->prune(1, Instant{900 * kDay}), 1u);
  EXPECT_GE(count(*store, "SELECT count(*) FROM event WHERE id & 1099511627775 >= 2"), 3);
}

TEST_F(OutboxTest, WakesOnNewEvents) {
  std::atomic<int> woken{0};
  outbox->on_new_events([&woken] { ++woken; });
  ASSERT_TRUE(store->writer().run([](Session& session) { session.meta().put("k", "no event"); }));
  append_events(*store, 1);
  store->writer().stop();
  EXPECT_EQ(woken, 1);
}

}  // namespace
}  // namespace tillside::store
