// A folder into which whole files are put: done, failed, errors beside them, and a crash in the middle.
#include <atomic>
#include <thread>

#include "tests/pos_adapter/journal/follower_support.h"

namespace tillside::journal::testing {
namespace {

namespace fs = std::filesystem;

class DropFolder : public FollowerTest {
 protected:
  void SetUp() override {
    config.drop_folder = folder;
    restart();
  }
  void look_twice() {
    follower->poll();
    follower->poll();
  }
};

TEST_F(DropFolder, FilesAreReadInTheOrderOfTheirNamesAndPutAway) {
  write("b.jsonl", lines(3, 4));
  write("a.jsonl", lines(1, 2));
  write("readme.txt", "not a journal");
  look_twice();
  EXPECT_EQ(recorded(), numbers(1, 4));
  EXPECT_TRUE(exists("done/a.jsonl"));
  EXPECT_TRUE(exists("done/b.jsonl"));
  EXPECT_FALSE(exists("a.jsonl"));
  EXPECT_FALSE(exists("done/a.jsonl.errors.txt"));
  EXPECT_TRUE(exists("readme.txt"));
  EXPECT_EQ(follower->counts().files_done, 2u);
  const auto perms = fs::status(folder / "done/a.jsonl").permissions();
  EXPECT_EQ(perms & (fs::perms::group_all | fs::perms::others_all), fs::perms::none);
}

TEST_F(DropFolder, AFileStillGrowingIsLeftAlone) {
  write("a.jsonl", line(1));
  follower->poll();
  append("a.jsonl", line(2));
  follower->poll();
  EXPECT_TRUE(recorded().empty());
  follower->poll();
  EXPECT_EQ(recorded(), numbers(1, 2));
}

TEST_F(DropFolder, TheSameFileAgainIsHarmless) {
  write("a.jsonl", lines(1, 3));
  look_twice();
  write("a.jsonl", lines(1, 3));
  look_twice();
  EXPECT_EQ(recorded(), numbers(1, 3));
  EXPECT_EQ(intake.count(Delivery::Kind::duplicate), 3);
  EXPECT_TRUE(exists("done/a-2.jsonl"));
}

TEST_F(DropFolder, BadDocumentsAreListedBesideTheFile) {
  intake.refuse(2);
  write("a.jsonl", line(1) + "{\"state\":\"dancing\"}\n" + line(2) + line(3));
  look_twice();
  EXPECT_EQ(recorded(), (std::vector<std::int64_t>{1, 3}));
  const std::string errors = read_file("done/a.jsonl.errors.txt");
  EXPECT_NE(errors.find("line 2: "), std::string::npos) << errors;
  EXPECT_NE(errors.find("unknown_value"), std::string::npos);
  EXPECT_NE(errors.find("line 3: "), std::string::npos);
  EXPECT_NE(errors.find("lines[0].amount"), std::string::npos);
}

TEST_F(DropFolder, WhatCannotBeReadAtAllFails) {
  write("a.csv", std::string("\xFF\xFE"
                             "a\0b\0",
                             6));
  write("b.jsonl", "{\n{\n");
  write("c.xml", "<POSLog><Transaction><RetailStoreID>9</RetailStoreID>");
  write("d.jsonl", line(1));
  look_twice();
  EXPECT_EQ(recorded(), numbers(1, 1));
  for (const char* name : {"a.csv", "b.jsonl", "c.xml"}) {
    EXPECT_TRUE(exists("failed/" + std::string(name))) << name;
    EXPECT_NE(read_file("failed/" + std::string(name) + ".errors.txt"), "") << name;
  }
  EXPECT_EQ(follower->counts().files_failed, 3u);
}

TEST_F(DropFolder, AnEmptyFileIsDone) {
  write("a.csv", " \n");
  look_twice();
  EXPECT_TRUE(exists("done/a.csv"));
}

TEST_F(DropFolder, DoneFilesMayBeErased) {
  config.keep_done = false;
  restart();
  write("a.jsonl", lines(1, 2));
  look_twice();
  EXPECT_EQ(recorded(), numbers(1, 2));
  EXPECT_FALSE(exists("a.jsonl"));
  EXPECT_FALSE(exists("done/a.jsonl"));
}

TEST_F(DropFolder, ACrashInTheMiddleOfALargeFileRepeatsLittleAndLosesNothing) {
  const int count = 4000;
  write("a.jsonl", lines(1, count));
  follower->poll();
  intake.hold();
  std::atomic<bool> done = false;
  std::thread reading([&] {
    follower->poll();
    done = true;
  });
  while (recorded().size() < 3000) intake.release();
  follower->stop();
  reading.join();
  intake.release();
  restart();
  follower->poll();
  done = false;
  std::thread again([&] {
    follower->poll();
    done = true;
  });
  while (!done) intake.release();
  again.join();
  EXPECT_EQ(recorded(), numbers(1, count));
  EXPECT_LT(intake.count(Delivery::Kind::duplicate), 2000) << "not from the beginning";
  EXPECT_TRUE(exists("done/a.jsonl"));
}

TEST_F(DropFolder, PoslogAndCsvComeThrough) {
  config.mapping = *load_mapping(source_dir() / "installer/sample_store/online-retail.toml");
  restart();
  fs::copy_file(source_dir() / "tests/data/journal/poslog.xml", folder / "day.xml");
  fs::copy_file(source_dir() / "tests/data/journal/retail.csv", folder / "day.csv");
  look_twice();
  EXPECT_EQ(recorded().size(), 18u);
  int sales = 0, reversals = 0;
  Minor net = 0;
  for (const std::string& identity : intake.order()) {
    const Checkout checkout = intake.checkout(identity);
    if (checkout.currency.text() != "GBP") continue;
    sales += is_sale(checkout) ? 1 : 0;
    reversals += is_reversal(checkout) ? 1 : 0;
    net += checkout.totals.net;
  }
  EXPECT_EQ(sales, 8);
  EXPECT_EQ(reversals, 3);
  EXPECT_EQ(net, 14256);
}

TEST_F(DropFolder, AMissingFolderIsComplainedOfOnce) {
  config.drop_folder = folder / "nowhere";
  restart();
  follower->poll();
  follower->poll();
  EXPECT_EQ(noted(FollowerNote::Kind::cannot_read), 1);
}

}  // namespace
}  // namespace tillside::journal::testing
