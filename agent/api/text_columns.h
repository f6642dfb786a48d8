// Text on a printer's grid: a Chinese character takes two columns, a Latin one takes one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tillside::api {

// Columns of UTF-8 text. Wide: CJK, kana, hangul and full-width forms.
int columns_of(std::string_view text);

// Lines of at most `columns` (at least 2): broken at blanks, between wide characters, and inside a word only when
// it is longer than a line. No lines for empty text.
std::vector<std::string> wrapped(std::string_view text, int columns);

}  // namespace tillside::api
