// Text as scanners and people hand it in: what is forgiven before a code is read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tillside {

inline constexpr std::size_t kMaxScan = 4096;  // bytes; longer texts are no code

bool is_alphanumeric(char c);  // ASCII only

// ASCII letters raised, the rest left as it is.
std::string upper_cased(std::string_view text);

// Without blanks, tabs and line ends; full-width letters, digits and signs (a Chinese input method that was left on)
// become ASCII. nullopt when the text is longer than kMaxScan.
std::optional<std::string> clean_scan(std::string_view text);

// 0 to 9; O stands for 0, I and L for 1, in either case; -1 for anything else.
int digit_value(char c);

// Each takes something off `text` and says whether it was there. Symbols are all that is not an ASCII letter or digit.
bool drop_symbols_front(std::string_view& text);
bool drop_symbols_back(std::string_view& text);
bool drop_letter_back(std::string_view& text, char upper);
bool drop_word_front(std::string_view& text, std::string_view upper);

}  // namespace tillside
