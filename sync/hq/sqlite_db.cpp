#include "sync/hq/sqlite_db.h"

#include <sys/stat.h>

namespace tillside::hq {
namespace {

[[noreturn]] void fail(sqlite3* db, int code) {
  throw DatabaseFailure(code & 0xff, db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code));
}

void set_up(Database& db, Database::Mode mode) {
  if (mode == Database::Mode::writer) {
    db.execute("PRAGMA journal_mode=WAL");
    db.execute("PRAGMA synchronous=FULL");
    db.execute("PRAGMA wal_autocheckpoint=4000");
    db.execute("PRAGMA journal_size_limit=67108864");
    db.execute("PRAGMA cache_size=-65536");
  } else {
    db.execute("PRAGMA query_only=1");
    db.execute("PRAGMA wal_autocheckpoint=0");
    db.execute("PRAGMA cache_size=-8192");
  }
  db.execute("PRAGMA foreign_keys=OFF");
}

}  // namespace

Query::~Query() { reset(); }

void Query::reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

bool Query::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  fail(db_, code);
}

std::string_view Query::view(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

void Query::bind_one(int at, std::string_view text) {
  check(sqlite3_bind_text(statement_, at, text.data() != nullptr ? text.data() : "", static_cast<int>(text.size()),
                          SQLITE_STATIC));
}

void Query::bind_one(int at, Bytes bytes) {
  check(sqlite3_bind_blob(statement_, at, bytes.bytes.data() != nullptr ? bytes.bytes.data() : "",
                          static_cast<int>(bytes.bytes.size()), SQLITE_STATIC));
}

void Query::check(int code) const {
  if (code != SQLITE_OK) fail(db_, code);
}

Database::Database(const std::filesystem::path& file, Mode mode) {
  const int flags =
      SQLITE_OPEN_NOMUTEX | (mode == Mode::writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
  const int code = sqlite3_open_v2(file.c_str(), &db_, flags, nullptr);
  if (code != SQLITE_OK) {
    const DatabaseFailure failure(code & 0xff, file.string() + ": " + sqlite3_errmsg(db_));
    sqlite3_close_v2(db_);
    throw failure;
  }
  if (mode == Mode::writer) ::chmod(file.c_str(), 0600);
  sqlite3_busy_timeout(db_, 5000);
  if (mode == Mode::reader) sqlite3_db_config(db_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  try {
    set_up(*this, mode);
  } catch (...) {
    sqlite3_close_v2(db_);
    throw;
  }
}

Database::~Database() {
  for (auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close_v2(db_);
}

Query Database::query(const char* sql) {
  auto& statement = statements_[sql];
  if (statement == nullptr) {
    const int code = sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) {
      statements_.erase(sql);
      fail(db_, code);
    }
  }
  return {db_, statement};
}

void Database::execute(const std::string& sql) {
  const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(db_, code);
}

std::int64_t Database::scalar(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr);
  if (code != SQLITE_OK) fail(db_, code);
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> owner(statement, sqlite3_finalize);
  return Query(db_, statement).step() ? sqlite3_column_int64(statement, 0) : 0;
}

void Database::set_deadline(std::chrono::milliseconds from_now) {
  if (from_now.count() == 0) {
    sqlite3_progress_handler(db_, 0, nullptr, nullptr);
    return;
  }
  deadline_ = std::chrono::steady_clock::now() + from_now;
  sqlite3_progress_handler(db_, 10000, &Database::out_of_time, this);
}

int Database::out_of_time(void* self) {
  return std::chrono::steady_clock::now() > static_cast<Database*>(self)->deadline_ ? 1 : 0;
}

Transaction::Transaction(Database& db) : db_(db) { db_.query("BEGIN IMMEDIATE").run(); }

Transaction::~Transaction() {
  if (!open_) return;
  try {
    db_.query("ROLLBACK").run();
  } catch (const DatabaseFailure&) {  // the failure that brought us here has rolled back already
  }
}

void Transaction::commit() {
  db_.query("COMMIT").run();
  open_ = false;
}

Error error_of(const DatabaseFailure& failure) {
  const auto code = failure.code() == SQLITE_FULL        ? ErrorCode::storage_full
                    : failure.code() == SQLITE_INTERRUPT ? ErrorCode::unavailable
                                                         : ErrorCode::storage_failed;
  return {code, "", failure.what()};
}

}  // namespace tillside::hq
