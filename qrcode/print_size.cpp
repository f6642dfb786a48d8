#include "qrcode/print_size.h"

#include <algorithm>

namespace tillside::qr {

int printed_dots(const Symbol& symbol, int dots_per_module, int quiet_modules) {
  return (symbol.size() + 2 * quiet_modules) * dots_per_module;
}

std::optional<int> dots_per_module_for(const Symbol& symbol, int paper_dots, int preferred) {
  const int fitting = paper_dots / (symbol.size() + 2 * kQuietModules);
  const int dots = std::min(fitting, std::max(preferred, kMinDotsPerModule));
  return dots >= kMinDotsPerModule ? std::optional(dots) : std::nullopt;
}

}  // namespace tillside::qr
