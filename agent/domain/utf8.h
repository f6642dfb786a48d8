// Characters of UTF-8 among bytes of anybody's (RFC 3629, section 4: no overlong forms, no surrogates, nothing above
// U+10FFFF).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tillside {

// Bytes of the character that begins at `at` (below bytes.size()): 1 to 4, 0 when none does.
std::size_t utf8_length(std::string_view bytes, std::size_t at);

bool is_utf8(std::string_view bytes);

void append_code_point(std::string& out, char32_t code);

}  // namespace tillside
