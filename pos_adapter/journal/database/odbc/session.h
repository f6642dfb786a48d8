// One read-only connection through ODBC, and one query at a time.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pos_adapter/journal/database/row_source.h"

namespace tillside::odbc {

struct Ask {
  std::string connection, query, kind, after;  // kind: "integer" or "time"
  std::size_t limit = 0;
  unsigned timeout_s = 30;
  bool as_bytes = false, uncommitted = false;
};

// `on_columns` is told names and kinds in turn, once; `on_row` each row.
struct Sink {
  std::function<void(std::vector<std::optional<std::string>>)> on_columns, on_row;
};

// Connects when it is not connected, reads at most `limit` rows and closes the cursor. The connection is kept for the
// next ask unless it failed. One thread.
class Session {
 public:
  Session();
  ~Session();
  Status read(const Ask& ask, const Sink& sink);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tillside::odbc
