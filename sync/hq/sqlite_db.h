// SQLite as headquarters uses it: connections, cached statements, transactions.
//
// A Database and its Queries belong to one thread at a time; the ledger guards each with a mutex. Failures are thrown
// as DatabaseFailure and become Errors at the ledger's methods (see guarded()).
#pragma once

#include <sqlite3.h>

#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>

#include "agent/domain/result.h"

namespace tillside::hq {

class DatabaseFailure : public std::runtime_error {
 public:
  DatabaseFailure(int code, const std::string& what) : std::runtime_error(what), code_(code) {}
  int code() const { return code_; }  // SQLite's primary result code

 private:
  int code_;
};

// A value bound as a blob; the bytes must live until the statement has run.
struct Bytes {
  std::string_view bytes;
};
template <std::size_t N>
Bytes as_bytes(const std::array<std::uint8_t, N>& array) {
  return {{reinterpret_cast<const char*>(array.data()), N}};
}

// One use of a cached statement: reset and unbound at the end.
class Query {
 public:
  Query(sqlite3* db, sqlite3_stmt* statement) : db_(db), statement_(statement) {}
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  // Binds parameters 1.. in order. Texts and blobs must live until the query has been stepped to its end.
  template <class... Args>
  Query& bind(const Args&... args) {
    int at = 0;
    (bind_one(++at, args), ...);
    return *this;
  }
  template <class... Args>
  void run(const Args&... args) {
    bind(args...);
    while (step()) {
    }
    sqlite3_reset(statement_);
  }
  bool step();  // true: a row is there
  void reset();

  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  std::uint64_t natural(int column) const { return static_cast<std::uint64_t>(integer(column)); }
  double real(int column) const { return sqlite3_column_double(statement_, column); }
  bool is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::string_view view(int column) const;
  std::string text(int column) const { return std::string(view(column)); }
  template <std::size_t N>
  std::array<std::uint8_t, N> bytes(int column) const {
    std::array<std::uint8_t, N> out{};
    const auto from = view(column);
    if (from.size() == N) std::copy(from.begin(), from.end(), out.begin());
    return out;
  }

 private:
  template <std::integral T>
  void bind_one(int at, T value) {
    check(sqlite3_bind_int64(statement_, at, static_cast<std::int64_t>(value)));
  }
  void bind_one(int at, std::string_view text);
  void bind_one(int at, const std::string& text) { bind_one(at, std::string_view(text)); }
  void bind_one(int at, const char* text) { bind_one(at, std::string_view(text)); }
  void bind_one(int at, Bytes bytes);
  void bind_one(int at, std::nullptr_t) { check(sqlite3_bind_null(statement_, at)); }
  template <std::size_t N>
  void bind_one(int at, const std::array<std::uint8_t, N>& array) {
    bind_one(at, as_bytes(array));
  }
  template <class T>
  void bind_one(int at, const std::optional<T>& value) {
    if (value)
      bind_one(at, *value);
    else
      bind_one(at, nullptr);
  }
  void check(int code) const;

  sqlite3* db_;
  sqlite3_stmt* statement_;
};

class Database {
 public:
  enum class Mode : std::uint8_t { writer, reader };

  // Opens (a writer also creates, mode 0600). Throws DatabaseFailure.
  Database(const std::filesystem::path& file, Mode mode);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // `sql` must be a literal: statements are kept by its address. One use of each literal at a time.
  Query query(const char* sql);
  // For texts made at run time: not kept.
  void execute(const std::string& sql);
  std::int64_t changes() const { return sqlite3_changes64(db_); }
  std::int64_t scalar(const std::string& sql);

  // From now on statements that run longer fail with SQLITE_INTERRUPT; zero: no limit.
  void set_deadline(std::chrono::milliseconds from_now);

 private:
  static int out_of_time(void* self);
  sqlite3* db_ = nullptr;
  std::unordered_map<const char*, sqlite3_stmt*> statements_;
  std::chrono::steady_clock::time_point deadline_{};
};

// Rolls back unless committed.
class Transaction {
 public:
  explicit Transaction(Database& db);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& db_;
  bool open_ = true;
};

Error error_of(const DatabaseFailure& failure);

}  // namespace tillside::hq
