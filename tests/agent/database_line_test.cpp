// The agent's database door as it runs: its own thread, its own program, a real driver, a real clock.
#include "agent/database_line.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <stdlib.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "agent/platform/system_clock.h"
#include "tests/fakes/fake_intake.h"

namespace tillside {
namespace {

namespace fs = std::filesystem;

bool has_sqlite_driver() {
  std::ifstream in("/etc/odbcinst.ini");
  std::string line;
  while (std::getline(in, line))
    if (line.find("[SQLite3]") != std::string::npos) return true;
  return false;
}

class DatabaseLineTest : public ::testing::Test {
 protected:
  DatabaseLineTest() {
    std::string name = (fs::temp_directory_path() / "tillside-line-XXXXXX").string();
    folder = ::mkdtemp(name.data());
    ::setenv("PATH", TILLSIDE_ODBC_FOLDER, 1);
    sqlite3_open((folder / "pos.db").c_str(), &pos);
    run("CREATE TABLE sales (id INTEGER PRIMARY KEY, ticket TEXT, lane_id TEXT, sold DATETIME, amount DECIMAL(10,2))");
    settings.connection_file = folder / "connection";
    std::ofstream(settings.connection_file) << "Driver=SQLite3;Database=" << (folder / "pos.db").string();
    fs::permissions(settings.connection_file, fs::perms::owner_read);
    settings.query = "SELECT * FROM sales WHERE id > ? ORDER BY id LIMIT 100";
    settings.high_water = "id";
    settings.poll_s = 1;
    settings.settled_after_s = 0;
    shop.store_id = "0123";
  }
  ~DatabaseLineTest() override {
    sqlite3_close(pos);
    fs::remove_all(folder);
  }
  void run(const std::string& sql) { sqlite3_exec(pos, sql.c_str(), nullptr, nullptr, nullptr); }
  bool come(std::size_t tickets) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (intake.order().size() < tickets && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    return intake.order().size() >= tickets;
  }

  fs::path folder;
  sqlite3* pos = nullptr;
  journal::DatabaseSettings settings;
  Shop shop;
  SystemClock clock;
  fakes::FakeIntake intake;
  fakes::FakeCheckpoints checkpoints;
};

TEST_F(DatabaseLineTest, TicketsComeAndTheLineStopsAtOnce) {
  if (!has_sqlite_driver()) GTEST_SKIP() << "no SQLite driver";
  run("INSERT INTO sales VALUES (1, '451', 'L1', '2026-11-22 09:15:03', 24.58), (2, '451', 'L1', NULL, 1.00)");
  auto line = DatabaseLine::open(settings, shop, {&intake, &checkpoints, &clock});
  ASSERT_TRUE(line.ok()) << line.error().detail;
  ASSERT_TRUE(come(1));
  const Checkout checkout = intake.checkout(intake.order().front());
  EXPECT_EQ(checkout.store_id, "0123");
  EXPECT_EQ(checkout.totals.net, 2558);
  run("INSERT INTO sales VALUES (3, '452', 'L1', '2026-11-22 09:16:03', 5.00)");
  EXPECT_TRUE(come(2));
}

TEST_F(DatabaseLineTest, WhatCannotBeSetUpIsSaid) {
  settings.mapping = folder / "none.toml";
  const auto line = DatabaseLine::open(settings, shop, {&intake, &checkpoints, &clock});
  ASSERT_FALSE(line.ok());
  EXPECT_EQ(line.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace tillside
