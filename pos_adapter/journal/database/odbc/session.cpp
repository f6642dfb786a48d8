#include "pos_adapter/journal/database/odbc/session.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "pos_adapter/journal/database/odbc/odbc_text.h"

namespace tillside::odbc {
namespace {

constexpr std::size_t kMostCell = 64 << 10;  // bytes of one cell; the rest is cut off

bool good(SQLRETURN code) { return SQL_SUCCEEDED(code); }

SQLPOINTER number(std::size_t value) { return reinterpret_cast<SQLPOINTER>(value); }  // NOLINT: ODBC's way

class Handle {
 public:
  explicit Handle(SQLSMALLINT type) : type_(type) {}
  ~Handle() { free(); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  bool make(SQLHANDLE parent) {
    free();
    return good(SQLAllocHandle(type_, parent, &handle_));
  }
  void free() {
    if (handle_ != nullptr) SQLFreeHandle(type_, handle_);
    handle_ = nullptr;
  }
  SQLHANDLE get() const { return handle_; }
  SQLSMALLINT type() const { return type_; }

 private:
  SQLSMALLINT type_;
  SQLHANDLE handle_ = nullptr;
};

struct Diagnosis {
  std::string state, message;
};

Diagnosis diagnosis_of(const Handle& handle, std::string_view connection) {
  Diagnosis out;
  std::array<SQLWCHAR, 6> state{};
  std::array<SQLWCHAR, 1024> text{};
  SQLINTEGER native = 0;
  SQLSMALLINT length = 0;
  const auto size = static_cast<SQLSMALLINT>(text.size());
  if (!good(SQLGetDiagRecW(handle.type(), handle.get(), 1, state.data(), &native, text.data(), size, &length)))
    return {"HY000", "no diagnosis"};
  out.state = from_wide(state.data(), 5);
  const auto told = std::min<std::size_t>(static_cast<std::size_t>(std::max<SQLSMALLINT>(length, 0)), text.size() - 1);
  out.message = out.state + " " + without_secrets(from_wide(text.data(), told), connection);
  return out;
}

bool mentions(const std::string& message, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return message.find(word) != std::string::npos; });
}

Error worded(const Diagnosis& diagnosis, bool while_connecting) {
  const bool login =
      diagnosis.state.starts_with("28") ||
      mentions(diagnosis.message, {"password", "Password", "authentication", "Access denied", "Login failed"});
  if (while_connecting && login) return {ErrorCode::refused, {}, diagnosis.message};
  const bool wrong = diagnosis.state.starts_with("42") || diagnosis.state.starts_with("07") ||
                     diagnosis.state.starts_with("22") || diagnosis.state == "HY000";
  const bool busy =
      mentions(diagnosis.message, {"locked", "busy", "timeout", "time-out", "terminat", "connection", "canceling"});
  const bool away = while_connecting || !wrong || (diagnosis.state == "HY000" && busy);
  return {away ? ErrorCode::unavailable : ErrorCode::bad_format, {}, diagnosis.message};
}

journal::ColumnKind kind_of(SQLSMALLINT type) {
  switch (type) {
    case SQL_TINYINT:
    case SQL_SMALLINT:
    case SQL_INTEGER:
    case SQL_BIGINT:
    case SQL_DECIMAL:
    case SQL_NUMERIC:
    case SQL_REAL:
    case SQL_FLOAT:
    case SQL_DOUBLE:
    case SQL_BIT:
      return journal::ColumnKind::number;
    case SQL_TYPE_DATE:
    case SQL_TYPE_TIMESTAMP:
    case SQL_DATE:
    case SQL_TIMESTAMP:
    case -155:  // SQL Server's datetimeoffset: its text has the offset
      return journal::ColumnKind::time;
    case SQL_BINARY:
    case SQL_VARBINARY:
    case SQL_LONGVARBINARY:
      return journal::ColumnKind::other;
    default:
      return journal::ColumnKind::text;
  }
}

const char* name_of(journal::ColumnKind kind) {
  switch (kind) {
    case journal::ColumnKind::text:
      return "text";
    case journal::ColumnKind::number:
      return "number";
    case journal::ColumnKind::time:
      return "time";
    case journal::ColumnKind::other:
      break;
  }
  return "other";
}

bool is_wide(SQLSMALLINT type) { return type == SQL_WCHAR || type == SQL_WVARCHAR || type == SQL_WLONGVARCHAR; }

// One cell's text, piece by piece; nullopt for NULL.
struct Cell {
  std::optional<std::string> text;
  bool failed = false;
};

Cell bytes_of(SQLHANDLE statement, SQLUSMALLINT column) {
  Cell cell;
  std::array<char, 4096> block{};
  while (true) {
    SQLLEN length = 0;
    const auto code =
        SQLGetData(statement, column, SQL_C_CHAR, block.data(), static_cast<SQLLEN>(block.size()), &length);
    if (code == SQL_NO_DATA) return cell;
    if (!good(code)) return {{}, true};
    if (length == SQL_NULL_DATA) return cell;
    if (!cell.text) cell.text.emplace();
    const bool more = length == SQL_NO_TOTAL || length >= static_cast<SQLLEN>(block.size());
    const std::size_t got = more ? block.size() - 1 : static_cast<std::size_t>(length);
    if (cell.text->size() < kMostCell) cell.text->append(block.data(), got);
    if (!more) return cell;
  }
}

Cell wide_of(SQLHANDLE statement, SQLUSMALLINT column) {
  Cell cell;
  std::vector<SQLWCHAR> all;
  std::array<SQLWCHAR, 2048> block{};
  const auto size = static_cast<SQLLEN>(block.size() * sizeof(SQLWCHAR));
  bool null = true;
  while (true) {
    SQLLEN length = 0;
    const auto code = SQLGetData(statement, column, SQL_C_WCHAR, block.data(), size, &length);
    if (code == SQL_NO_DATA) break;
    if (!good(code)) return {{}, true};
    if (length == SQL_NULL_DATA) break;
    null = false;
    const bool more = length == SQL_NO_TOTAL || length >= size;
    const std::size_t got = more ? block.size() - 1 : static_cast<std::size_t>(length) / sizeof(SQLWCHAR);
    if (all.size() < kMostCell) all.insert(all.end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(got));
    if (!more) break;
  }
  if (!null) cell.text = from_wide(all.data(), all.size());
  return cell;
}

}  // namespace

