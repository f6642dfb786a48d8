#include "qrcode/text_blocks.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "qrcode/bitmap.h"

namespace tillside::qr {
namespace {

constexpr std::array<std::string_view, 4> kCells{" ", "\u2580", "\u2584", "\u2588"};  // none, upper, lower, both

}  // namespace

std::string text_blocks(const Symbol& symbol, Ground ground, int quiet_modules) {
  const int quiet = std::clamp(quiet_modules, 0, kMaxQuietModules);
  const auto inked = [&](int x, int y) { return symbol.dark(x, y) == (ground == Ground::light); };
  std::string text;
  for (int y = -quiet; y < symbol.size() + quiet; y += 2) {
    for (int x = -quiet; x < symbol.size() + quiet; ++x) {
      text.append(kCells[(inked(x, y) ? 1U : 0U) + (inked(x, y + 1) ? 2U : 0U)]);
    }
    text.push_back('\n');
  }
  return text;
}

}  // namespace tillside::qr
