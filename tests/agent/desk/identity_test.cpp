// A checkout is remembered once, whatever its numbers do.
#include "tests/agent/desk/desk_fixture.h"

namespace tillside {
namespace {

TEST_F(DeskTest, OtherContentUnderTheSameIdentityIsAConflictKeptOnce) {
  complete(sale(1));
  const Reply other = complete(sale(1, 500));
  ASSERT_TRUE(other.error);
  EXPECT_EQ(other.error->code, ErrorCode::conflict);
  complete(sale(1, 500));
  const auto told = events();
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(nlohmann::json::parse(told[1])["e"], "conflict");
  EXPECT_TRUE(complete(sale(1)).duplicate);
}

TEST_F(DeskTest, AfterAReportedRestartTheSameNumbersOpenANewSeries) {
  complete(sale(1));
  complete(sale(2));
  Checkout close = sale(3);
  close.state = CheckoutState::day_close;
  EXPECT_FALSE(event(close).error);
  const Reply first = complete(sale(1, 700));
  EXPECT_EQ(first.identity, "0123:L2:20261122:1:1:completed");
  EXPECT_THAT(first.flags, ::testing::Contains(Flag::restart));
  EXPECT_EQ(complete(sale(2, 800)).identity, "0123:L2:20261122:1:2:completed");
  EXPECT_TRUE(complete(sale(1)).duplicate) << "the older series is still sought";
  EXPECT_TRUE(complete(sale(2, 800)).duplicate);
  EXPECT_EQ(complete(sale(2, 900)).error->code, ErrorCode::conflict) << "one restart opens one series";
}

TEST_F(DeskTest, AConfiguredRestartNeedsNoReport) {
  shop.restarting_lanes = {"L2"};
  window.replace(shop);
  complete(sale(1));
  EXPECT_EQ(complete(sale(1, 500)).identity, "0123:L2:20261122:1:1:completed");
  EXPECT_EQ(complete(sale(1, 600)).identity, "0123:L2:20261122:2:1:completed");
}

TEST_F(DeskTest, ALateLowerNumberThatIsUnknownIsNoRestart) {
  complete(sale(9));
  EXPECT_EQ(complete(sale(4)).identity, "0123:L2:20261122:0:4:completed");
}

TEST_F(DeskTest, LanesAndDatesKeepTheirOwnNumbers) {
  complete(sale(1));
  Checkout lane = sale(1, 500);
  lane.lane_id = "L3";
  EXPECT_FALSE(complete(lane).error);
  Checkout date = sale(1, 500);
  date.business_date = date_of(2026, 11, 23);
  EXPECT_FALSE(complete(date).error);
}

TEST_F(DeskTest, TheDoorsOwnSeriesIsItsWord) {
  complete(sale(1));
  Checkout second = sale(1, 500);
  second.series = 1;
  EXPECT_EQ(complete(second).identity, "0123:L2:20261122:1:1:completed");
  EXPECT_TRUE(complete(second).duplicate);
}

TEST_F(DeskTest, WithoutANumberTheIdDecidesAndWithoutBothTheContent) {
  Checkout by_id = sale(0);
  by_id.checkout_id = "T-1";
  EXPECT_EQ(complete(by_id).identity, "0123:L2:20261122:id:T-1:completed");
  EXPECT_TRUE(complete(by_id).duplicate);

  Checkout nameless = sale(0);
  nameless.checkout_id.clear();
  nameless.occurred_at_text = "09:15";
  EXPECT_FALSE(complete(nameless).duplicate);
  EXPECT_TRUE(complete(nameless).duplicate);
  nameless.ordinal = 1;
  EXPECT_FALSE(complete(nameless).duplicate) << "the second of two equal documents of one file";
  nameless.ordinal = 0;
  nameless.occurred_at_text = "09:16";
  EXPECT_FALSE(complete(nameless).duplicate);
}

TEST_F(DeskTest, AnotherStoresDocumentIsKeptAndFlagged) {
  Checkout other = sale(1);
  other.store_id = "9";
  const Reply reply = complete(other);
  ASSERT_FALSE(reply.error);
  EXPECT_THAT(reply.flags, ::testing::Contains(Flag::other_store));
}

}  // namespace
}  // namespace tillside
