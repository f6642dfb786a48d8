#include "agent/api/text_columns.h"

#include <algorithm>
#include <cstddef>

namespace tillside::api {
namespace {

struct Glyph {
  std::string_view bytes;
  int columns;
};

std::size_t bytes_of(unsigned char lead) { return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4; }

// All of U+1100 to U+115F, U+2E80 to U+A4CF, U+AC00 to U+D7A3, U+F900 to U+FAFF, U+FE30 to U+FE4F, U+FF00 to U+FF60
// and planes 1 to 3 from U+1F300 on.
bool is_wide(std::string_view bytes) {
  if (bytes.size() == 4) return bytes >= std::string_view("\xF0\x9F\x8C\x80");
  if (bytes.size() != 3) return false;
  const auto within = [&](std::string_view first, std::string_view last) { return bytes >= first && bytes <= last; };
  return within("\xE1\x84\x80", "\xE1\x85\x9F") || within("\xE2\xBA\x80", "\xEA\x93\x8F") ||
         within("\xEA\xB0\x80", "\xED\x9E\xA3") || within("\xEF\xA4\x80", "\xEF\xAB\xBF") ||
         within("\xEF\xB8\xB0", "\xEF\xB9\x8F") || within("\xEF\xBC\x80", "\xEF\xBD\xA0");
}

Glyph next_glyph(std::string_view text) {
  const auto bytes = text.substr(0, bytes_of(static_cast<unsigned char>(text.front())));
  return {bytes, is_wide(bytes) ? 2 : 1};
}

// Pieces that stay together: a run of narrow characters with the blanks behind it, or one wide character.
std::vector<std::string_view> pieces_of(std::string_view text) {
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    std::size_t size = next_glyph(text).bytes.size();
    if (next_glyph(text).columns == 1) {
      while (size < text.size() && next_glyph(text.substr(size)).columns == 1) {
        if (text[size - 1] == ' ' && text[size] != ' ') break;
        size += next_glyph(text.substr(size)).bytes.size();
      }
    }
    pieces.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return pieces;
}

std::string_view without_blanks_behind(std::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

class Wrapping {
 public:
  explicit Wrapping(int columns) : columns_(std::max(columns, 2)) {}

  void add(std::string_view piece) {
    if (used_ + columns_of(without_blanks_behind(piece)) > columns_) end_line();
    while (columns_of(without_blanks_behind(piece)) > columns_) piece.remove_prefix(fill(piece));
    line_ += piece;
    used_ += columns_of(piece);
  }

  std::vector<std::string> finish() {
    end_line();
    return std::move(lines_);
  }

 private:
  // Puts as much of an overlong word as a line takes; returns its bytes.
  std::size_t fill(std::string_view word) {
    std::size_t bytes = 0;
    for (int left = columns_; left > 0;) {
      const Glyph glyph = next_glyph(word.substr(bytes));
      if (glyph.columns > left) break;
      left -= glyph.columns;
      bytes += glyph.bytes.size();
    }
    lines_.emplace_back(word.substr(0, bytes));
    return bytes;
  }

  void end_line() {
    const auto kept = without_blanks_behind(line_);
    if (!kept.empty()) lines_.emplace_back(kept);
    line_.clear();
    used_ = 0;
  }

  const int columns_;
  int used_ = 0;
  std::string line_;
  std::vector<std::string> lines_;
};

}  // namespace

int columns_of(std::string_view text) {
  int columns = 0;
  while (!text.empty()) {
    const Glyph glyph = next_glyph(text);
    columns += glyph.columns;
    text.remove_prefix(glyph.bytes.size());
  }
  return columns;
}

std::vector<std::string> wrapped(std::string_view text, int columns) {
  Wrapping wrapping(columns);
  for (const auto piece : pieces_of(text)) wrapping.add(piece);
  return wrapping.finish();
}

}  // namespace tillside::api
