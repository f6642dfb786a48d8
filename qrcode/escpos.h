// Symbols as ESC/POS commands (Epson's reference of ESC/POS commands).
//
// Two ways: as raster, which every thermal printer draws alike and which leaves no setting behind, and as the printer's
// own symbol commands, some hundred bytes instead of some ten thousand, for printers known to have them. Nothing here
// sends ESC @, selects an alignment or cuts: what surrounds the symbol belongs to the caller.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "qrcode/bitmap.h"
#include "qrcode/print_size.h"

namespace tillside::qr {

// The bytes one raster command may have, its 8 bytes of header included: the receive buffer of common receipt printers.
inline constexpr std::size_t kRasterCommandBytes = 4096;
// The lines one raster command may have: a number in one byte, because cheap printers overlook the high byte of the
// height.
inline constexpr int kRasterCommandLines = 255;

struct RasterOptions {
  // Centres on paper this wide by adding light dots on the left, so the printer must be left aligned (ESC a 0), which
  // it is after ESC @. 0 adds none: the picture stands where the printer's alignment puts it.
  int paper_dots = 0;
};

// The picture as GS v 0 commands, one below the other without a gap:
//   GS v 0  m=0  xL xH  yL yH  data     x bytes a row, y rows, the leftmost dot in the highest bit
// A picture higher than one command may hold is cut into bands; a row too long for one goes alone. Nothing when the
// picture has no dots or is wider than paper_dots.
std::optional<std::string> escpos_raster(const Bitmap& picture, const RasterOptions& options = {});

// The printer's own QR: GS ( k functions 165 (model 2), 167 (module size), 169 (level M), 180 (store), 181 (print). The
// printer adds no quiet zone and follows its alignment (ESC a). Nothing when the text is empty or longer than 7,089
// bytes, or dots_per_module is outside 1 to 16. The printer chooses segments, version and mask: measured widths do not
// hold.
std::optional<std::string> escpos_native_qr(std::string_view text, int dots_per_module = kDotsPerModule);

struct NativeBarcodeOptions {
  int dots_per_module = 2;  // 2 to 6
  int height_dots = 80;     // 1 to 255
};

// The printer's own Code 128 in code set C: GS h, GS w, GS H 0 (no digits beneath), GS k 73. The three settings stay
// with the printer. Nothing when `digits` is not an even number of decimal digits, 2 to 80 of them, or an option is out
// of range.
std::optional<std::string> escpos_native_code128c(std::string_view digits, const NativeBarcodeOptions& options = {});

}  // namespace tillside::qr
