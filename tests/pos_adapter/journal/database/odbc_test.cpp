// The door over real drivers: tillside-odbc with SQLite's and PostgreSQL's. Skipped where they are not installed.
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "pos_adapter/journal/database/helper_rows.h"
#include "tests/pos_adapter/journal/database/private_postgres.h"
#include "tests/pos_adapter/journal/database/table.h"

namespace tillside::journal::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* kQuery = "SELECT * FROM sales WHERE id > ? ORDER BY id";

// The POS's own connection to its database.
class Pos {
 public:
  explicit Pos(const std::string& file) {
    sqlite3_open(file.c_str(), &db_);
    sqlite3_busy_timeout(db_, 5000);
  }
  ~Pos() { sqlite3_close(db_); }
  Pos(const Pos&) = delete;
  Pos& operator=(const Pos&) = delete;
  int run(const std::string& sql) { return sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr); }

 private:
  sqlite3* db_ = nullptr;
};

class Odbc : public ::testing::Test {
 protected:
  Odbc() {
    std::string pattern = (fs::temp_directory_path() / "ts-odbc-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
  }
  ~Odbc() override {
    rows.reset();
    std::error_code gone;
    fs::remove_all(folder, gone);
  }

  void SetUp() override {
    if (!fs::exists("/usr/lib/x86_64-linux-gnu/odbc/libsqlite3odbc.so") && !has_driver("SQLite3"))
      GTEST_SKIP() << "no SQLite driver";
  }
  static bool has_driver(const std::string& name) {
    std::ifstream in("/etc/odbcinst.ini");
    std::string line;
    while (std::getline(in, line))
      if (line.find("[" + name + "]") != std::string::npos) return true;
    return false;
  }

  std::string file() const { return folder / "pos.db"; }
  HelperConfig to_sqlite() const {
    HelperConfig config;
    config.program = TILLSIDE_ODBC;
    config.connection = "Driver=SQLite3;Database=" + file() + ";PWD=open-sesame-77";
    config.query = kQuery;
    config.timeout_s = 10;
    return config;
  }
  Result<Rows> fetch(const HelperConfig& config, const std::string& after = "0", std::size_t limit = 100,
                     MarkKind kind = MarkKind::integer) {
    rows = make_helper_rows(config);
    return rows->fetch({after, kind, limit});
  }

  fs::path folder;
  std::unique_ptr<RowSource> rows;
};

constexpr const char* kTable =
    "CREATE TABLE sales (id INTEGER PRIMARY KEY, ticket TEXT, lane_id TEXT, occurred_at DATETIME, name TEXT, quantity "
    "REAL,"
    "                    amount DECIMAL(10,2))";

TEST_F(Odbc, SqliteGivesTextNumbersTimesAndNulls) {
  Pos pos(file());
  pos.run(kTable);
  pos.run(
      "INSERT INTO sales VALUES (1, '451', 'L1', '2026-11-22 09:15:03', '榴莲', 1.235, 24.58), (2, '451', 'L1', "
      "'2026-11-22 09:15:03', NULL, 1, 2.5), (3, '452', 'L1', '2026-11-22 09:16:03', '苹果', 1, 2.5)");
  const auto got = fetch(to_sqlite());
  ASSERT_TRUE(got.ok()) << got.error().detail;
  ASSERT_EQ(got->columns.size(), 7u);
  EXPECT_EQ(got->columns[0].kind, ColumnKind::number);
  EXPECT_EQ(got->columns[3].kind, ColumnKind::time);
  ASSERT_EQ(got->rows.size(), 3u);
  EXPECT_EQ(*got->rows[0][4], "榴莲");
  EXPECT_EQ(*got->rows[0][5], "1.235");
  EXPECT_FALSE(got->rows[1][4]);
  EXPECT_EQ(rows->fetch({"1", MarkKind::integer, 1})->rows.size(), 1u) << "as many as were asked for";
  HelperConfig by_time = to_sqlite();
  by_time.query = "SELECT * FROM sales WHERE occurred_at > ? ORDER BY occurred_at";
  const auto later = fetch(by_time, "2026-11-22 09:15:03.500", 100, MarkKind::time);
  ASSERT_TRUE(later.ok()) << later.error().detail;
  EXPECT_EQ(later->rows.size(), 1u);
}

TEST_F(Odbc, NothingIsEverWrittenAndNoLockIsKept) {
  Pos pos(file());
  pos.run(kTable);
  pos.run("INSERT INTO sales VALUES (1, '451', 'L1', '2026-11-22 09:15:03', 'a', 1, 1)");
  HelperConfig writing = to_sqlite();
  writing.query = "DELETE FROM sales WHERE id > ?";
  const auto refused = fetch(writing);
  ASSERT_FALSE(refused.ok()) << "also where check_query was not asked";
  ASSERT_EQ(fetch(to_sqlite())->rows.size(), 1u) << "still there";
  EXPECT_EQ(pos.run("INSERT INTO sales VALUES (2, '452', 'L1', NULL, 'b', 1, 1)"), SQLITE_OK)
      << "while the connection is open and idle";
  EXPECT_EQ(rows->fetch({"1", MarkKind::integer, 10})->rows.size(), 1u);
}

TEST_F(Odbc, ALockedDatabaseIsAwayNotWrong) {
  Pos pos(file());
  pos.run(kTable);
  pos.run("BEGIN EXCLUSIVE");
  HelperConfig config = to_sqlite();
  config.connection += ";Timeout=100";
  const auto locked = fetch(config);
  ASSERT_FALSE(locked.ok());
  EXPECT_EQ(locked.error().code, ErrorCode::unavailable) << locked.error().detail;
  pos.run("COMMIT");
  EXPECT_TRUE(rows->fetch({"0", MarkKind::integer, 10}).ok());
}

TEST_F(Odbc, GbkBytesComeAsTheyAreWhereTheMappingReadsThem) {
  Pos pos(file());
  pos.run(kTable);
  pos.run("INSERT INTO sales (id, ticket, name) VALUES (1, '451', CAST(x'C1F1C1AB' AS TEXT))");
  HelperConfig config = to_sqlite();
  config.as_bytes = true;
  const auto got = fetch(config);
  ASSERT_TRUE(got.ok()) << got.error().detail;
  EXPECT_EQ(*got->rows[0][4], "\xC1\xF1\xC1\xAB");
}

TEST_F(Odbc, WrongThingsAreNamedAndNoSecretIsTold) {
  const auto said = [&](const HelperConfig& config) {
    const auto got = fetch(config);
    if (got.ok()) return std::string("fine");
    EXPECT_EQ(got.error().detail.find("open-sesame-77"), std::string::npos) << got.error().detail;
    return std::string(name_of(got.error().code)) + " " + got.error().detail;
  };
  HelperConfig no_driver = to_sqlite();
  no_driver.connection = "Driver=open-sesame-77;PWD=open-sesame-77";
  EXPECT_EQ(said(no_driver).find("unavailable"), 0u);
  Pos pos(file());
  EXPECT_NE(said(to_sqlite()).find("no such table"), std::string::npos);
  pos.run(kTable);
  HelperConfig no_column = to_sqlite();
  no_column.query = "SELECT billno FROM sales WHERE id > ?";
  EXPECT_EQ(said(no_column).find("bad_format"), 0u);
  HelperConfig no_program = to_sqlite();
  no_program.program = folder / "tillside-odbc-not-here";
  EXPECT_NE(said(no_program).find("tillside-odbc"), std::string::npos);
}

TEST_F(Odbc, AHelperThatHangsOrDiesIsReplaced) {
  const fs::path script = folder / "helper.sh";
  std::ofstream(script) << "#!/bin/sh\nexec sleep 1000\n";
  fs::permissions(script, fs::perms::owner_all);
  HelperConfig hung = to_sqlite();
  hung.program = script;
  hung.timeout_s = 0;
  const auto late = fetch(hung);
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().detail, "no answer in time");
  std::ofstream(script) << "#!/bin/sh\nexit 3\n";
  EXPECT_EQ(fetch(hung).error().code, ErrorCode::unavailable);
  std::ofstream(script) << "#!/bin/sh\nyes nonsense\n";
  EXPECT_NE(fetch(hung).error().detail.find("nonsense"), std::string::npos);
  std::ofstream(script) << "#!/bin/sh\nexec sleep 1000\n";
  hung.timeout_s = 1000;
  rows = make_helper_rows(hung);
  std::thread stopping([&] { rows->interrupt(); });
  EXPECT_FALSE(rows->fetch({"0", MarkKind::integer, 1}).ok()) << "a stop is not kept waiting";
  stopping.join();
}

