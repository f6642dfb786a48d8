#include "agent/store/sqlite.h"

#include "agent/store/schema.h"
#include "tests/agent/store/support.h"

namespace tillside::store {
namespace {

using namespace test;

TEST(Sqlite, ATransactionThatIsNotCommittedLeavesNothing) {
  TempFolder folder;
  Database database(folder / "a.db", {});
  database.run("CREATE TABLE t(x INTEGER)");
  {
    Transaction transaction(database);
    database.run("INSERT INTO t VALUES(1)");
  }
  EXPECT_FALSE(database.in_transaction());
  EXPECT_EQ(database.integer("SELECT count(*) FROM t"), 0);
  {
    Transaction transaction(database);
    database.run("INSERT INTO t VALUES(2)");
    transaction.commit();
  }
  EXPECT_EQ(database.integer("SELECT count(*) FROM t"), 1);
}

TEST(Sqlite, BindsEveryKindAndReadsItBack) {
  TempFolder folder;
  Database database(folder / "a.db", {});
  database.run("CREATE TABLE t(a,b,c,d)");
  const Bytes16 bytes{1, 2, 0, 4};
  database.prepare("INSERT INTO t VALUES(?,?,?,?)")
      .with(std::int64_t{-5}, std::string_view("门店\0x", 8), bytes, std::span<const std::uint8_t>())
      .run();
  Statement row = database.prepare("SELECT a,b,c,d FROM t");
  ASSERT_TRUE(row.step());
  EXPECT_EQ(row.integer(0), -5);
  EXPECT_EQ(row.text(1), std::string_view("门店\0x", 8));
  EXPECT_EQ(row.blob(2), std::string_view(reinterpret_cast<const char*>(bytes.data()), 16));
  EXPECT_EQ(row.blob(3).size(), 0u);
  EXPECT_FALSE(row.is_null(3));
}

TEST(Sqlite, AReaderGivesUpAtItsDeadline) {
  TempFolder folder;
  Database database(folder / "a.db", {});
  database.set_deadline(20);
  try {
    database.integer("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT count(*) FROM c");
    FAIL() << "it came to an end";
  } catch (const SqliteFailure& failure) {
    EXPECT_EQ(failure.error().code, ErrorCode::storage_failed);
  }
  database.set_deadline(0);
  EXPECT_EQ(database.integer("SELECT 7"), 7);
}

TEST(Sqlite, MigratesOnceAndRefusesByNameWhatIsNewer) {
  TempFolder folder;
  const auto file = folder / "a.db";
  const char* steps[] = {"CREATE TABLE t(x)", "ALTER TABLE t ADD COLUMN y"};
  Database database(file, {});
  ASSERT_TRUE(migrate(database, 77, std::span(steps, 1), file));
  ASSERT_TRUE(migrate(database, 77, steps, file));
  ASSERT_TRUE(migrate(database, 77, steps, file));
  EXPECT_EQ(database.integer("PRAGMA user_version"), 2);
  const Status newer = migrate(database, 77, std::span(steps, 1), file);
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code, ErrorCode::too_new);
  EXPECT_NE(newer.error().detail.find("a.db"), std::string::npos);
}

TEST(Sqlite, AMigrationThatFailsHalfWayIsNotThere) {
  TempFolder folder;
  const auto file = folder / "a.db";
  const char* steps[] = {"CREATE TABLE t(x); CREATE TABLE t(x)"};
  Database database(file, {});
  EXPECT_THROW((void)migrate(database, 77, steps, file), SqliteFailure);
  EXPECT_EQ(database.integer("SELECT count(*) FROM sqlite_master"), 0);
  EXPECT_EQ(database.integer("PRAGMA user_version"), 0);
}

TEST(Sqlite, RefusesTheFileOfAnotherProgram) {
  TempFolder folder;
  const auto file = folder / "a.db";
  const char* steps[] = {"CREATE TABLE ours(x)"};
  Database named(file, {});
  named.run("PRAGMA application_id=5; PRAGMA user_version=9");
  EXPECT_EQ(migrate(named, 77, steps, file).error().code, ErrorCode::refused);

  Database nameless(folder / "b.db", {});
  nameless.run("CREATE TABLE theirs(x)");
  EXPECT_EQ(migrate(nameless, 77, steps, folder / "b.db").error().code, ErrorCode::refused);
  EXPECT_EQ(nameless.integer("SELECT count(*) FROM sqlite_master WHERE name='ours'"), 0);
}

}  // namespace
}  // namespace tillside::store
