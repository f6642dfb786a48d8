#include "sync/hq/sqlite_ledger.h"

#include <filesystem>
#include <fstream>

#include "sync/hq/hq_keys.h"
#include "tests/contract/ledger_earned.h"
#include "tests/contract/ledger_own_coupons.h"
#include "tests/contract/ledger_yields.h"

namespace tillside::test {
namespace {

namespace fs = std::filesystem;

class SqlitePlace : public LedgerPlace {
 public:
  SqlitePlace() : folder_(fs::temp_directory_path() / ("tillside-ledger-" + to_hex(hq::random_bytes<8>()))) {
    fs::create_directories(folder_);
    open();
  }
  ~SqlitePlace() override {
    ledger_.reset();
    fs::remove_all(folder_);
  }
  hq::Ledger& ledger() override { return *ledger_; }
  void reopen() override {
    ledger_.reset();
    open();
  }
  fs::path file() const { return folder_ / "hq.db"; }
  void close() { ledger_.reset(); }

 private:
  void open() {
    auto opened = hq::SqliteLedger::open(file(), Bytes16{1});
    ASSERT_TRUE(opened.ok()) << opened.error().detail;
    ledger_ = std::move(*opened);
  }
  fs::path folder_;
  std::unique_ptr<hq::Ledger> ledger_;
};

INSTANTIATE_TEST_SUITE_P(Sqlite, LedgerContract,
                         testing::Values(LedgerUnderTest{"sqlite", [] { return std::make_unique<SqlitePlace>(); }}),
                         name_of_ledger);
INSTANTIATE_TEST_SUITE_P(Sqlite, LedgerReservations,
                         testing::Values(LedgerUnderTest{"sqlite", [] { return std::make_unique<SqlitePlace>(); }}),
                         name_of_ledger);

INSTANTIATE_TEST_SUITE_P(Sqlite, LedgerYields,
                         testing::Values(LedgerUnderTest{"sqlite", [] { return std::make_unique<SqlitePlace>(); }}),
                         name_of_ledger);
INSTANTIATE_TEST_SUITE_P(Sqlite, LedgerEarned,
                         testing::Values(LedgerUnderTest{"sqlite", [] { return std::make_unique<SqlitePlace>(); }}),
                         name_of_ledger);
INSTANTIATE_TEST_SUITE_P(Sqlite, LedgerOwnCoupons,
                         testing::Values(LedgerUnderTest{"sqlite", [] { return std::make_unique<SqlitePlace>(); }}),
                         name_of_ledger);

TEST(SqliteLedger, RefusesAFileOfANewerProgramByName) {
  SqlitePlace place;
  place.close();
  {
    hq::Database db(place.file(), hq::Database::Mode::writer);
    db.execute("PRAGMA user_version=999");
  }
  auto opened = hq::SqliteLedger::open(place.file(), {});
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::too_new);
  EXPECT_NE(opened.error().detail.find("999"), std::string::npos);
}

TEST(SqliteLedger, RefusesWhatIsNoDatabase) {
  SqlitePlace place;
  place.close();
  std::ofstream(place.file(), std::ios::trunc) << "this is no database, it is a sentence that goes on for a while";
  auto opened = hq::SqliteLedger::open(place.file(), {});
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::storage_failed);
}

TEST(SqliteLedger, AnOlderLedgerIsBroughtForward) {
  SqlitePlace place;
  place.close();
  {
    hq::Database db(place.file(), hq::Database::Mode::writer);
    db.execute(
        "ALTER TABLE cursor DROP COLUMN newest_fork; ALTER TABLE quota DROP COLUMN forked; PRAGMA user_version=1;"
        "DROP TABLE advised_discount;"
        "ALTER TABLE checkout DROP COLUMN operator_id; ALTER TABLE checkout DROP COLUMN cash;"
        "ALTER TABLE checkout DROP COLUMN showing; DROP TABLE named;"
        "DROP TABLE coupon_yield; DROP INDEX reservation_exposed_by_coupon;"
        "DROP VIEW till_key; DROP TABLE old_key; ALTER TABLE till DROP COLUMN rotate;"
        "ALTER TABLE quota DROP COLUMN given_back; ALTER TABLE quota DROP COLUMN recalled;"
        "ALTER TABLE campaign DROP COLUMN recalled; ALTER TABLE till DROP COLUMN retired;"
        "DROP TABLE stop; DROP TABLE stop_awaited;"
        "DROP TABLE own_coupon; DROP TABLE told_coupon; DROP TABLE store_token; DROP TABLE coupon_order;"
        "DROP TABLE first_join; DROP TABLE welcomed; DROP TABLE setting; DROP TABLE disk_gone; DROP TABLE earned_due;"
        "DROP TABLE own_key; DROP TABLE unclaimed;"
        "DROP TABLE key_part; DROP TABLE key_part_due; DROP TABLE key_revoked;"
        "INSERT INTO cursor VALUES(1,x'0101010101010101',9,x'00',5);"
        "INSERT INTO fork_event VALUES(1,x'0101010101010101',5,x'05',x'',0),(1,x'0101010101010101',6,x'06',x'',0)");
  }
  place.reopen();
  std::uint64_t newest_fork = 0;
  wire::Epoch epoch{};
  epoch.fill(1);
  (void)place.ledger().contact(1, epoch, {}, [&](const hq::ContactSituation& situation) -> Result<hq::ContactPlan> {
    newest_fork = situation.newest_fork;
    return Error{ErrorCode::refused, {}, "only looked"};
  });
  EXPECT_EQ(newest_fork, 6u);
}

TEST(SqliteLedger, WritesThroughTheLogAndFully) {
  SqlitePlace place;
  hq::Database db(place.file(), hq::Database::Mode::reader);
  auto mode = db.query("PRAGMA journal_mode");
  ASSERT_TRUE(mode.step());
  EXPECT_EQ(mode.text(0), "wal");
}

}  // namespace
}  // namespace tillside::test