TEST_F(Odbc, ATicketWrittenRowByRowIsTakenWhole) {
  Pos pos(file());
  pos.run(kTable);
  const auto source = make_helper_rows(to_sqlite());
  DoorStory story;
  story.config.query = kQuery;
  story.door = std::make_unique<DatabaseDoor>(story.config, DatabaseDoor::Parts{source.get(),
                                                                                &story.intake,
                                                                                &story.checkpoints,
                                                                                &story.clock,
                                                                                &story.waiter,
                                                                                [] { return std::uint64_t{1}; },
                                                                                {}});
  for (int ticket = 1; ticket <= 5; ++ticket)
    for (int row = 0; row < 4; ++row) {
      pos.run("INSERT INTO sales (ticket, lane_id, occurred_at, amount) VALUES ('" + std::to_string(ticket) +
              "', 'L1', '2026-11-22 09:15:03', 1.00)");
      story.poll(1);
    }
  story.poll(10'000);
  ASSERT_EQ(story.tickets().size(), 5u);
  for (int ticket = 1; ticket <= 5; ++ticket) EXPECT_EQ(story.ticket(std::to_string(ticket)).totals.net, 400);
  EXPECT_EQ(story.intake.count(Delivery::Kind::conflict), 0);
}

class OdbcPostgres : public Odbc {
 protected:
  void SetUp() override {
    if (!has_driver("PostgreSQL Unicode")) GTEST_SKIP() << "no PostgreSQL driver";
    cluster = PrivatePostgres::start();
    if (!cluster) GTEST_SKIP() << "no PostgreSQL to run";
    cluster->sql(
        "CREATE TABLE sales (id BIGSERIAL PRIMARY KEY, ticket INTEGER, lane_id TEXT, occurred_at TIMESTAMP(3), name "
        "VARCHAR(40), quantity DOUBLE PRECISION, amount NUMERIC(12,4)); CREATE ROLE pos LOGIN PASSWORD "
        "'correct-horse-9'; "
        "GRANT SELECT, INSERT, DELETE ON sales TO pos");
  }
  HelperConfig to_postgres(const std::string& password = "correct-horse-9") const {
    HelperConfig config;
    config.program = TILLSIDE_ODBC;
    config.connection = cluster->connection("pos", password);
    config.query = kQuery;
    config.timeout_s = 5;
    return config;
  }
  void sell(int ticket, const std::string& lane = "L1") {
    cluster->sql("INSERT INTO sales (ticket, lane_id, occurred_at, name, quantity, amount) VALUES (" +
                 std::to_string(ticket) + ", '" + lane + "', '2026-11-22 09:15:03.12', '榴莲', 1.235, 24.58)");
  }

  std::unique_ptr<PrivatePostgres> cluster;
};

TEST_F(OdbcPostgres, TypesAndChineseText) {
  sell(451);
  const auto got = fetch(to_postgres());
  ASSERT_TRUE(got.ok()) << got.error().detail;
  ASSERT_EQ(got->rows.size(), 1u);
  EXPECT_EQ(got->columns[1].kind, ColumnKind::number);
  EXPECT_EQ(got->columns[3].kind, ColumnKind::time);
  EXPECT_EQ(*got->rows[0][3], "2026-11-22 09:15:03.12");
  EXPECT_EQ(*got->rows[0][4], "榴莲");
  EXPECT_EQ(*got->rows[0][5], "1.235");
  EXPECT_EQ(*got->rows[0][6], "24.5800");
  HelperConfig by_time = to_postgres();
  by_time.query = "SELECT * FROM sales WHERE occurred_at > ? ORDER BY occurred_at";
  EXPECT_EQ(fetch(by_time, "2026-11-22 09:15:03.119", 9, MarkKind::time)->rows.size(), 1u);
  EXPECT_EQ(fetch(by_time, "2026-11-22 09:15:03.120", 9, MarkKind::time)->rows.size(), 0u);
}

TEST_F(OdbcPostgres, AWrongPasswordIsRefusedAndNeverTold) {
  const auto got = fetch(to_postgres("wrong-horse-8"));
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().code, ErrorCode::refused) << got.error().detail;
  EXPECT_EQ(got.error().detail.find("wrong-horse-8"), std::string::npos);
}

