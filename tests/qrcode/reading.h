// Every output turned back into dots, by code of its own, for the scanner to read.
#pragma once

#include <string>

#include "qrcode/bitmap.h"
#include "qrcode/symbol.h"
#include "tests/fakes/picture.h"

namespace tillside::qr {

using fakes::Picture;

Picture photo_of(const Symbol& symbol, int dots_per_module = 4);  // straight from the modules, with a quiet zone
Picture photo_of(const Bitmap& bitmap);

// These throw std::runtime_error where the input is not what its format demands.
Picture read_png(const std::string& file);
Picture read_svg(const std::string& document, int dots_per_unit);
// Blocks drawn as `ink`, empty cells as the other colour; each character is `dots` wide and 2 * dots high.
Picture read_blocks(const std::string& text, bool blocks_are_dark, int dots);

}  // namespace tillside::qr
