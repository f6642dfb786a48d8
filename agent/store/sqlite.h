// SQLite behind RAII. Failures are thrown as SqliteFailure and caught at the store's own doors (writer.h, reader.h,
// open.h): nothing outside this room sees an exception. A Database and its Statements belong to one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "agent/domain/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace tillside::store {

struct SqliteFailure {
  int code = 0;  // SQLite's extended result code
  std::string message;
  bool full() const;     // disk or quota
  bool corrupt() const;  // not a database, malformed, or unreadable pages
  Error error() const;   // storage_full or storage_failed
};

// Compiled when it is first used: what a connection never asks costs it nothing, and a mistake in it is told then.
class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql) : database_(database), sql_(sql) {}
  ~Statement();
  Statement(Statement&& other) noexcept
      : database_(other.database_),
        sql_(std::move(other.sql_)),
        handle_(std::exchange(other.handle_, nullptr)),
        kept_(other.kept_) {}
  Statement& operator=(Statement&& other) noexcept {
    std::swap(database_, other.database_);
    std::swap(sql_, other.sql_);
    std::swap(handle_, other.handle_);
    std::swap(kept_, other.kept_);
    return *this;
  }

  // Binds all parameters in order, starting a fresh run. Texts and blobs must live until the run's last step().
  template <class... Args>
  Statement& with(const Args&... args) {
    rewind();
    int index = 0;
    (bind(++index, args), ...);
    return *this;
  }
  bool step();  // true: a row
  void run();   // to the end, and rewound
  void rewind();

  std::int64_t integer(int column) const;
  std::string_view text(int column) const;  // until the next step() or rewind()
  std::string_view blob(int column) const;
  bool is_null(int column) const;

 private:
  void bind(int index, std::int64_t value);
  void bind(int index, int value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, std::uint8_t value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, std::uint32_t value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, std::uint64_t value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, bool value) { bind(index, static_cast<std::int64_t>(value)); }
  void bind(int index, std::string_view text);
  void bind(int index, const std::string& text) { bind(index, std::string_view(text)); }
  void bind(int index, const char* text) { bind(index, std::string_view(text)); }
  void bind(int index, std::span<const std::uint8_t> blob);
  template <std::size_t N>
  void bind(int index, const std::array<std::uint8_t, N>& blob) {
    bind(index, std::span<const std::uint8_t>(blob));
  }

  friend class Database;
  explicit Statement(sqlite3_stmt* kept) : handle_(kept), kept_(true) {}
  void compile();

  sqlite3* database_ = nullptr;
  std::string sql_;
  sqlite3_stmt* handle_ = nullptr;
  bool kept_ = false;  // belongs to its Database
};

struct OpenOptions {
  bool read_only = false;
  bool bulk = false;  // a new file that is thrown away unless its load ends well: no journal, no syncs
  int page_size = 4096;
  int cache_kib = 512;
  int busy_timeout_ms = 2000;
};

class Database {
 public:
  // WAL, synchronous=FULL, no memory mapping, foreign keys off, trusted_schema off.
  Database(const std::filesystem::path& file, const OpenOptions& options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void run(const char* sql);  // one or more statements without parameters
  Statement prepare(std::string_view sql) { return {handle_, sql}; }
  // The same, compiled once for as long as the connection is open. `sql` must be a literal: it is known by its address.
  // One use of each literal at a time.
  Statement kept(const char* sql);
  std::int64_t integer(std::string_view sql);  // first column of the first row, 0 without one
  int changes() const;
  bool in_transaction() const;
  sqlite3* handle() const { return handle_; }

  // Statements on this connection fail with storage_failed once `milliseconds` have passed since the last call; 0:
  // never.
  void set_deadline(int milliseconds);
  void interrupt();  // what runs on this connection fails soon; any thread, while the connection is open

 private:
  sqlite3* handle_ = nullptr;
  std::unordered_map<const char*, sqlite3_stmt*> kept_;
  std::int64_t deadline_ns_ = 0;
};

// Rolls back unless commit() was reached.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) { database_.kept("BEGIN IMMEDIATE").run(); }
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit() { database_.kept("COMMIT").run(); }

 private:
  Database& database_;
};

// Forward-only migrations: step N brings user_version N to N+1. Throws SqliteFailure; returns too_new (naming the file)
// when the file is newer than the steps, and refuses a file of another application, or one that has tables and tells no
// application.
Status migrate(Database& database, std::int32_t application_id, std::span<const char* const> steps,
               const std::filesystem::path& file);

}  // namespace tillside::store
