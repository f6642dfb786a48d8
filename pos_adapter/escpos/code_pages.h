// What the bytes on a receipt say: a printer's code pages as UTF-8.
//
// Nothing here fails or throws (but std::bad_alloc): a byte that means nothing becomes U+FFFD and the next one is read.
// Any thread. One-byte pages are tables of ours; GB18030, Big5 and Shift-JIS go through the system's converter
// (code_pages_iconv.cpp, the one file to write again for another system).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tillside::escpos {

enum class Charset : std::uint8_t {
  cp437,
  cp737,
  cp850,
  cp852,
  cp857,
  cp858,
  cp860,
  cp863,
  cp865,
  cp866,
  cp1250,
  cp1251,
  cp1252,
  cp1253,
  cp1254,
  cp1257,
  katakana,   // half-width, JIS X 0201
  gb18030,    // and GBK, GB 2312
  big5,       // code page 950
  shift_jis,  // code page 932
  utf8
};

// "cp437", "PC437", "WPC1252", "windows-1252", "GBK", "cp936", "Big5", "cp950", "Shift-JIS", "sjis", "UTF-8" ... in any
// case, with or without dashes and underscores.
std::optional<Charset> charset_of(std::string_view name);
const char* name_of(Charset charset);

bool is_wide(Charset charset);  // more than one byte a character

// The page that Epson's reference gives ESC t n; nullopt for one we have no table of. Makes of printers differ: what
// differs is configuration (ReceiptTemplate::code_pages).
std::optional<Charset> epson_code_page(int n);

std::string to_utf8(std::string_view bytes, Charset charset);

// What bytes of 0x80 and above most likely are: UTF-8, GB18030, Big5 or Shift-JIS; nullopt when they look like a
// one-byte page, or there are none. For printers whose default is Kanji, GBK or UTF-8, whose POS never sends FS &.
// The more text of one receipt is handed in, the better.
std::optional<Charset> guess_wide(std::string_view bytes);

// The seam. Whole text in a wide charset other than UTF-8; unusable bytes become U+FFFD.
std::string wide_to_utf8(std::string_view bytes, Charset charset);

inline constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

}  // namespace tillside::escpos
