// The high-water mark: how far a table has been read. One int64 for both kinds, so that it can be compared and set
// back.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/domain/result.h"
#include "pos_adapter/journal/database/row_source.h"

namespace tillside::journal {

using Mark = std::int64_t;  // the number itself; or milliseconds of the database's own wall clock since 1970

// "451", also as "451.0" or "4.51e2" from a column of another type; "2026-11-22 09:15:03.120", with a T or without a
// time.
Result<Mark> parse_mark(std::string_view text, MarkKind kind);
// "451", or "2026-11-22 09:15:03.120".
std::string format_mark(Mark mark, MarkKind kind);

// `mark` set back by `by` (numbers, or milliseconds), as far as there is room.
Mark set_back(Mark mark, std::int64_t by);

// The digits of a whole number written as a decimal or a float; nullopt when it is none.
std::string whole_digits(std::string_view text, bool& whole);

}  // namespace tillside::journal
