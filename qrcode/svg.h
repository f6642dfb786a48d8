// A symbol as an SVG 1.1 document: one white ground, one black path, edges crisp at any size.
//
// The text is deterministic, ASCII except for the title, and holds no script, style or outside reference: it may be
// inlined.
#pragma once

#include <string>
#include <string_view>

#include "qrcode/code128.h"
#include "qrcode/print_size.h"
#include "qrcode/symbol.h"

namespace tillside::qr {

// Numbers out of range are taken as the nearer bound.
struct SvgOptions {
  int module_size = 4;                // pixels a module (1 to 1,000) in the width and height attributes
  int quiet_modules = kQuietModules;  // 0 to kMaxQuietModules
  std::string_view title = {};  // UTF-8, read out by screen readers; escaped, control characters dropped; may be empty
};
std::string svg(const Symbol& symbol, const SvgOptions& options = {});

struct BarcodeSvgOptions {
  int module_size = 2;                       // pixels a module, 1 to 1,000
  int height_modules = 30;                   // of the bars, 1 to kCode128MaxHeightDots
  int quiet_modules = kCode128QuietModules;  // left and right
  std::string_view title = {};
};
std::string svg(const Code128& barcode, const BarcodeSvgOptions& options = {});

}  // namespace tillside::qr
