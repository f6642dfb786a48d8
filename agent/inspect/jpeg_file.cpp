#include <algorithm>
#include <csetjmp>
// clang-format off
#include <cstdio>  // before jpeglib.h, which needs FILE
#include <jpeglib.h>
// clang-format on

#include "agent/inspect/picture_file.h"

namespace tillside::pictures {
namespace {

constexpr unsigned kLongestSide = 4000, kSmallestShare = 8;

struct Trouble {
  jpeg_error_mgr manager;
  std::jmp_buf back;
};

[[noreturn]] void give_up(j_common_ptr jpeg) { std::longjmp(reinterpret_cast<Trouble*>(jpeg->err)->back, 1); }
void say_nothing(j_common_ptr) {}

void size_down(jpeg_decompress_struct& jpeg) {
  unsigned share = 1;
  while (share < kSmallestShare && std::max(jpeg.image_width, jpeg.image_height) / share > kLongestSide) share *= 2;
  jpeg.scale_num = 1;
  jpeg.scale_denom = share;
}

// Between setjmp and longjmp nothing may own memory: `picture` is the caller's.
bool decode(jpeg_decompress_struct& jpeg, Trouble& trouble, std::string_view file, GrayPicture& picture) {
  if (setjmp(trouble.back) != 0) return false;
  jpeg_create_decompress(&jpeg);
  jpeg_mem_src(&jpeg, reinterpret_cast<const unsigned char*>(file.data()), static_cast<unsigned long>(file.size()));
  jpeg_read_header(&jpeg, TRUE);
  if (std::size_t{jpeg.image_width} * jpeg.image_height > kMostPixels) return false;
  jpeg.out_color_space = JCS_GRAYSCALE;
  size_down(jpeg);
  jpeg_start_decompress(&jpeg);
  picture.width = static_cast<int>(jpeg.output_width);
  picture.height = static_cast<int>(jpeg.output_height);
  picture.pixels.resize(std::size_t{jpeg.output_width} * jpeg.output_height);
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW row = picture.pixels.data() + std::size_t{jpeg.output_scanline} * jpeg.output_width;
    jpeg_read_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_decompress(&jpeg);
  return true;
}

}  // namespace

std::optional<GrayPicture> read_jpeg(std::string_view file) {
  GrayPicture picture;
  jpeg_decompress_struct jpeg{};
  Trouble trouble;
  jpeg.err = jpeg_std_error(&trouble.manager);
  trouble.manager.error_exit = give_up;
  trouble.manager.output_message = say_nothing;
  const bool whole = decode(jpeg, trouble, file, picture);
  jpeg_destroy_decompress(&jpeg);
  return whole ? std::optional(std::move(picture)) : std::nullopt;
}

}  // namespace tillside::pictures
