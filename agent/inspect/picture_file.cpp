#include "agent/inspect/picture_file.h"

namespace tillside::pictures {

using namespace std::string_view_literals;

bool is_png(std::string_view file) { return file.substr(0, 8) == "\x89PNG\r\n\x1a\n"sv; }
bool is_jpeg(std::string_view file) { return file.substr(0, 3) == "\xFF\xD8\xFF"sv; }

std::optional<GrayPicture> read_picture(std::string_view file) {
  if (is_png(file)) return read_png(file);
  if (is_jpeg(file)) return read_jpeg(file);
  return std::nullopt;
}

}  // namespace tillside::pictures
