// The narrow interface to a POS's database: one query, asked for the rows above a mark. Behind it stands a program of
// its own (helper_rows.h); tests put a table of their own there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/domain/result.h"

namespace tillside::journal {

// What a column is, as far as reading its text asks for it.
enum class ColumnKind : std::uint8_t { text, number, time, other };

struct Column {
  std::string name;
  ColumnKind kind = ColumnKind::text;
};

using Cells = std::vector<std::optional<std::string>>;  // beside the columns; nullopt is NULL

// Whole numbers, or dates with times; see mark.h for their text.
enum class MarkKind : std::uint8_t { integer, time };

struct RowsOrder {
  std::string after;  // the mark that the query's parameter is given
  MarkKind kind = MarkKind::integer;
  std::size_t limit = 2000;  // rows, at least 1
};

struct Rows {
  std::vector<Column> columns;
  std::vector<Cells> rows;  // at most `limit`, in the query's order
};

class RowSource {
 public:
  virtual ~RowSource() = default;
  // All of them or an Error: unavailable (away, too slow), refused (who we say we are), bad_format (the query, or what
  // it gives). Details never hold the connection string. From one thread; blocks up to the time-out.
  virtual Result<Rows> fetch(const RowsOrder& order) = 0;
  virtual void interrupt() = 0;  // any thread: a fetch under way returns soon, and so does every later one
};

}  // namespace tillside::journal
