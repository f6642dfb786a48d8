// A picture of dark and light dots, the common ground of the PNG and ESC/POS renderers.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "qrcode/print_size.h"
#include "qrcode/symbol.h"

namespace tillside::qr {

// Rows of whole bytes, the leftmost dot in the highest bit, 1 is dark; the unused bits of a row's last byte are 0.
class Bitmap {
 public:
  Bitmap(int width, int height);  // all light; both in dots, negative is taken as 0

  int width() const { return width_; }
  int height() const { return height_; }
  std::size_t row_bytes() const { return row_bytes_; }
  bool dark(int x, int y) const;                     // light outside the picture
  void darken(int x, int y, int width, int height);  // a rectangle; what lies outside the picture is ignored
  std::string_view row(int y) const;                 // row_bytes() bytes, 0 <= y < height(); lives as long as this

  bool operator==(const Bitmap&) const = default;

 private:
  friend Bitmap shifted(const Bitmap& picture, int left);
  void place(const Bitmap& picture, int left);  // where it fits: as high, and wider by at least `left`

  int width_;
  int height_;
  std::size_t row_bytes_;
  std::vector<char> dots_;
};

// The symbol with its quiet zone; width and height are printed_dots(). Values outside 1 to kMaxDotsPerModule dots and 0
// to kMaxQuietModules modules are taken as the nearer bound, so that no caller's number can ask for gigabytes.
inline constexpr int kMaxDotsPerModule = 32;
inline constexpr int kMaxQuietModules = 16;
Bitmap draw(const Symbol& symbol, int dots_per_module = kDotsPerModule, int quiet_modules = kQuietModules);

// The picture with `left` light dots added on its left; none when `left` is not above 0.
Bitmap shifted(const Bitmap& picture, int left);

}  // namespace tillside::qr
