// How large a symbol is on paper. Receipt printers have 203 dots an inch: 8 dots are 1 mm.
#pragma once

#include <optional>

#include "qrcode/symbol.h"

namespace tillside::qr {

inline constexpr int kPaper58Dots = 384;     // printable width of 58 mm paper
inline constexpr int kPaper80Dots = 576;     // printable width of 80 mm paper
inline constexpr int kQuietModules = 4;      // light modules on each side of a QR symbol, ISO/IEC 18004
inline constexpr int kDotsPerModule = 5;     // 0.625 mm, what a coupon is printed at
inline constexpr int kMinDotsPerModule = 4;  // 0.5 mm; below this worn heads and cheap cameras fail

// Width and height in dots, quiet zones included: a coupon of version 7 is 265 dots, of version 8 285.
int printed_dots(const Symbol& symbol, int dots_per_module = kDotsPerModule, int quiet_modules = kQuietModules);

// The most dots a module, from `preferred` down to kMinDotsPerModule, with which the symbol and its quiet zones fit the
// paper; nothing when even kMinDotsPerModule is too wide. A `preferred` below the minimum is taken as the minimum.
std::optional<int> dots_per_module_for(const Symbol& symbol, int paper_dots, int preferred = kDotsPerModule);

}  // namespace tillside::qr
