// Dates and times as receipts print them.
#pragma once

#include <optional>
#include <string_view>

#include "agent/domain/time.h"

namespace tillside::escpos {

// Reads `text` by `format`: %Y (4 digits) %y (20yy) %m %d %H %I %M %S (each 1 or 2 digits) %b (English month, three
// letters or in full) %p (AM, PM, 上午, 下午), a blank for any blanks or none, other characters for themselves; what
// stands behind the format is passed over. Milliseconds of the wall clock since 1970-01-01T00:00; nullopt: not in this
// format.
std::optional<std::int64_t> read_local_time(std::string_view text, std::string_view format);

}  // namespace tillside::escpos
