// The floor of a durable checkout: a bare SQLite connection writing the rows that the agent writes, and nothing else.
#pragma once

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "agent/store/schema.h"
#include "agent/store/sqlite.h"

namespace tillside::bench {

class BareRows {
 public:
  explicit BareRows(const std::filesystem::path& file) : file_(file) {}

  // One checkout with one coupon and its event, as complete_job.cpp leaves them.
  void checkout(std::int64_t number) {
    store::Transaction transaction(database_);
    rows_of_checkout(number);
    transaction.commit();
  }
  // The same with one coupon spent.
  void checkout_that_redeems(std::int64_t number) {
    store::Transaction transaction(database_);
    rows_of_checkout(number);
    spent_.with(number, number, 2000).run();
    caps_.with(std::to_string(number) + " 2000").run();
    transaction.commit();
  }
  void one_row(std::int64_t number) {
    store::Transaction transaction(database_);
    one_.with(number, body_).run();
    transaction.commit();
  }

 private:
  void rows_of_checkout(std::int64_t number) {
    const std::string place = "0123:L1:20261122:" + std::to_string(number) + ":completed";
    const std::string id = "0123-L1-" + std::to_string(number);
    event_.with(number, number, body_, chain_).run();
    coupon_.with(0, number, 1, 0, coupon_body_, signature_).run();
    checkout_.with(number, place, 0, id, digest_, 1, number, 12458, 1, 0, number, kept_, answer_).run();
    quota_.with(number).run();
    serial_.with(std::to_string(number)).run();
  }

  struct File {
    explicit File(const std::filesystem::path& file) : database(file, {}) {
      if (!store::migrate(database, store::kTillApplicationId, store::till_migrations(), file)) std::abort();
      database.run("PRAGMA wal_autocheckpoint=2000; CREATE TABLE one(id INTEGER PRIMARY KEY, body TEXT)");
      database.run(
          "INSERT INTO quota VALUES(1,1,1000000,0,0); INSERT INTO meta VALUES('serial.0','0'),('redeemed','0 0')");
    }
    store::Database database;
  };
  File file_;
  store::Database& database_ = file_.database;
  const std::string body_ = std::string(420, 'e'), answer_ = std::string(900, 'a'), kept_ = std::string(60, 'k');
  const std::array<std::uint8_t, 16> chain_{}, digest_{};
  const std::array<std::uint8_t, 32> coupon_body_{};
  const std::array<std::uint8_t, 64> signature_{};
  store::Statement event_ = database_.prepare("INSERT INTO event VALUES(?,?,?,?)");
  store::Statement coupon_ = database_.prepare("INSERT INTO coupon VALUES(?,?,?,?,?,?)");
  store::Statement checkout_ = database_.prepare("INSERT INTO checkout VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?)");
  store::Statement quota_ = database_.prepare("UPDATE quota SET used=? WHERE campaign=1 AND epoch_no=1");
  store::Statement serial_ = database_.prepare("UPDATE meta SET v=? WHERE k='serial.0'");
  store::Statement spent_ = database_.prepare("INSERT INTO spent VALUES(?,?,?)");
  store::Statement caps_ = database_.prepare("UPDATE meta SET v=? WHERE k='redeemed'");
  store::Statement one_ = database_.prepare("INSERT INTO one VALUES(?,?)");
};

}  // namespace tillside::bench
