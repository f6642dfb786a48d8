#include "agent/domain/json_token.h"

#include <charconv>

namespace tillside::json {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

char at_or_nul(std::string_view text, std::size_t at) { return at < text.size() ? text[at] : '\0'; }

// RFC 8259, section 6.
bool is_number(std::string_view text) {
  std::size_t at = at_or_nul(text, 0) == '-' ? 1 : 0;
  const std::size_t whole = at;
  at = skip_digits(text, at);
  if (at == whole || (text[whole] == '0' && at - whole > 1)) return false;
  if (at_or_nul(text, at) == '.') {
    const std::size_t fraction = at + 1;
    at = skip_digits(text, fraction);
    if (at == fraction) return false;
  }
  if (at_or_nul(text, at) == 'e' || at_or_nul(text, at) == 'E') {
    ++at;
    if (at_or_nul(text, at) == '+' || at_or_nul(text, at) == '-') ++at;
    const std::size_t exponent = at;
    at = skip_digits(text, exponent);
    if (at == exponent) return false;
  }
  return at == text.size();
}

}  // namespace

std::string_view trimmed(std::string_view token) {
  while (!token.empty() &&
         (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' || token.back() == '\t'))
    token.remove_suffix(1);
  return token;
}

Kind kind_of(std::string_view token) {
  switch (at_or_nul(token, 0)) {
    case '"':
      return Kind::text;
    case '{':
      return Kind::object;
    case '[':
      return Kind::array;
    case 't':
      return token == "true" ? Kind::boolean : Kind::none;
    case 'f':
      return token == "false" ? Kind::boolean : Kind::none;
    case 'n':
      return token == "null" ? Kind::null : Kind::none;
    default:
      return is_number(token) ? Kind::number : Kind::none;
  }
}

IntegerRead read_integer(std::string_view token, std::int64_t& value) {
  if (token.find_first_of(".eE") != std::string_view::npos) return IntegerRead::not_whole;
  const auto read = std::from_chars(token.data(), token.data() + token.size(), value);
  return read.ec == std::errc{} ? IntegerRead::ok : IntegerRead::too_large;
}

}  // namespace tillside::json
