// Whether a query may be put to a POS's database: one that reads, and nothing else.
#pragma once

#include <string_view>

#include "agent/domain/result.h"

namespace tillside::journal {

// One SELECT (or WITH ... SELECT) with exactly one parameter mark `?`, no second statement, and none of the words that
// write, lock or run something (INSERT, UPDATE, INTO, FOR UPDATE, EXEC ...) outside of quotes, brackets and comments.
// The Error names the word. This is a guard against accidents; the account should be one that may only read.
Status check_query(std::string_view query);

}  // namespace tillside::journal