struct Session::Impl {
  Handle environment{SQL_HANDLE_ENV}, connection{SQL_HANDLE_DBC};
  std::string connected_to;
  bool connected = false;

  ~Impl() { drop(); }

  void drop() {
    if (connected) SQLDisconnect(connection.get());
    connected = false;
    connection.free();
  }

  Status connect(const Ask& ask) {
    if (connected && connected_to == ask.connection) return {};
    drop();
    if (environment.get() == nullptr) {
      if (!environment.make(SQL_NULL_HANDLE)) return Error{ErrorCode::unavailable, {}, "no ODBC here"};
      SQLSetEnvAttr(environment.get(), SQL_ATTR_ODBC_VERSION, number(SQL_OV_ODBC3), 0);
    }
    if (!connection.make(environment.get())) return worded(diagnosis_of(environment, ask.connection), true);
    // What a driver does not know it refuses, and goes on without.
    SQLSetConnectAttr(connection.get(), SQL_ATTR_LOGIN_TIMEOUT, number(ask.timeout_s), SQL_IS_UINTEGER);
    SQLSetConnectAttr(connection.get(), SQL_ATTR_ACCESS_MODE, number(SQL_MODE_READ_ONLY), SQL_IS_UINTEGER);
    auto words = to_wide(ask.connection);
    const auto code =
        SQLDriverConnectW(connection.get(), nullptr, words.data(), SQL_NTS, nullptr, 0, nullptr, SQL_DRIVER_NOPROMPT);
    if (!good(code)) {
      const Error error = worded(diagnosis_of(connection, ask.connection), true);
      connection.free();
      return error;
    }
    connected = true;
    connected_to = ask.connection;
    settle_in(ask);
    return {};
  }

  // Every statement commits by itself, writes nothing and waits for no lock for long.
  void settle_in(const Ask& ask) {
    SQLSetConnectAttr(connection.get(), SQL_ATTR_AUTOCOMMIT, number(SQL_AUTOCOMMIT_ON), SQL_IS_UINTEGER);
    SQLSetConnectAttr(connection.get(), SQL_ATTR_CONNECTION_TIMEOUT, number(ask.timeout_s), SQL_IS_UINTEGER);
    if (ask.uncommitted)
      SQLSetConnectAttr(connection.get(), SQL_ATTR_TXN_ISOLATION, number(SQL_TXN_READ_UNCOMMITTED), SQL_IS_INTEGER);
    const std::string ms = std::to_string(ask.timeout_s * 1000UL);
    const std::string name = product();
    std::vector<std::string> words;
    if (name.find("PostgreSQL") != std::string::npos)
      words = {"SET default_transaction_read_only = on", "SET statement_timeout = " + ms, "SET lock_timeout = " + ms};
    else if (name.find("SQL Server") != std::string::npos)
      words = {"SET LOCK_TIMEOUT " + ms, "SET DEADLOCK_PRIORITY LOW"};
    else if (name.find("MySQL") != std::string::npos || name.find("MariaDB") != std::string::npos)
      words = {"SET SESSION TRANSACTION READ ONLY", "SET SESSION max_execution_time = " + ms};
    else if (name.find("SQLite") != std::string::npos)
      words = {"PRAGMA query_only = 1", "PRAGMA busy_timeout = 2000"};
    for (const std::string& one : words) say(one);
  }

  std::string product() const {
    std::array<SQLCHAR, 128> name{};
    SQLSMALLINT length = 0;
    SQLGetInfo(connection.get(), SQL_DBMS_NAME, name.data(), static_cast<SQLSMALLINT>(name.size()), &length);
    return reinterpret_cast<const char*>(name.data());
  }

