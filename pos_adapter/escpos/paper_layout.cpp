#include "pos_adapter/escpos/paper_layout.h"

#include <algorithm>

namespace tillside::escpos {
namespace {

constexpr int kColumnDots = 12;
constexpr int kMostBlanks = 200;  // wider than any paper

struct Letter {
  char32_t code = 0;
  std::size_t length = 1;
};

// `text` is UTF-8.
Letter letter_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t index) -> char32_t {
    return at + index < text.size() ? static_cast<unsigned char>(text[at + index]) & 63U : 0U;
  };
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return {first, 1};
  if (first < 0xE0) return {(first & 31U) << 6 | byte(1), 2};
  if (first < 0xF0) return {(first & 15U) << 12 | byte(1) << 6 | byte(2), 3};
  return {(first & 7U) << 18 | byte(1) << 12 | byte(2) << 6 | byte(3), 4};
}

bool is_wide_letter(char32_t code) {
  return (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
         (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
         (code >= 0xFE30 && code <= 0xFE4F) || (code >= 0xFF01 && code <= 0xFF60) ||
         (code >= 0xFFE0 && code <= 0xFFE6) || (code >= 0x20000 && code <= 0x3FFFD);
}

bool is_blank(char32_t code) { return code <= 0x20 || code == 0x7F || code == 0xA0; }

}  // namespace

void PaperLayout::write(std::string_view utf8, int letter_dots, int wide_dots) {
  if (!utf8.empty()) fill_gap();
  for (std::size_t at = 0; at < utf8.size();) {
    const Letter letter = letter_at(utf8, at);
    if (is_blank(letter.code)) {
      text_ += ' ';
    } else {
      text_ += utf8.substr(at, letter.length);
    }
    at_ += is_wide_letter(letter.code) ? wide_dots : letter_dots;
    at += letter.length;
  }
  written_ = at_;
}

// A gap of less than half a column is none. What is written further left than the end stands apart by one blank.
void PaperLayout::fill_gap() {
  const int gap = at_ - written_;
  if (gap < 0 && !text_.empty()) text_ += ' ';
  if (gap >= kColumnDots / 2)
    text_.append(static_cast<std::size_t>(std::clamp((gap + kColumnDots / 2) / kColumnDots, 1, kMostBlanks)), ' ');
}

std::string PaperLayout::line() const {
  const auto last = text_.find_last_not_of(' ');
  return last == std::string::npos ? std::string() : text_.substr(0, last + 1);
}

}  // namespace tillside::escpos
