// ESC/POS as Epson's command reference has it: what each command is called and how long it is.
//
// Source: "ESC/POS Command Reference for TM Printers" (the commands of all models, obsolete ones included), "ESC/POS
// for Customer Displays" (DM-D), and three commands of printers made in China (ESC 9, ESC B, ESC C). Pure: no I/O, no
// state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tillside::escpos {

// Named by what a command does. Those that nobody who reads or restores needs to tell apart share a name; `head` of the
// Command tells them apart.
enum class Kind : std::uint8_t {
  unknown,  // a control byte or a sequence the reference does not have; passes as it is
  filler,   // NUL bytes between commands
  // the line
  line_feed,        // LF
  carriage_return,  // CR (a line feed on few printers, by a switch)
  tab,              // HT
  form_feed,        // FF: in page mode prints the page and returns to standard mode
  cancel,           // CAN: empties the page
  print_page,       // ESC FF: prints the page, stays in page mode
  feed_dots,        // ESC J n
  feed_lines,       // ESC d n
  feed_back,        // ESC K n, ESC e n
  home,             // ESC <
  // how letters look
  print_mode,      // ESC ! n
  size,            // GS ! n
  emphasis,        // ESC E n
  double_strike,   // ESC G n
  underline,       // ESC - n
  upside_down,     // ESC { n
  turned,          // ESC V n
  inverse,         // GS B n
  smoothing,       // GS b n
  font,            // ESC M n
  colour,          // ESC r n
  effect,          // GS ( N
  letter_space,    // ESC SP n
  code_page,       // ESC t n
  national_set,    // ESC R n
  own_letters,     // ESC % n: user-defined characters on or off
  define_letters,  // ESC &
  forget_letter,   // ESC ? n
  encoding,        // FS ( C: UTF-8 and font priority (fn 48: 1 one-byte pages, 2 UTF-8)
  // Kanji (and Hanzi)
  kanji_on,         // FS &
  kanji_off,        // FS .
  kanji_system,     // FS C n (Shift-JIS, JIS); ESC 9 n on printers made in China
  kanji_mode,       // FS ! n
  kanji_font,       // FS ( A
  kanji_underline,  // FS - n
  kanji_quadruple,  // FS W n
  kanji_space,      // FS S n1 n2
  define_kanji,     // FS 2
  forget_kanji,     // FS ? c1 c2
  // where on the paper
  default_spacing,  // ESC 2
  line_spacing,     // ESC 3 n
  align,            // ESC a n
  left_margin,      // GS L nL nH
  area_width,       // GS W nL nH
  position,         // ESC $ nL nH: absolute
  move,             // ESC \ nL nH: relative
  line_start,       // GS T n: to the beginning of the line
  tab_stops,        // ESC D
  motion_units,     // GS P x y
  direction,        // ESC U n: one way or both
  page_mode,        // ESC L
  standard_mode,    // ESC S
  page_direction,   // ESC T n
  page_area,        // ESC W
  page_position,    // GS $ nL nH, GS \ nL nH
  page_setting,     // GS ( Q, GS ( P, FS ( L and other settings of pages and labels
  // pictures
  bit_image,       // ESC *
  raster,          // GS v 0, GS Q 0
  graphics,        // GS ( L, GS 8 L
  download_image,  // GS *
  print_download,  // GS / m
  nv_image,        // FS q
  print_nv,        // FS p n m
  bitmap_file,     // GS D
  logo,            // FS ( E: top and bottom logo
  // codes
  barcode,          // GS k
  barcode_setting,  // GS H n, GS f n, GS h n, GS w n
  symbol,           // GS ( k: two-dimensional codes
  // paper and drawer
  cut,     // GS V in all its forms, ESC i, ESC m
  pulse,   // ESC p m t1 t2: the drawer
  sensor,  // ESC c 3 n, ESC c 4 n
  panel,   // ESC c 5 n
  sheet,   // ESC c 0 n, ESC c 1 n, ESC f t1 t2, ESC q, FS a, FS b, FS c, GS ( G: slips and cheques
  beep,    // ESC ( A, ESC B n t
  // questions: the printer answers
  status,            // GS r n, ESC u n, ESC v
  automatic_status,  // GS a n, GS j n
  about,             // GS I n
  stored,            // FS g 2, GS g 2, GS ( C, FS ( e: what the printer keeps
  response,          // GS ( H: says when it has printed so far
  // in real time
  ask_status,      // DLE EOT n [a]
  recover,         // DLE ENQ n
  pulse_now,       // DLE DC4 1 m t
  power_off_now,   // DLE DC4 2
  beep_now,        // DLE DC4 3
  ask_status_now,  // DLE DC4 7 m
  clear_now,       // DLE DC4 8
  // the machine
  reset,       // ESC @
  peripheral,  // ESC = n
  macro,       // GS :, GS ^ r t m
  counter,     // GS C 0, GS C 1, GS C 2, GS C ;, GS c, GS g 0
  store,       // FS g 1: to the user's memory
  machine,     // GS ( A, D, E, F, K, M, V, Z, z and others; GS z 0; GS i; what sets up the printer
  display,     // any command to the pole display but ESC =, ESC @ and ESC t, which keep their names
};

// How a command goes on after what is known of it.
struct Measure {
  enum class How : std::uint8_t {
    more,       // `count` bytes must be seen in all before its length can be told
    bytes,      // it has `count` bytes in all; fewer than were looked at when those behind belong to something else
    until_nul,  // up to and with a NUL, at most `limit` bytes more
    rising,     // values that rise, closed by a NUL, or by one that does not rise and is not part of it (ESC D)
    letters,    // `blocks` times a width w, then w * `unit` bytes (ESC &)
    images,     // `blocks` times xL xH yL yH, then x * y * 8 bytes (FS q)
    fields,     // `blocks` times digits and ';'; anything else ends it and is not part of it (GS C ;)
  };
  How how = How::bytes;
  std::uint64_t count = 1;  // of more and bytes; the others speak of what follows the bytes looked at
  std::uint32_t blocks = 0, unit = 0, limit = 0;
};

// What the walker knows besides the bytes.
struct Grammar {
  bool display = false;            // ESC = chose the pole display and not the printer
  std::uint32_t kanji_bytes = 72;  // what FS 2 carries: 72 for font A (24 x 24), 60 for B, 32 for C
};

// The kind of the command that `head` begins: meaningful once measure() asks for no more.
Kind kind_of(std::string_view head, const Grammar& grammar);

// `head` begins with a control byte and has at least one. Never asks for more than kHeadBytes.
Measure measure(std::string_view head, const Grammar& grammar);

// The most bytes of a command that are handed over together, its introducer included.
inline constexpr std::size_t kHeadBytes = 32;

// 0x20 to 0xFF is text, also DEL; everything below begins a command.
constexpr bool is_text(char byte) { return static_cast<unsigned char>(byte) >= 0x20; }

}  // namespace tillside::escpos
