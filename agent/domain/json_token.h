// What one JSON token is, judged by its raw text: simdjson on demand leaves scalars unread until asked.
#pragma once

#include <cstdint>
#include <string_view>

namespace tillside::json {

enum class Kind : std::uint8_t { text, number, object, array, boolean, null, none };

// `token` without surrounding blanks. text, object and array by the first byte alone; none: not JSON.
Kind kind_of(std::string_view token);

std::string_view trimmed(std::string_view token);  // blanks at the end cut off

enum class IntegerRead : std::uint8_t { ok, not_whole, too_large };
// `token` must be of Kind::number. A fraction or an exponent, even "1.0", is not whole.
IntegerRead read_integer(std::string_view token, std::int64_t& value);

}  // namespace tillside::json
