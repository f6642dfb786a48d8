// A symbol as UTF-8 text of half blocks (U+2580, U+2584, U+2588 and space), two modules above each other a character.
#pragma once

#include <string>

#include "qrcode/print_size.h"
#include "qrcode/symbol.h"

namespace tillside::qr {

// Which colour an empty character cell has where the text is shown.
enum class Ground {
  light,  // ink on paper, or a light terminal: blocks are the dark modules
  dark,   // a dark terminal: blocks are the light modules and the quiet zone
};

// (size + 2 * quiet_modules + 1) / 2 lines of size + 2 * quiet_modules characters, each line ended by '\n'. The height
// is odd, so the last line's lower half is one more light row. quiet_modules outside 0 to kMaxQuietModules is
// taken as the nearer bound.
std::string text_blocks(const Symbol& symbol, Ground ground = Ground::light, int quiet_modules = kQuietModules);

}  // namespace tillside::qr
