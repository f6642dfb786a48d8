// The database door: torn tickets, commits out of order, lanes between each other's rows, a database that is away.
#include "tests/pos_adapter/journal/database/table.h"

namespace tillside::journal::testing {
namespace {

using Tickets = std::vector<std::string>;
using Kind = DatabaseNote::Kind;

TEST(DatabaseDoor, ATicketIsTakenWhenItStoodStillForAWhile) {
  DoorStory story;
  story.table.put(1, "A1");
  story.table.put(2, "A1", "L1", "2.50");
  story.poll();
  EXPECT_TRUE(story.tickets().empty()) << "seen once";
  EXPECT_EQ(story.door->counts().open, 1u);
  story.poll(9000);
  EXPECT_TRUE(story.tickets().empty()) << "the same, but not for ten seconds yet";
  story.poll(1000);
  ASSERT_EQ(story.tickets(), Tickets{"A1"});
  EXPECT_EQ(story.ticket("A1").totals.net, 350);
  EXPECT_EQ(story.ticket("A1").lines.size(), 2u);
  story.poll();
  story.poll(60'000);
  EXPECT_EQ(story.intake.count(Delivery::Kind::duplicate), 0) << "what came out is not handed in at each look";
}

TEST(DatabaseDoor, ATornTicketIsNeverTakenHalf) {
  DoorStory story;
  for (Mark row = 1; row <= 12; ++row) {  // a row at a time, each committed by itself, a look between any two
    story.table.put(row, "T1");
    story.poll(5000);
    ASSERT_TRUE(story.tickets().empty()) << "after row " << row;
  }
  story.poll(10'000);
  EXPECT_EQ(story.ticket("T1").lines.size(), 12u);
}

TEST(DatabaseDoor, TheNextTicketOfTheLaneEndsTheOneBefore) {
  DoorStory story;
  story.table.put(1, "A1", "L1");
  story.table.put(2, "B1", "L2");
  story.poll(1);
  story.table.put(3, "A2", "L1");
  story.poll(1);
  EXPECT_EQ(story.tickets(), Tickets{"A1"}) << "another lane's next ticket ends nothing";
}

TEST(DatabaseDoor, LanesWriteBetweenEachOthersRows) {
  DoorStory story;
  for (Mark row = 1; row <= 8; ++row) story.table.put(row, row % 2 == 0 ? "7" : "7", row % 2 == 0 ? "L1" : "L2");
  story.poll();
  story.poll(10'000);
  ASSERT_EQ(story.tickets().size(), 2u) << "one number at two lanes is two tickets";
  EXPECT_EQ(story.ticket("7").lines.size(), 4u);
}

TEST(DatabaseDoor, ALateCommitWithALowerNumberIsFound) {
  DoorStory story;
  story.table.put(10, "A1", "L1");
  story.table.put(12, "A2", "L1");
  story.poll();
  story.poll(10'000);
  EXPECT_EQ(story.tickets(), (Tickets{"A1", "A2"}));
  story.table.put(11, "B1", "L2");  // numbered before A2, committed after it
  story.poll();
  story.poll(10'000);
  EXPECT_EQ(story.tickets(), (Tickets{"A1", "A2", "B1"}));
}

TEST(DatabaseDoor, ARowThatComesAfterItsTicketWasTakenIsAConflictAndSaid) {
  DoorStory story;
  story.table.put(10, "A1");
  story.poll();
  story.poll(10'000);
  story.table.put(11, "A1");
  story.poll();
  EXPECT_EQ(story.intake.count(Delivery::Kind::conflict), 0) << "it must stand still first";
  story.poll(10'000);
  EXPECT_EQ(story.intake.count(Delivery::Kind::conflict), 1);
  EXPECT_EQ(story.noted(Kind::conflict), 1);
}

TEST(DatabaseDoor, ARowThatWasRolledBackWasNeverThere) {
  DoorStory story;
  story.table.put(1, "A1");
  story.poll();
  story.table.rows.clear();
  story.poll(10'000);
  story.poll(10'000);
  EXPECT_TRUE(story.tickets().empty());
}

TEST(DatabaseDoor, AfterARestartTheRestIsReadAndWhatIsReadAgainIsHarmless) {
  DoorStory story;
  for (Mark row = 1; row <= 100; ++row) story.table.put(row, "A" + std::to_string(row));
  story.poll();
  story.poll(10'000);
  EXPECT_EQ(story.tickets().size(), 100u);
  story.table.put(101, "A101");
  story.open();
  story.poll();
  story.poll(10'000);
  EXPECT_EQ(story.tickets().size(), 101u);
  EXPECT_EQ(story.intake.count(Delivery::Kind::duplicate), 20) << "those within the look back, once";
  EXPECT_EQ(story.intake.count(Delivery::Kind::conflict), 0);
}

TEST(DatabaseDoor, ATicketAcrossTheEdgeOfTheLookBackStaysWhole) {
  DoorStory story;
  story.config.rules.look_back = 5;
  story.open();
  for (Mark row = 1; row <= 9; ++row) story.table.put(row, "LONG");
  story.poll();
  story.poll(10'000);
  story.table.put(10, "B1");
  story.poll();
  story.poll(10'000);
  story.open();
  story.poll();
  story.poll(10'000);
  EXPECT_EQ(story.ticket("LONG").lines.size(), 9u);
  EXPECT_EQ(story.intake.count(Delivery::Kind::conflict), 0);
}

TEST(DatabaseDoor, ABacklogIsReadInBoundedPieces) {
  DoorStory story;
  story.config.rules.look_back = 500;
  story.config.chunk = 2000;
  story.open();
  for (Mark row = 1; row <= 100'000; ++row) story.table.put(row, std::to_string(row / 4), row % 3 == 0 ? "L1" : "L1");
  story.poll();
  EXPECT_LE(story.table.most_at_once, 2000u);
  EXPECT_GT(story.tickets().size(), 24'800u) << "what lies behind the look back is not waited for";
  EXPECT_LE(story.door->counts().open, 130u);
  story.poll(10'000);
  EXPECT_EQ(story.tickets().size(), 25'001u);
  EXPECT_EQ(story.intake.count(Delivery::Kind::conflict), 0) << "no ticket was split between two pieces";
}

TEST(DatabaseDoor, ABacklogThatIsInterruptedGoesOnWhereItWas) {
  DoorStory story;
  story.config.rules.look_back = 500;
  story.open();
  for (Mark row = 1; row <= 20'000; ++row) story.table.put(row, std::to_string(row / 4));
  story.table.before_fetch = [&](std::size_t fetches) {
    if (fetches == 5) story.table.broken = Error{ErrorCode::unavailable, "database", "08S01 gone away"};
  };
  story.poll();
  const std::size_t before = story.tickets().size();
  EXPECT_GT(before, 2000u);
  story.table.broken.reset();
  story.open();
  story.poll();
  story.poll(10'000);
  EXPECT_EQ(story.tickets().size(), 5001u);
  EXPECT_LT(story.intake.count(Delivery::Kind::duplicate), 600) << "it began behind what was answered, not at 0";
  EXPECT_EQ(story.intake.count(Delivery::Kind::conflict), 0);
}

TEST(DatabaseDoor, TooManyOpenRowsAreTakenAsTheyAreAndItIsSaid) {
  DoorStory story;
  story.config.rules.look_back = 1'000'000;
  story.config.rules.most_rows = 3000;
  story.open();
  for (Mark row = 1; row <= 20'000; ++row) story.table.put(row, std::to_string(row / 4));
  story.poll();
  EXPECT_EQ(story.noted(Kind::window_full), 1);
  EXPECT_GT(story.tickets().size(), 4000u);
}

TEST(DatabaseDoor, AwayAtTheStartThenBack) {
  DoorStory story;
  story.table.broken = Error{ErrorCode::unavailable, "database", "08001 no route"};
  std::int64_t longest = 0;
  for (int i = 0; i < 20; ++i) longest = std::max(longest, story.poll());
  EXPECT_EQ(story.noted(Kind::away), 1) << "said once, not at each try";
  EXPECT_LE(longest, story.config.longest_pause_ms);
  story.table.broken.reset();
  story.table.put(1, "A1");
  EXPECT_EQ(story.poll(), story.config.poll_ms);
  EXPECT_EQ(story.noted(Kind::back), 1);
  story.poll(10'000);
  EXPECT_EQ(story.tickets(), Tickets{"A1"});
}

TEST(DatabaseDoor, ThePauseGrowsAndIsDrawnAnew) {
  DoorStory story;
  story.table.broken = Error{ErrorCode::unavailable, "database", ""};
  std::uint64_t draw = 0;
  story.door = std::make_unique<DatabaseDoor>(
      story.config,
      DatabaseDoor::Parts{
          &story.table, &story.intake, &story.checkpoints, &story.clock, &story.waiter, [&draw] { return draw; }, {}});
  EXPECT_EQ(story.poll(), 1) << "full jitter may draw next to nothing";
  draw = 1'999;
  EXPECT_EQ(story.poll(), 2000);
  draw = 299'999;
  std::int64_t pause = 0;
  for (int i = 0; i < 20; ++i) pause = story.poll();
  EXPECT_EQ(pause, 300'000);
}

TEST(DatabaseDoor, AWrongAccountAndAWrongQueryAreToldApart) {
  DoorStory story;
  story.table.broken = Error{ErrorCode::refused, "database", "28P01 not let in"};
  story.poll();
  story.table.broken = Error{ErrorCode::bad_format, "database", "42S02 no such table"};
  story.poll();
  ASSERT_EQ(story.notes.size(), 2u);
  EXPECT_EQ(story.notes[0].kind, Kind::not_let_in);
  EXPECT_EQ(story.notes[1].kind, Kind::query_failed);
}

TEST(DatabaseDoor, AMissingColumnIsNamed) {
  DoorStory story;
  story.config.mapping = *parse_mapping("[columns]\nticket = \"BillNo\"\namount = \"Total\"\n");
  story.open();
  story.table.columns = {{"id", ColumnKind::number}, {"BILLNO", ColumnKind::text}};
  story.table.rows[1] = {"1", "A1"};
  story.poll();
  ASSERT_EQ(story.notes.size(), 1u);
  EXPECT_EQ(story.notes[0].kind, Kind::query_failed);
  EXPECT_EQ(story.notes[0].error.field, "Total") << "and BILLNO is BillNo";
}

TEST(DatabaseDoor, RowsOutOfOrderOrNotAboveTheMarkAreRefused) {
  class Unordered : public Table {
    Result<Rows> fetch(const RowsOrder& order) override {
      auto part = Table::fetch(order);
      std::reverse(part->rows.begin(), part->rows.end());
      return part;
    }
  } table;
  table.put(1, "A1");
  table.put(2, "A2");
  DoorStory story;
  std::vector<Document> seen;
  const Status looked = look_at(table, story.config, 10, [&](const Document& document) { seen.push_back(document); });
  ASSERT_FALSE(looked.ok());
  EXPECT_NE(looked.error().detail.find("ORDER BY"), std::string::npos);
}

TEST(DatabaseDoor, ManyRowsOfOneMarkAreReadTogether) {
  DoorStory story;
  story.config.high_water = "bill";
  story.config.chunk = 10;
  class Bills : public Table {
   public:
    Result<Rows> fetch(const RowsOrder& order) override {
      Rows out{{{"bill", ColumnKind::number}, {"ticket", ColumnKind::text}, {"unit_price", ColumnKind::number}}, {}};
      const Mark after = *parse_mark(order.after, order.kind);
      for (Mark bill = after + 1; bill <= 6; ++bill)
        for (int row = 0; row < (bill == 3 ? 35 : 4); ++row)
          if (out.rows.size() < order.limit)
            out.rows.push_back({std::to_string(bill), "B" + std::to_string(bill), "1"});
      return out;
    }
  } table;
  std::map<std::string, std::size_t> lines;
  ASSERT_TRUE(look_at(table, story.config, 100, [&](const Document& document) {
                lines[document.checkout->checkout_id] = document.checkout->lines.size();
              }).ok());
  EXPECT_EQ(lines["B1"], 4u);
  EXPECT_EQ(lines["B3"], 35u) << "more than a chunk holds";
  EXPECT_EQ(lines["B6"], 4u);
}

TEST(DatabaseDoor, AFullDiskPutsOffAndLosesNothing) {
  DoorStory story;
  for (Mark row = 1; row <= 5; ++row) story.table.put(row, "A" + std::to_string(row));
  story.intake.put_off(3);
  story.poll();
  story.poll(10'000);
  EXPECT_EQ(story.tickets(), (Tickets{"A1", "A2", "A3", "A4", "A5"}));
  story.checkpoints.fail(true);
  for (Mark row = 90; row <= 95; ++row) story.table.put(row, "A" + std::to_string(row));
  story.poll();
  story.poll(10'000);
  EXPECT_GE(story.noted(Kind::cannot_remember), 1);
}

TEST(DatabaseDoor, AnotherQueryOrStartIsAnotherJournal) {
  DoorStory story;
  for (Mark row = 1; row <= 40; ++row) story.table.put(row, "A" + std::to_string(row));
  story.poll();
  story.poll(10'000);
  story.config.start = 38;
  story.open();
  story.poll();
  story.poll(10'000);
  EXPECT_EQ(story.intake.count(Delivery::Kind::duplicate), 2) << "39 and 40";
}

TEST(DatabaseDoor, ItStopsWhileItWaitsForAnswersAndForTheDatabase) {
  DoorStory story;
  for (Mark row = 1; row <= 5; ++row) story.table.put(row, "A" + std::to_string(row));
  story.config.rules.settled_after_ms = 0;
  story.open();
  story.intake.hold();
  story.door->start();
  story.door->stop();
  EXPECT_TRUE(story.table.interrupted);
  story.door.reset();
  story.intake.release();
}

TEST(DatabaseDoor, AFirstLookHandsNothingInAndShowsWhatIsNotSettled) {
  DoorStory story;
  for (Mark row = 1; row <= 9; ++row) story.table.put(row, "A" + std::to_string((row + 2) / 3));
  Tickets seen;
  ASSERT_TRUE(look_at(story.table, story.config, 2, [&](const Document& document) {
                ASSERT_TRUE(document.checkout.ok());
                seen.push_back(document.checkout->checkout_id);
              }).ok());
  EXPECT_EQ(seen, (Tickets{"A1", "A2"}));
  EXPECT_TRUE(story.intake.order().empty());
}

}  // namespace
}  // namespace tillside::journal::testing
