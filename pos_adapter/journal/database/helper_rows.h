// Rows through tillside-odbc, a program of its own: whatever a database's driver does (hang, leak, crash), it does
// there. The connection string goes over a pipe, never on a command line. The seam to the system:
// helper_rows_posix.cpp.
#pragma once

#include <filesystem>
#include <memory>

#include "pos_adapter/journal/database/row_source.h"

namespace tillside::journal {

struct HelperConfig {
  std::filesystem::path program;  // empty: tillside-odbc beside this program, else wherever the PATH has it
  std::string connection;         // an ODBC connection string; secret
  std::string query;
  int timeout_s = 30;        // of the log-in and of the query; the helper is ended two seconds behind it
  bool as_bytes = false;     // texts are handed on as the database's bytes, for a mapping's [file] encoding
  bool uncommitted = false;  // ask for READ UNCOMMITTED, which waits for nobody's locks
};

std::unique_ptr<RowSource> make_helper_rows(HelperConfig config);

}  // namespace tillside::journal
