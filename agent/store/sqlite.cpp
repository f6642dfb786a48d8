#include "agent/store/sqlite.h"

#include <sqlite3.h>

#include <chrono>

namespace tillside::store {
namespace {

[[noreturn]] void fail(sqlite3* database, int code) {
  throw SqliteFailure{database ? sqlite3_extended_errcode(database) : code,
                      database ? sqlite3_errmsg(database) : sqlite3_errstr(code)};
}

std::int64_t steady_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

constexpr const char* kWalPragmas =
    "PRAGMA journal_mode=WAL; PRAGMA journal_size_limit=67108864; PRAGMA synchronous=FULL";
constexpr const char* kBulkPragmas = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE";

int past_deadline(void* deadline) { return steady_ns() > *static_cast<const std::int64_t*>(deadline) ? 1 : 0; }

sqlite3_stmt* compiled(sqlite3* database, std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(database, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &statement, nullptr);
  if (code != SQLITE_OK) fail(database, code);
  return statement;
}

}  // namespace

bool SqliteFailure::full() const { return (code & 0xFF) == SQLITE_FULL || code == SQLITE_IOERR_WRITE; }
bool SqliteFailure::corrupt() const {
  const int primary = code & 0xFF;
  return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB || code == SQLITE_IOERR_SHORT_READ;
}
Error SqliteFailure::error() const {
  return {full() ? ErrorCode::storage_full : ErrorCode::storage_failed, {}, message};
}

Statement::~Statement() {
  if (!kept_) {
    sqlite3_finalize(handle_);
  } else if (handle_ != nullptr) {
    sqlite3_reset(handle_);
    sqlite3_clear_bindings(handle_);
  }
}

void Statement::compile() {
  if (handle_ == nullptr) handle_ = compiled(database_, sql_);
}

bool Statement::step() {
  compile();
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) {
    sqlite3* database = sqlite3_db_handle(handle_);
    SqliteFailure failure{sqlite3_extended_errcode(database), sqlite3_errmsg(database)};
    sqlite3_reset(handle_);
    throw failure;
  }
  return false;
}
void Statement::run() {
  while (step()) {
  }
  rewind();
}
void Statement::rewind() { sqlite3_reset(handle_); }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }
std::string_view Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  return {data ? data : "", static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}
std::string_view Statement::blob(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(handle_, column));
  return {data ? data : "", static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}
bool Statement::is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

void Statement::bind(int index, std::int64_t value) {
  compile();
  if (int code = sqlite3_bind_int64(handle_, index, value); code != SQLITE_OK) fail(nullptr, code);
}
void Statement::bind(int index, std::string_view text) {
  compile();
  const char* data = text.data() ? text.data() : "";
  const int code = sqlite3_bind_text64(handle_, index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (code != SQLITE_OK) fail(nullptr, code);
}
void Statement::bind(int index, std::span<const std::uint8_t> blob) {
  compile();
  const void* data = blob.data() ? static_cast<const void*>(blob.data()) : "";
  if (int code = sqlite3_bind_blob64(handle_, index, data, blob.size(), SQLITE_STATIC); code != SQLITE_OK) {
    fail(nullptr, code);
  }
}

Database::Database(const std::filesystem::path& file, const OpenOptions& options) {
  const int flags = options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int code = sqlite3_open_v2(file.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) {
    SqliteFailure failure{handle_ ? sqlite3_extended_errcode(handle_) : code,
                          handle_ ? sqlite3_errmsg(handle_) : sqlite3_errstr(code)};
    sqlite3_close(handle_);
    throw failure;
  }
  try {
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, options.busy_timeout_ms);
    run(("PRAGMA page_size=" + std::to_string(options.page_size)).c_str());
    if (!options.read_only) run(options.bulk ? kBulkPragmas : kWalPragmas);
    run("PRAGMA mmap_size=0; PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY");
    run(("PRAGMA cache_size=-" + std::to_string(options.cache_kib)).c_str());
  } catch (...) {
    sqlite3_close_v2(handle_);
    throw;
  }
}
Database::~Database() {
  for (const auto& [sql, statement] : kept_) sqlite3_finalize(statement);
  sqlite3_close_v2(handle_);
}

Statement Database::kept(const char* sql) {
  sqlite3_stmt*& statement = kept_[sql];
  if (statement == nullptr) statement = compiled(handle_, sql);
  return Statement(statement);
}

void Database::run(const char* sql) {
  if (int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr); code != SQLITE_OK) fail(handle_, code);
}
std::int64_t Database::integer(std::string_view sql) {
  Statement statement = prepare(sql);
  return statement.step() ? statement.integer(0) : 0;
}
int Database::changes() const { return sqlite3_changes(handle_); }
bool Database::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
void Database::set_deadline(int milliseconds) {
  deadline_ns_ = steady_ns() + static_cast<std::int64_t>(milliseconds) * 1'000'000;
  sqlite3_progress_handler(handle_, milliseconds > 0 ? 1000 : 0, milliseconds > 0 ? past_deadline : nullptr,
                           &deadline_ns_);
}
void Database::interrupt() { sqlite3_interrupt(handle_); }

Transaction::~Transaction() {
  if (database_.in_transaction()) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

Status migrate(Database& database, std::int32_t application_id, std::span<const char* const> steps,
               const std::filesystem::path& file) {
  const std::int64_t version = database.integer("PRAGMA user_version");
  const std::int64_t owner = database.integer("PRAGMA application_id");
  const bool empty = version == 0 && owner == 0 && database.integer("SELECT count(*) FROM sqlite_master") == 0;
  if (!empty && owner != application_id) {
    return Error{ErrorCode::refused, {}, file.string() + " belongs to another program"};
  }
  if (version > static_cast<std::int64_t>(steps.size())) {
    return Error{ErrorCode::too_new,
                 {},
                 file.string() + " has schema " + std::to_string(version) + ", this program knows " +
                     std::to_string(steps.size())};
  }
  for (std::size_t step = static_cast<std::size_t>(version); step < steps.size(); ++step) {
    Transaction transaction(database);
    database.run(steps[step]);
    database.run(("PRAGMA application_id=" + std::to_string(application_id)).c_str());
    database.run(("PRAGMA user_version=" + std::to_string(step + 1)).c_str());
    transaction.commit();
  }
  return {};
}

}  // namespace tillside::store
