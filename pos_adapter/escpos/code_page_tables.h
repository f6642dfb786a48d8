// The upper halves of the one-byte code pages (Unicode's mapping files of Microsoft's and IBM's code pages).
#pragma once

#include "pos_adapter/escpos/code_pages.h"

namespace tillside::escpos {

// 128 characters for the bytes 0x80 to 0xFF, U+FFFD where the page has none; null for a charset that is no table.
const char16_t* upper_half_of(Charset charset);

}  // namespace tillside::escpos