TEST_F(OdbcPostgres, OnlyReadsAndAQueryThatTakesTooLongIsGivenUp) {
  sell(451);
  HelperConfig writing = to_postgres();
  writing.query = "DELETE FROM sales WHERE id > ? RETURNING id";
  const auto refused = fetch(writing);
  ASSERT_FALSE(refused.ok()) << "the account may, the connection may not";
  EXPECT_EQ(cluster->sql("SELECT count(*) FROM sales"), "1\n");
  HelperConfig slow = to_postgres();
  slow.query = "SELECT id, pg_sleep(60) FROM sales WHERE id > ?";
  slow.timeout_s = 1;
  const auto late = fetch(slow);
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, ErrorCode::unavailable) << late.error().detail;
}

TEST_F(OdbcPostgres, ACommitWithALowerNumberAndASwitchedOffServer) {
  const auto source = make_helper_rows(to_postgres());
  DoorStory story;
  story.door = std::make_unique<DatabaseDoor>(
      story.config, DatabaseDoor::Parts{source.get(), &story.intake, &story.checkpoints, &story.clock, &story.waiter,
                                        [] { return std::uint64_t{1}; },
                                        [&](const DatabaseNote& note) { story.notes.push_back(note); }});
  cluster->sql("SELECT nextval('sales_id_seq')");  // another lane has taken 1 and not committed yet
  sell(452);
  story.poll();
  story.poll(10'000);
  EXPECT_EQ(story.tickets(), std::vector<std::string>{"452"});
  cluster->sql("INSERT INTO sales (id, ticket, lane_id, amount) VALUES (1, 451, 'L2', 2.00)");
  cluster->stop();
  story.poll();
  EXPECT_EQ(story.noted(DatabaseNote::Kind::away), 1) << "gone in the middle of things";
  cluster->again();
  story.poll();
  story.poll(10'000);
  EXPECT_EQ(story.noted(DatabaseNote::Kind::back), 1);
  EXPECT_EQ(story.tickets(), (std::vector<std::string>{"452", "451"}));
  EXPECT_EQ(story.intake.count(Delivery::Kind::conflict), 0);
}

}  // namespace
}  // namespace tillside::journal::testing
