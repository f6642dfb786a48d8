#include "agent/api/western_text.h"

#include <algorithm>
#include <array>

#include "agent/domain/utf8.h"

namespace tillside::api {
namespace {

// 0x80 to 0x9F; 0 where nothing stands. https://encoding.spec.whatwg.org/index-windows-1252.txt
constexpr std::array<char16_t, 32> kUpper = {0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                             0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,      0x017D, 0,
                                             0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                             0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

char32_t code_point_of(std::string_view letter) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(letter[at]); };
  if (letter.size() == 1) return byte(0);
  if (letter.size() == 2) return static_cast<char32_t>((byte(0) & 0x1FU) << 6 | (byte(1) & 0x3FU));
  if (letter.size() == 3)
    return static_cast<char32_t>((byte(0) & 0x0FU) << 12 | (byte(1) & 0x3FU) << 6 | (byte(2) & 0x3FU));
  return 0;
}

std::optional<char> in_code_page(char32_t code) {
  const bool same = (code >= 0x20 && code < 0x7F) || (code >= 0xA0 && code <= 0xFF);
  if (same) return static_cast<char>(code);
  const auto found = std::find(kUpper.begin(), kUpper.end(), code);
  if (code == 0 || found == kUpper.end()) return std::nullopt;
  return static_cast<char>(0x80 + (found - kUpper.begin()));
}

}  // namespace

std::optional<std::string> to_windows1252(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    const auto byte = in_code_page(length == 0 ? U'\0' : code_point_of(text.substr(at, length)));
    if (!byte) return std::nullopt;
    out += *byte;
    at += length;
  }
  return out;
}

}  // namespace tillside::api
