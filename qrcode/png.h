// A picture as a PNG file (W3C PNG, 2nd edition): grayscale, 1 bit a pixel, not interlaced, one pixel a dot.
#pragma once

#include <string>

#include "qrcode/bitmap.h"

namespace tillside::qr {

// The file's bytes, the same for the same picture as long as zlib stays the same. For a symbol: png(draw(symbol, 8)).
// A picture without dots has no PNG: the result is empty.
std::string png(const Bitmap& picture);

}  // namespace tillside::qr
