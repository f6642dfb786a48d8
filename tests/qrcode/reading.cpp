#include "tests/qrcode/reading.h"

#include <zlib.h>

#include <pugixml.hpp>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace tillside::qr {
namespace {

void paint(Picture& picture, int x, int y, int width, int height, bool dark) {
  for (int row = y; row < y + height; ++row) {
    for (int column = x; column < x + width; ++column) picture.at(column, row) = dark ? 0 : 255;
  }
}

void demand(bool good, const char* what) {
  if (!good) throw std::runtime_error(what);
}

std::uint32_t be32(std::string_view bytes) {
  demand(bytes.size() >= 4, "a number cut short");
  std::uint32_t value = 0;
  for (const char byte : bytes.substr(0, 4)) value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

const Bytef* bytes_of(std::string_view text) { return reinterpret_cast<const Bytef*>(text.data()); }

struct Chunk {
  std::string_view type;
  std::string_view data;
};

Chunk take_chunk(std::string_view& rest) {
  const std::uint32_t length = be32(rest);
  demand(rest.size() >= 12 + length, "a chunk cut short");
  const std::string_view guarded = rest.substr(4, 4 + length);
  demand(be32(rest.substr(8 + length)) == crc32(0, bytes_of(guarded), static_cast<uInt>(guarded.size())), "CRC");
  rest.remove_prefix(12 + length);
  return {guarded.substr(0, 4), guarded.substr(4)};
}

std::string inflated(std::string_view data, std::size_t size) {
  std::string out(size + 1, '\0');
  uLongf got = static_cast<uLongf>(out.size());
  demand(
      uncompress(reinterpret_cast<Bytef*>(out.data()), &got, bytes_of(data), static_cast<uLong>(data.size())) == Z_OK,
      "inflate");
  demand(got == size, "the picture's data is too long or too short");
  return out;
}

Picture from_scanlines(const std::string& lines, int width, int height) {
  const std::size_t stride = 1 + (static_cast<std::size_t>(width) + 7) / 8;
  Picture picture(width, height);
  for (int y = 0; y < height; ++y) {
    const std::string_view line = std::string_view(lines).substr(static_cast<std::size_t>(y) * stride, stride);
    demand(line[0] == 0, "a filter other than none");
    for (int x = 0; x < width; ++x) {
      const auto byte = static_cast<unsigned char>(line[1 + static_cast<std::size_t>(x) / 8]);
      paint(picture, x, y, 1, 1, (byte >> (7 - x % 8) & 1) == 0);
    }
  }
  return picture;
}

// "M4 4h7v1h-7z" again and again, or the ground's "M0 0h37v37H0z".
void paint_path(Picture& picture, const std::string& path, int scale, bool dark) {
  std::istringstream in(path);
  char command = 0;
  while (in >> command) {
    int x = 0, y = 0, width = 0, height = 0, back = 0;
    char h = 0, v = 0, back_command = 0, close = 0;
    in >> x >> y >> h >> width >> v >> height >> back_command >> back >> close;
    demand(in && command == 'M' && h == 'h' && v == 'v' && close == 'z', "a path of something else than rectangles");
    demand(back_command == 'H' ? back == x : back_command == 'h' && back == -width, "an open rectangle");
    paint(picture, x * scale, y * scale, width * scale, height * scale, dark);
  }
}

}  // namespace

Picture photo_of(const Symbol& symbol, int dots_per_module) {
  const int side = (symbol.size() + 8) * dots_per_module;
  Picture picture(side, side);
  for (int y = 0; y < symbol.size(); ++y) {
    for (int x = 0; x < symbol.size(); ++x) {
      const int left = (x + 4) * dots_per_module;
      paint(picture, left, (y + 4) * dots_per_module, dots_per_module, dots_per_module, symbol.dark(x, y));
    }
  }
  return picture;
}

Picture photo_of(const Bitmap& bitmap) {
  Picture picture(bitmap.width(), bitmap.height());
  for (int y = 0; y < bitmap.height(); ++y) {
    for (int x = 0; x < bitmap.width(); ++x) paint(picture, x, y, 1, 1, bitmap.dark(x, y));
  }
  return picture;
}

Picture read_png(const std::string& file) {
  std::string_view rest = file;
  demand(rest.substr(0, 8) == "\x89PNG\r\n\x1a\n", "no PNG signature");
  rest.remove_prefix(8);
  const Chunk header = take_chunk(rest);
  demand(header.type == "IHDR" && header.data.size() == 13, "no IHDR");
  demand(header.data.substr(8) == std::string_view("\1\0\0\0\0", 5), "not 1-bit grayscale");
  const Chunk data = take_chunk(rest);
  demand(data.type == "IDAT", "no IDAT");
  const Chunk end = take_chunk(rest);
  demand(end.type == "IEND" && end.data.empty() && rest.empty(), "no IEND at the end");
  const auto width = static_cast<int>(be32(header.data));
  const auto height = static_cast<int>(be32(header.data.substr(4)));
  const std::size_t stride = 1 + (static_cast<std::size_t>(width) + 7) / 8;
  return from_scanlines(inflated(data.data, stride * static_cast<std::size_t>(height)), width, height);
}

Picture read_svg(const std::string& document, int dots_per_unit) {
  pugi::xml_document xml;
  demand(xml.load_string(document.c_str()), "not well-formed XML");
  const pugi::xml_node svg = xml.child("svg");
  std::istringstream box(svg.attribute("viewBox").value());
  int left = -1, top = -1, width = 0, height = 0;
  box >> left >> top >> width >> height;
  demand(box && left == 0 && top == 0, "viewBox");
  Picture picture(width * dots_per_unit, height * dots_per_unit);
  for (const pugi::xml_node path : svg.children("path")) {
    paint_path(picture, path.attribute("d").value(), dots_per_unit,
               path.attribute("fill").value() == std::string("#000"));
  }
  return picture;
}

Picture read_blocks(const std::string& text, bool blocks_are_dark, int dots) {
  std::istringstream in(text);
  std::vector<std::vector<int>> rows;  // bit 0: the upper half is inked, bit 1: the lower
  for (std::string line; std::getline(in, line);) {
    std::vector<int>& row = rows.emplace_back();
    for (std::string_view rest = line; !rest.empty();) {
      const std::string_view cell = rest.substr(0, rest[0] == ' ' ? 1 : 3);
      demand(cell == " " || cell == "▀" || cell == "▄" || cell == "█", "a character that is no block");
      row.push_back(cell == " " ? 0 : cell == "▀" ? 1 : cell == "▄" ? 2 : 3);
      rest.remove_prefix(cell.size());
    }
    demand(row.size() == rows.front().size(), "lines of different length");
  }
  demand(!rows.empty(), "no lines");
  Picture picture(static_cast<int>(rows.front().size()) * dots, static_cast<int>(rows.size()) * 2 * dots);
  for (std::size_t y = 0; y < rows.size(); ++y) {
    for (std::size_t x = 0; x < rows[y].size(); ++x) {
      const int left = static_cast<int>(x) * dots, upper = static_cast<int>(y) * 2 * dots;
      paint(picture, left, upper, dots, dots, ((rows[y][x] & 1) != 0) == blocks_are_dark);
      paint(picture, left, upper + dots, dots, dots, ((rows[y][x] & 2) != 0) == blocks_are_dark);
    }
  }
  return picture;
}

}  // namespace tillside::qr
