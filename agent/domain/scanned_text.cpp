#include "agent/domain/scanned_text.h"

#include <algorithm>

namespace tillside {
namespace {

char raised(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

unsigned byte_or_zero(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u;
}

// U+FF01..U+FF5E stand for '!'..'~', U+3000 is a blank: EF BC 81..BF, EF BD 80..9E, E3 80 80. 0 when it is none.
char full_width(std::string_view text, std::size_t at) {
  const unsigned first = byte_or_zero(text, at), second = byte_or_zero(text, at + 1),
                 third = byte_or_zero(text, at + 2);
  if (first == 0xE3 && second == 0x80 && third == 0x80) return ' ';
  if (first != 0xEF) return 0;
  if (second == 0xBC && third >= 0x81 && third <= 0xBF) return static_cast<char>(third - 0x81 + '!');
  if (second == 0xBD && third >= 0x80 && third <= 0x9E) return static_cast<char>(third - 0x80 + '`');
  return 0;
}

}  // namespace

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (raised(c) >= 'A' && raised(c) <= 'Z'); }

std::string upper_cased(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(), raised);
  return upper;
}

std::optional<std::string> clean_scan(std::string_view text) {
  if (text.size() > kMaxScan) return std::nullopt;
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char folded = full_width(text, at);
    if (folded != 0) at += 2;
    const char c = folded != 0 ? folded : text[at];
    if (!is_blank(c)) clean += c;
  }
  return clean;
}

int digit_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char upper = raised(c);
  if (upper == 'O') return 0;
  return upper == 'I' || upper == 'L' ? 1 : -1;
}

bool drop_symbols_front(std::string_view& text) {
  const auto symbols = static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_alphanumeric) - text.begin());
  text.remove_prefix(symbols);
  return symbols > 0;
}

bool drop_symbols_back(std::string_view& text) {
  const auto symbols =
      static_cast<std::size_t>(std::find_if(text.rbegin(), text.rend(), is_alphanumeric) - text.rbegin());
  text.remove_suffix(symbols);
  return symbols > 0;
}

bool drop_letter_back(std::string_view& text, char upper) {
  if (text.empty() || raised(text.back()) != upper) return false;
  text.remove_suffix(1);
  return true;
}

bool drop_word_front(std::string_view& text, std::string_view upper) {
  if (upper_cased(text.substr(0, upper.size())) != upper) return false;
  text.remove_prefix(upper.size());
  return true;
}

}  // namespace tillside
