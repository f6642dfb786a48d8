// Texts as ODBC has them, and what of its words may be told.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <string>
#include <string_view>
#include <vector>

namespace tillside::odbc {

std::vector<SQLWCHAR> to_wide(std::string_view utf8);  // ends with 0
std::string from_wide(const SQLWCHAR* text, std::size_t length);

// A driver's message without control characters and without any value that the connection string keeps secret; at most
// 300 bytes.
std::string without_secrets(std::string message, std::string_view connection);

}  // namespace tillside::odbc
