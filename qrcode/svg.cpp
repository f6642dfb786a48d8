#include "qrcode/svg.h"

#include <algorithm>
#include <utility>

namespace tillside::qr {
namespace {

constexpr int kMostPixels = 1000;  // a module; the attributes stay numbers a browser takes

std::string_view entity_of(char character) {
  switch (character) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    default:
      return {};
  }
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte < 0x20 || byte == 0x7F) continue;
    const std::string_view entity = entity_of(character);
    entity.empty() ? out.push_back(character) : static_cast<void>(out.append(entity));
  }
  return out;
}

std::string number(int value) { return std::to_string(value); }

// One rectangle of the path: to its corner, right, down, left and closed.
void append_bar(std::string& path, int x, int y, int width, int height) {
  path += "M" + number(x) + " " + number(y) + "h" + number(width) + "v" + number(height) + "h-" + number(width) + "z";
}

// Neighbouring dark modules of a row become one rectangle, which keeps the path short and free of seams.
template <typename IsDark>
void append_row(std::string& path, int size, int quiet, int y, int height, const IsDark& dark) {
  for (int x = 0; x < size; ++x) {
    if (!dark(x)) continue;
    const int start = x;
    while (x < size && dark(x)) ++x;
    append_bar(path, start + quiet, y, x - start, height);
  }
}

std::string document(int width, int height, int module_size, std::string_view title, const std::string& path) {
  const int scale = std::clamp(module_size, 1, kMostPixels);
  const std::string words = escaped(title);
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"" + number(width * scale) +
                    "\" height=\"" + number(height * scale) + "\" viewBox=\"0 0 " + number(width) + " " +
                    number(height) + "\" role=\"img\" shape-rendering=\"crispEdges\">";
  if (!words.empty()) svg += "<title>" + words + "</title>";
  svg += "<path fill=\"#fff\" d=\"M0 0h" + number(width) + "v" + number(height) + "H0z\"/>";
  svg += "<path fill=\"#000\" d=\"" + path + "\"/></svg>\n";
  return svg;
}

}  // namespace

std::string svg(const Symbol& symbol, const SvgOptions& options) {
  const int quiet = std::clamp(options.quiet_modules, 0, kMaxQuietModules);
  std::string path;
  for (int y = 0; y < symbol.size(); ++y) {
    append_row(path, symbol.size(), quiet, y + quiet, 1, [&](int x) { return symbol.dark(x, y); });
  }
  const int side = symbol.size() + 2 * quiet;
  return document(side, side, options.module_size, options.title, path);
}

std::string svg(const Code128& barcode, const BarcodeSvgOptions& options) {
  const int quiet = std::clamp(options.quiet_modules, 0, kMaxQuietModules);
  const int height = std::clamp(options.height_modules, 1, kCode128MaxHeightDots);
  std::string path;
  append_row(path, barcode.size(), quiet, 0, height, [&](int x) { return barcode.dark(x); });
  return document(barcode.size() + 2 * quiet, height, options.module_size, options.title, path);
}

}  // namespace tillside::qr
