// A PNG or JPEG file as gray pixels, whoever made it: a photo of a receipt, a screenshot, a scan.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace tillside::pictures {

struct GrayPicture {
  int width = 0, height = 0;
  std::vector<std::uint8_t> pixels;  // row by row, 0 is black
};

inline constexpr std::size_t kMostPixels = 64'000'000;  // of the file; more is refused unread

// By its first bytes. What is transparent lies on white. nullopt: neither format, damaged, or too large.
std::optional<GrayPicture> read_picture(std::string_view file);

bool is_png(std::string_view file);
bool is_jpeg(std::string_view file);
std::optional<GrayPicture> read_png(std::string_view file);
std::optional<GrayPicture> read_jpeg(std::string_view file);  // halved until no side is over 4,000 pixels

}  // namespace tillside::pictures
