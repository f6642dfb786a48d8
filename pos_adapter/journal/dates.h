// Dates and times as files write them.
#pragma once

#include <string_view>

#include "agent/domain/result.h"
#include "agent/domain/time.h"

namespace tillside::journal {

// Reads `text` by `format`: %Y (4 digits) %y (20yy) %m %d %H %M %S %I (each 1 or 2 digits) %p (AM or PM), a blank for
// any blanks, other characters for themselves. Milliseconds of the wall clock since 1970-01-01T00:00; else bad_time.
Result<std::int64_t> parse_local(std::string_view text, std::string_view format);

// By `format`, or when that is empty RFC 3339 with or without an offset.
Result<Instant> parse_instant(std::string_view text, std::string_view format, const StoreZone& zone);

// By `format`, or when that is empty YYYY-MM-DD, with or without a time behind it.
Result<LocalDate> parse_day(std::string_view text, std::string_view format);

}  // namespace tillside::journal