  void say(const std::string& words) const {
    Handle statement{SQL_HANDLE_STMT};
    if (!statement.make(connection.get())) return;
    auto wide = to_wide(words);
    SQLExecDirectW(statement.get(), wide.data(), SQL_NTS);
  }
};

namespace {

class Reading {
 public:
  Reading(const Handle& connection, const Ask& ask, const Sink& sink)
      : connection_(connection), ask_(ask), sink_(sink) {}

  Status run() {
    if (!statement_.make(connection_.get())) return worded(diagnosis_of(connection_, ask_.connection), false);
    set(SQL_ATTR_QUERY_TIMEOUT, ask_.timeout_s);
    set(SQL_ATTR_MAX_ROWS, ask_.limit);
    set(SQL_ATTR_CURSOR_TYPE, SQL_CURSOR_FORWARD_ONLY);
    set(SQL_ATTR_CONCURRENCY, SQL_CONCUR_READ_ONLY);
    if (!bind()) return failed();
    auto words = to_wide(ask_.query);
    const auto code = SQLExecDirectW(statement_.get(), words.data(), SQL_NTS);
    if (code != SQL_NO_DATA && !good(code)) return failed();
    if (Status columns = read_columns(); !columns) return columns;
    return read_rows();
  }

 private:
  void set(SQLINTEGER attribute, std::size_t value) {
    SQLSetStmtAttr(statement_.get(), attribute, number(value), SQL_IS_UINTEGER);
  }
  Error failed() { return worded(diagnosis_of(statement_, ask_.connection), false); }

  bool bind() {
    if (ask_.kind == "integer") {
      number_ = std::strtoll(ask_.after.c_str(), nullptr, 10);
      return good(SQLBindParameter(statement_.get(), 1, SQL_PARAM_INPUT, SQL_C_SBIGINT, SQL_BIGINT, 0, 0, &number_, 0,
                                   &length_));
    }
    length_ = static_cast<SQLLEN>(ask_.after.size());
    return good(SQLBindParameter(statement_.get(), 1, SQL_PARAM_INPUT, SQL_C_CHAR, SQL_TYPE_TIMESTAMP, 23, 3,
                                 const_cast<char*>(ask_.after.c_str()), length_ + 1, &length_));  // NOLINT: read only
  }

  Status read_columns() {
    SQLSMALLINT count = 0;
    if (!good(SQLNumResultCols(statement_.get(), &count))) return failed();
    if (count <= 0) return Error{ErrorCode::bad_format, {}, "the query gives no columns"};
    std::vector<std::optional<std::string>> told;
    for (SQLSMALLINT i = 1; i <= count; ++i) {
      std::array<SQLWCHAR, 256> name{};
      SQLSMALLINT length = 0, type = 0, digits = 0, nullable = 0;
      SQLULEN size = 0;
      if (!good(SQLDescribeColW(statement_.get(), static_cast<SQLUSMALLINT>(i), name.data(),
                                static_cast<SQLSMALLINT>(name.size()), &length, &type, &size, &digits, &nullable)))
        return failed();
      types_.push_back(type);
      told.emplace_back(
          from_wide(name.data(), std::min<std::size_t>(static_cast<std::size_t>(length), name.size() - 1)));
      told.emplace_back(name_of(kind_of(type)));
    }
    sink_.on_columns(std::move(told));
    return {};
  }

  Status read_rows() {
    for (std::size_t count = 0; count < ask_.limit; ++count) {
      const auto code = SQLFetch(statement_.get());
      if (code == SQL_NO_DATA) return {};
      if (!good(code)) return failed();
      std::vector<std::optional<std::string>> row;
      for (std::size_t i = 0; i < types_.size(); ++i) {
        const auto column = static_cast<SQLUSMALLINT>(i + 1);
        const bool wide = is_wide(types_[i]) && !ask_.as_bytes;
        Cell cell = wide ? wide_of(statement_.get(), column) : bytes_of(statement_.get(), column);
        if (cell.failed) return failed();
        row.push_back(std::move(cell.text));
      }
      sink_.on_row(std::move(row));
    }
    return {};
  }

  const Handle& connection_;
  const Ask& ask_;
  const Sink& sink_;
  Handle statement_{SQL_HANDLE_STMT};
  std::int64_t number_ = 0;
  SQLLEN length_ = 0;
  std::vector<SQLSMALLINT> types_;
};

}  // namespace

Session::Session() : impl_(std::make_unique<Impl>()) {}
Session::~Session() = default;

Status Session::read(const Ask& ask, const Sink& sink) {
  if (Status connected = impl_->connect(ask); !connected) return connected;
  Status done = Reading(impl_->connection, ask, sink).run();
  if (!done.ok() && done.error().code != ErrorCode::bad_format) impl_->drop();
  return done;
}

}  // namespace tillside::odbc
