#include "agent/store/time_keeper.h"

#include "agent/store/contact_store.h"
#include "tests/agent/store/support.h"

namespace tillside::store::test {
namespace {

constexpr Instant kSigned{1'795'310'100'000};

// Wall and monotonic time apart.
class TwoHands final : public Clock {
 public:
  Instant now() const override { return {wall_ms}; }
  std::int64_t monotonic_ms() const override { return run_ms; }
  std::atomic<std::int64_t> wall_ms{kSigned.ms}, run_ms{0};
};

struct TimeKeeperTest : ::testing::Test {
  void open() {
    store.reset();
    auto opened = Store::open({folder.path(), &clock, 0, {}});
    ASSERT_TRUE(opened);
    store = std::move(*opened);
  }
  void commit() {
    ASSERT_TRUE(store->writer().run([](Session&) {}));
  }
  std::int64_t kept() {
    std::int64_t mark = 0;
    EXPECT_TRUE(store->read([&](Session& session) { mark = session.meta().number("clock_mark", 0); }));
    return mark;
  }

  TempFolder folder;
  TwoHands clock;
  std::unique_ptr<Store> store;
};

TEST_F(TimeKeeperTest, TheMarkOutlivesARunAndKnowsWhatItRan) {
  open();
  EXPECT_FALSE(store->time().now().known);
  ASSERT_TRUE(store->time().sign(kSigned, true));
  clock.run_ms += kHour;
  clock.wall_ms += kHour;
  open();
  clock.run_ms = 77;  // a reboot
  clock.wall_ms = 0;
  open();
  const TrustedTime time = store->time().now();
  EXPECT_FALSE(time.trusted);
  EXPECT_EQ(time.now.ms, kSigned.ms + kHour);
}

TEST_F(TimeKeeperTest, TheMarkGoesWithWhatIsCommittedButOnceAMinuteAtMost) {
  open();
  commit();
  EXPECT_EQ(kept(), 0);
  ASSERT_TRUE(store->time().sign(kSigned, true));
  commit();
  EXPECT_EQ(kept(), kSigned.ms);
  clock.run_ms += kMinute - 1;
  commit();
  EXPECT_EQ(kept(), kSigned.ms);
  clock.run_ms += 1;
  commit();
  EXPECT_EQ(kept(), kSigned.ms + kMinute);
}

wire::ContactAnswer signed_at(Instant time) {
  wire::ContactAnswer answer;
  answer.time = time;
  return answer;
}

TEST_F(TimeKeeperTest, AContactMovesTheMarkAndMakesItDurable) {
  open();
  auto contact = std::move(StoreContact::open(*store).value());
  ASSERT_TRUE(contact->begin_contact(Bytes16{1}));
  ASSERT_TRUE(contact->contacted(signed_at(kSigned)));
  EXPECT_EQ(kept(), kSigned.ms);
  clock.wall_ms = 0;
  EXPECT_TRUE(store->time().now().trusted);
}

TEST_F(TimeKeeperTest, TheAnswerToANonceSentBeforeIsNotThePresent) {
  open();
  auto contact = std::move(StoreContact::open(*store).value());
  clock.wall_ms = 0;
  ASSERT_TRUE(contact->begin_contact(Bytes16{1}));
  ASSERT_TRUE(contact->begin_contact(Bytes16{2}));  // the first answer was lost
  ASSERT_TRUE(contact->contacted(signed_at(kSigned)));
  EXPECT_FALSE(store->time().now().trusted);
  EXPECT_EQ(store->time().now().now, kSigned) << "it is at least as late as that";
  ASSERT_TRUE(contact->begin_contact(Bytes16{3}));
  ASSERT_TRUE(contact->contacted(signed_at(kSigned.plus_ms(kHour))));
  EXPECT_TRUE(store->time().now().trusted);
}

}  // namespace
}  // namespace tillside::store::test
