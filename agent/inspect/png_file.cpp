#include <png.h>

#include "agent/inspect/picture_file.h"

namespace tillside::pictures {
namespace {

struct Image : png_image {
  Image() : png_image{} { version = PNG_IMAGE_VERSION; }
  ~Image() { png_image_free(this); }
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;
};

}  // namespace

std::optional<GrayPicture> read_png(std::string_view file) {
  Image image;
  if (png_image_begin_read_from_memory(&image, file.data(), file.size()) == 0) return std::nullopt;
  if (std::size_t{image.width} * image.height > kMostPixels || image.width > INT32_MAX || image.height > INT32_MAX)
    return std::nullopt;
  image.format = PNG_FORMAT_GRAY;
  GrayPicture picture{static_cast<int>(image.width), static_cast<int>(image.height), {}};
  picture.pixels.resize(PNG_IMAGE_SIZE(image));
  const png_color white{255, 255, 255};
  if (png_image_finish_read(&image, &white, picture.pixels.data(), 0, nullptr) == 0) return std::nullopt;
  return picture;
}

}  // namespace tillside::pictures
