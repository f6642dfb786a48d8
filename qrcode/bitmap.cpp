#include "qrcode/bitmap.h"

#include <algorithm>

namespace tillside::qr {
namespace {

unsigned bit_of(int x) { return 0x80U >> (static_cast<unsigned>(x) % 8U); }

void add(char& byte, unsigned bits) { byte = static_cast<char>(static_cast<unsigned char>(byte) | bits); }

// The dots from `left` to before `right`; at least one.
void darken_row(char* bytes, int left, int right) {
  const int first = left / 8, last = (right - 1) / 8;
  const unsigned from_left = 0xFFU >> (left % 8), to_right = (0xFF00U >> ((right - 1) % 8 + 1)) & 0xFFU;
  if (first == last) return add(bytes[first], from_left & to_right);
  add(bytes[first], from_left);
  std::fill(bytes + first + 1, bytes + last, '\xFF');
  add(bytes[last], to_right);
}

}  // namespace

Bitmap::Bitmap(int width, int height)
    : width_(std::max(width, 0)),
      height_(std::max(height, 0)),
      row_bytes_((static_cast<std::size_t>(width_) + 7) / 8),
      dots_(row_bytes_ * static_cast<std::size_t>(height_), '\0') {}

bool Bitmap::dark(int x, int y) const {
  if (x < 0 || y < 0 || x >= width_ || y >= height_) return false;
  const auto byte = static_cast<unsigned char>(row(y)[static_cast<std::size_t>(x) / 8]);
  return (byte & bit_of(x)) != 0;
}

void Bitmap::darken(int x, int y, int width, int height) {
  const int left = std::max(x, 0);
  const int top = std::max(y, 0);
  const int right = std::min(x + width, width_);
  const int bottom = std::min(y + height, height_);
  if (left >= right) return;
  for (int row = top; row < bottom; ++row) {
    darken_row(dots_.data() + static_cast<std::size_t>(row) * row_bytes_, left, right);
  }
}

void Bitmap::place(const Bitmap& picture, int left) {
  const auto skipped = static_cast<std::size_t>(left / 8);
  const int shift = left % 8;
  for (int y = 0; y < picture.height(); ++y) {
    char* to = dots_.data() + static_cast<std::size_t>(y) * row_bytes_ + skipped;
    const char* const end = dots_.data() + static_cast<std::size_t>(y + 1) * row_bytes_;
    for (const char from : picture.row(y)) {
      const unsigned bits = (static_cast<unsigned>(static_cast<unsigned char>(from)) << 8) >> shift;
      add(*to++, bits >> 8);
      if (to < end) add(*to, bits & 0xFFU);
    }
  }
}

std::string_view Bitmap::row(int y) const {
  return {dots_.data() + static_cast<std::size_t>(y) * row_bytes_, row_bytes_};
}

Bitmap draw(const Symbol& symbol, int dots_per_module, int quiet_modules) {
  const int dots = std::clamp(dots_per_module, 1, kMaxDotsPerModule);
  const int quiet = std::clamp(quiet_modules, 0, kMaxQuietModules);
  const int side = printed_dots(symbol, dots, quiet);
  Bitmap picture(side, side);
  for (int y = 0; y < symbol.size(); ++y) {
    for (int x = 0; x < symbol.size(); ++x) {
      if (symbol.dark(x, y)) picture.darken((x + quiet) * dots, (y + quiet) * dots, dots, dots);
    }
  }
  return picture;
}

Bitmap shifted(const Bitmap& picture, int left) {
  if (left <= 0) return picture;
  Bitmap wider(left + picture.width(), picture.height());
  wider.place(picture, left);
  return wider;
}

}  // namespace tillside::qr
