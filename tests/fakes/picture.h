// A picture as a reader's camera sees it: one byte a dot, 0 is black, 255 is white.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tillside::fakes {

struct Picture {
  Picture() = default;
  Picture(int wide, int high)
      : width(wide),
        height(high),
        luminance(static_cast<std::size_t>(wide) * static_cast<std::size_t>(high), std::uint8_t{255}) {}

  std::uint8_t& at(int x, int y) { return luminance[index(x, y)]; }
  bool dark(int x, int y) const { return luminance[index(x, y)] < 128; }

  bool operator==(const Picture&) const = default;

  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> luminance;  // row by row

 private:
  std::size_t index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
  }
};

}  // namespace tillside::fakes
