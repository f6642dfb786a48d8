// A file that a POS appends to: torn tails, restarts, rotations, and a desk that is not always ready.
#include <atomic>
#include <chrono>
#include <thread>

#include "tests/pos_adapter/journal/follower_support.h"

namespace tillside::journal::testing {
namespace {

namespace fs = std::filesystem;

class TailedFile : public FollowerTest {
 protected:
  void SetUp() override {
    config.appended_files = {folder / "journal.log"};
    restart();
  }
  void rotate(const std::string& to) const { fs::rename(folder / "journal.log", folder / to); }
};

TEST_F(TailedFile, DocumentsComeOnceEachAsTheyAreWritten) {
  EXPECT_FALSE(follower->poll()) << "the file need not exist yet";
  const std::string text = lines(1, 3);
  append("journal.log", text.substr(0, 40));
  EXPECT_FALSE(follower->poll());
  append("journal.log", text.substr(40));
  EXPECT_TRUE(follower->poll());
  EXPECT_FALSE(follower->poll());
  append("journal.log", lines(4, 5));
  follower->poll();
  EXPECT_EQ(recorded(), numbers(1, 5));
  EXPECT_EQ(intake.count(Delivery::Kind::duplicate), 0);
  EXPECT_EQ(follower->counts().recorded, 5u);
  EXPECT_FALSE(intake.as_live());
}

TEST_F(TailedFile, ARestartGoesOnAfterTheLastAnswer) {
  append("journal.log", lines(1, 3) + "{\"sta");
  follower->poll();
  restart();
  append("journal.log", "te\":1}\n" + lines(4, 6));
  follower->poll();
  EXPECT_EQ(recorded(), numbers(1, 6));
  EXPECT_EQ(intake.count(Delivery::Kind::duplicate), 0);
  ASSERT_EQ(noted(FollowerNote::Kind::bad_document), 1);
  EXPECT_EQ(notes[0].line, 4u) << "lines are counted across the restart";
}

TEST_F(TailedFile, BadDocumentsAreNamedAndHoldNothingUp) {
  intake.refuse(2);
  append("journal.log", line(1) + "rubbish\n" + line(2) + line(3));
  write("journal.log", "{\n" + line(1) + "rubbish\n" + line(2) + line(3));
  follower->poll();
  EXPECT_EQ(recorded(), (std::vector<std::int64_t>{1, 3}));
  EXPECT_EQ(follower->counts().unreadable, 2u);
  EXPECT_EQ(follower->counts().refused, 1u);
  restart();
  EXPECT_FALSE(follower->poll()) << "neither is delivered again";
}

TEST_F(TailedFile, AConflictIsNotedAndPassed) {
  append("journal.log", line(1) + line(1, 200) + line(2));
  follower->poll();
  EXPECT_EQ(follower->counts().conflict, 1u);
  EXPECT_EQ(noted(FollowerNote::Kind::conflict), 1);
  EXPECT_EQ(recorded(), numbers(1, 2));
}

TEST_F(TailedFile, LaterIsDeliveredAgainUntilItIsDurable) {
  intake.put_off(5);
  append("journal.log", lines(1, 3));
  follower->poll();
  EXPECT_EQ(recorded(), numbers(1, 3));
  EXPECT_EQ(waiter.waits, 5) << "with a pause between";
  EXPECT_EQ(follower->counts().later, 5u);
  EXPECT_EQ(intake.count(Delivery::Kind::duplicate), 0);
}

TEST_F(TailedFile, AFailingCheckpointStoreCostsOnlyRepetition) {
  checkpoints.fail(true);
  append("journal.log", lines(1, 2));
  follower->poll();
  EXPECT_GT(noted(FollowerNote::Kind::cannot_remember), 0);
  checkpoints.fail(false);
  restart();
  append("journal.log", line(3));
  follower->poll();
  EXPECT_EQ(recorded(), numbers(1, 3));
  EXPECT_EQ(intake.count(Delivery::Kind::duplicate), 2);
}

TEST_F(TailedFile, TheRestOfARotatedFileComesBeforeTheNewOne) {
  append("journal.log", lines(1, 2));
  follower->poll();
  append("journal.log", lines(3, 4));
  rotate("journal.log.1");
  append("journal.log", lines(5, 6));
  follower->poll();
  EXPECT_EQ(recorded(), numbers(1, 6));
  EXPECT_EQ(intake.count(Delivery::Kind::duplicate), 0);
  EXPECT_EQ(follower->counts().rotations, 1u);
  EXPECT_EQ(follower->counts().rests_lost, 0u);
}

TEST_F(TailedFile, RotationWhileNobodyLooked) {
  append("journal.log", lines(1, 2));
  follower->poll();
  follower.reset();
  append("journal.log", lines(3, 4));
  rotate("journal-20261120.log");
  const auto then = fs::last_write_time(folder / "journal-20261120.log");
  append("journal.log", lines(5, 6));
  rotate("journal-20261121.log");
  fs::last_write_time(folder / "journal-20261121.log", then + std::chrono::seconds(10));
  append("journal.log", lines(7, 8));
  restart();
  follower->poll();
  EXPECT_EQ(recorded(), numbers(1, 8)) << "a whole file was begun and renamed in between";
}

TEST_F(TailedFile, ARenamedFileIsFollowedUntilTheNewOneAppears) {
  append("journal.log", lines(1, 2));
  follower->poll();
  rotate("journal.log.1");
  append("journal.log.1", line(3));
  follower->poll();
  append("journal.log.1", line(4));
  follower->poll();
  EXPECT_EQ(recorded(), numbers(1, 4));
  append("journal.log", line(5));
  follower->poll();
  EXPECT_EQ(recorded(), numbers(1, 5));
  EXPECT_EQ(intake.count(Delivery::Kind::duplicate), 0);
}

TEST_F(TailedFile, CutShortInPlaceIsReadFromItsBeginning) {
  append("journal.log", lines(1, 3));
  follower->poll();
  write("journal.log", lines(4, 4));
  follower->poll();
  append("journal.log", lines(5, 5));
  follower->poll();
  EXPECT_EQ(recorded(), numbers(1, 5));
  EXPECT_EQ(follower->counts().rests_lost, 1u);
}

TEST_F(TailedFile, AReplacedFileOfTheSameSizeIsNoticed) {
  append("journal.log", lines(1, 3));
  follower->poll();
  write("journal.log", lines(4, 6));
  follower->poll();
  EXPECT_EQ(recorded(), numbers(1, 6));
}

TEST_F(TailedFile, CsvHoldsItsLastTicketBackUntilItIsIdle) {
  append("journal.log", "ticket,unit_price,occurred_at\n1,1.00,2026-11-22 09:00:00\n2,1.00,2026-11-22 09:01:00\n");
  follower->poll();
  EXPECT_EQ(recorded(), numbers(1, 1));
  append("journal.log", "2,2.00,2026-11-22 09:01:00\n");
  follower->poll();
  clock.advance(config.mapping.idle_ms - 1);
  follower->poll();
  EXPECT_EQ(recorded(), numbers(1, 1));
  clock.advance(1);
  follower->poll();
  EXPECT_EQ(recorded(), numbers(1, 2));
  EXPECT_EQ(intake.checkout(intake.order()[1]).totals.net, 300);
  restart();
  append("journal.log", "3,1.00,2026-11-22 09:02:00\n4,1.00,2026-11-22 09:02:00\n");
  follower->poll();
  EXPECT_EQ(recorded(), numbers(1, 3)) << "the header is found again";
}

TEST_F(TailedFile, CsvRotatedAwayEndsItsLastTicket) {
  append("journal.log", "ticket,unit_price,occurred_at\n1,1.00,2026-11-22 09:00:00\n");
  follower->poll();
  write("journal.log", "ticket,unit_price,occurred_at\n2,1.00,2026-11-22 09:01:00\n3,1.00,2026-11-22 09:01:00\n");
  follower->poll();
  EXPECT_EQ(recorded(), numbers(1, 2));
}

TEST_F(TailedFile, WhatIsNoTextIsComplainedOfOnce) {
  write("journal.log", std::string("\0\0\0binary", 9));
  follower->poll();
  follower->poll();
  EXPECT_EQ(noted(FollowerNote::Kind::cannot_read), 1);
  write("journal.log", lines(1, 1));
  follower->poll();
  EXPECT_EQ(recorded(), numbers(1, 1));
}

// Waits until `what` holds; the tests' own time-out ends it otherwise.
template <class What>
void until(What what) {
  while (!what()) std::this_thread::yield();
}

TEST_F(TailedFile, AtMostSixtyFourAreUnanswered) {
  append("journal.log", lines(1, 500));
  intake.hold();
  std::atomic<bool> done = false;
  std::thread reading([&] {
    follower->poll();
    done = true;
  });
  until([&] {
    intake.release();
    return done.load();
  });
  reading.join();
  EXPECT_EQ(recorded(), numbers(1, 500));
  EXPECT_LE(intake.most_waiting(), 64);
}

TEST_F(TailedFile, StoppingDoesNotWaitForAnswersAndLosesNothing) {
  RealWaiter real;
  append("journal.log", lines(1, 10));
  intake.hold();
  {
    Follower threaded(config, intake, checkpoints, clock, real);
    threaded.start();
    until([&] { return recorded().size() == 10; });
    threaded.stop();
  }
  EXPECT_EQ(intake.release(), 10u) << "answers after its end";
  restart();
  append("journal.log", line(11));
  std::atomic<bool> done = false;
  std::thread reading([&] {
    follower->poll();
    done = true;
  });
  until([&] {
    intake.release();
    return done.load();
  });
  reading.join();
  EXPECT_EQ(recorded(), numbers(1, 11));
  EXPECT_EQ(intake.count(Delivery::Kind::duplicate), 10) << "repeated, which is harmless";
}

TEST_F(TailedFile, AThreadFollowsUntilItIsStopped) {
  RealWaiter real;
  config.poll_ms = 1;
  Follower threaded(config, intake, checkpoints, clock, real);
  threaded.start();
  for (int number = 1; number <= 20; ++number) {
    append("journal.log", line(number));
    until([&] { return recorded().size() == static_cast<std::size_t>(number); });
  }
  threaded.stop();
  EXPECT_EQ(recorded(), numbers(1, 20));
}

}  // namespace
}  // namespace tillside::journal::testing
