#include "pos_adapter/escpos/command_lengths.h"

namespace tillside::escpos {
namespace {

using How = Measure::How;

constexpr Measure bytes(std::uint64_t count) { return {.how = How::bytes, .count = count}; }
constexpr Measure more(std::uint64_t count) { return {.how = How::more, .count = count}; }

constexpr std::uint32_t kTabStops = 32;
constexpr std::uint32_t kBarcodeLimit = 256;  // form A has no length: a lost NUL must not swallow the receipt
constexpr std::uint32_t kCounterLimit = 32;

std::uint64_t at(std::string_view head, std::size_t index) { return static_cast<unsigned char>(head[index]); }
std::uint64_t two_at(std::string_view head, std::size_t index) { return at(head, index) | at(head, index + 1) << 8; }
std::uint64_t four_at(std::string_view head, std::size_t index) {
  return two_at(head, index) | two_at(head, index + 2) << 16;
}

// Not in the reference. What follows a stray introducer may well begin a command itself.
Measure stranger(std::string_view head) { return bytes(is_text(head[1]) ? 2 : 1); }

// ESC (, FS (, GS (, US ( x pL pH
Measure by_two(std::string_view head) { return head.size() < 5 ? more(5) : bytes(5 + two_at(head, 3)); }

// ESC & y c1 c2 [x d1...d(x*y)]...
Measure letters(std::string_view head) {
  if (head.size() < 5) return more(5);
  const std::uint64_t height = at(head, 2), first = at(head, 3), last = at(head, 4);
  if (last < first) return bytes(5);
  return {.how = How::letters,
          .blocks = static_cast<std::uint32_t>(last - first + 1),
          .unit = static_cast<std::uint32_t>(height)};
}

Measure bit_image(std::string_view head) {  // ESC * m nL nH
  if (head.size() < 3) return more(3);
  const std::uint64_t mode = at(head, 2);
  if (mode != 0 && mode != 1 && mode != 32 && mode != 33) return bytes(3);
  if (head.size() < 5) return more(5);
  return bytes(5 + two_at(head, 3) * (mode < 32 ? 1 : 3));
}

Measure esc_c(std::string_view head) {  // ESC c 0, 1, 3, 4, 5 n
  if (head.size() < 3) return more(3);
  const char what = head[2];
  return bytes(what == '0' || what == '1' || (what >= '3' && what <= '5') ? 4 : 3);
}

Measure measure_esc(std::string_view head) {
  switch (head[1]) {
    case '&':
      return letters(head);
    case '(':
      return by_two(head);
    case '*':
      return bit_image(head);
    case 'D':
      return {.how = How::rising, .limit = kTabStops};
    case 'c':
      return esc_c(head);
    default:
      return stranger(head);
  }
}

Measure memory(std::string_view head) {  // FS g 1 0 a1..a4 nL nH d1..dn; FS g 2 0 a1..a4 nL nH
  if (head.size() < 4) return more(4);
  if ((head[2] != '1' && head[2] != '2') || head[3] != 0) return bytes(4);
  if (head.size() < 10) return more(10);
  return bytes(10 + (head[2] == '1' ? two_at(head, 8) : 0));
}

Measure nv_images(std::string_view head) {  // FS q n [xL xH yL yH d1..dk]...
  if (head.size() < 3) return more(3);
  if (head[2] == 0) return bytes(3);
  return {.how = How::images, .blocks = static_cast<std::uint32_t>(at(head, 2))};
}

Measure measure_fs(std::string_view head, const Grammar& grammar) {
  switch (head[1]) {
    case '(':
      return by_two(head);
    case '2':
      return bytes(4 + grammar.kanji_bytes);
    case 'a':
      return head.size() < 3 ? more(3) : bytes(head[2] == '0' ? 4 : 3);
    case 'g':
      return memory(head);
    case 'q':
      return nv_images(head);
    default:
      return stranger(head);
  }
}

Measure large_graphics(std::string_view head) {  // GS 8 L p1 p2 p3 p4
  if (head.size() < 3) return more(3);
  if (head[2] != 'L') return bytes(3);
  return head.size() < 7 ? more(7) : bytes(7 + four_at(head, 3));
}

Measure counter(std::string_view head) {  // GS C
  if (head.size() < 3) return more(3);
  switch (head[2]) {
    case '0':
    case '2':
      return bytes(5);
    case '1':
      return bytes(9);
    case ';':
      return {.how = How::fields, .blocks = 5, .limit = kCounterLimit};
    default:
      return bytes(3);
  }
}

// GS D m fn a kc1 kc2 b c, then a Windows bitmap, which says its size: 'B' 'M' and four bytes.
Measure bitmap_file(std::string_view head) {
  if (head.size() < 4) return more(4);
  if (head[2] != '0' || (head[3] != 'C' && head[3] != 'S')) return bytes(4);
  if (head.size() < 11) return more(11);
  if (head[9] != 'B' || head[10] != 'M') return bytes(11);
  if (head.size() < 15) return more(15);
  const std::uint64_t size = four_at(head, 11);
  return bytes(9 + (size < 6 ? 6 : size));
}

Measure raster(std::string_view head) {  // GS v 0, GS Q 0: m xL xH yL yH
  if (head.size() < 3) return more(3);
  if (head[2] != '0') return bytes(3);
  return head.size() < 8 ? more(8) : bytes(8 + two_at(head, 4) * two_at(head, 6));
}

Measure cut(std::string_view head) {  // GS V
  if (head.size() < 3) return more(3);
  switch (head[2]) {
    case 'A':
    case 'B':
    case 'a':
    case 'b':
    case 'g':
    case 'h':
      return bytes(4);
    default:
      return bytes(3);
  }
}

Measure barcode(std::string_view head) {  // GS k
  if (head.size() < 3) return more(3);
  const std::uint64_t system = at(head, 2);
  if (system <= 10) return {.how = How::until_nul, .limit = kBarcodeLimit};
  if (system < 65 || system > 90) return bytes(3);
  return head.size() < 4 ? more(4) : bytes(4 + at(head, 3));
}

Measure measure_gs(std::string_view head) {
  switch (head[1]) {
    case '(':
      return by_two(head);
    case '*':
      return head.size() < 4 ? more(4) : bytes(4 + at(head, 2) * at(head, 3) * 8);
    case '8':
      return large_graphics(head);
    case 'C':
      return counter(head);
    case 'D':
      return bitmap_file(head);
    case 'Q':
    case 'v':
      return raster(head);
    case 'V':
      return cut(head);
    case 'g':
      return head.size() < 3 ? more(3) : bytes(head[2] == '0' || head[2] == '2' ? 6 : 3);
    case 'k':
      return barcode(head);
    default:
      return stranger(head);
  }
}

Kind kind_of_gs_bracket(char letter) {
  switch (letter) {
    case 'C':
      return Kind::stored;
    case 'G':
      return Kind::sheet;
    case 'H':
      return Kind::response;
    case 'L':
      return Kind::graphics;
    case 'N':
      return Kind::effect;
    case 'P':
    case 'Q':
      return Kind::page_setting;
    case 'k':
      return Kind::symbol;
    default:
      return Kind::machine;
  }
}

Kind kind_of_fs_bracket(char letter) {
  switch (letter) {
    case 'A':
      return Kind::kanji_font;
    case 'C':
      return Kind::encoding;
    case 'E':
      return Kind::logo;
    case 'L':
      return Kind::page_setting;
    case 'e':
      return Kind::automatic_status;
    default:
      return Kind::sheet;
  }
}

Kind kind_of_esc_c(char what) {
  if (what == '3' || what == '4') return Kind::sensor;
  if (what == '0' || what == '1') return Kind::sheet;
  return what == '5' ? Kind::panel : Kind::unknown;
}

}  // namespace

Measure measure_long(std::string_view head, const Grammar& grammar) {
  switch (head[0]) {
    case 0x1B:
      return measure_esc(head);
    case 0x1C:
      return measure_fs(head, grammar);
    default:
      return measure_gs(head);
  }
}

Measure measure_display(std::string_view head) {
  if (head[1] == '(' && head[0] == 0x1F) return by_two(head);
  if (head[1] == '&' && head[0] == 0x1B) return letters(head);
  if (head[1] != 'W' || head[0] != 0x1B) return stranger(head);
  if (head.size() < 4) return more(4);  // ESC W n s [x1 y1 x2 y2]
  return bytes(head[3] == 1 || head[3] == '1' ? 8 : 4);
}

Measure measure_real_time(std::string_view head) {
  if (head[1] != 0x04 && head[1] != 0x05 && head[1] != 0x14) return bytes(1);
  if (head.size() < 3) return more(3);
  const std::uint64_t function = at(head, 2);
  if (head[1] == 0x04) return bytes(function == 0 || function == 7 || function == 8 || function == 18 ? 4 : 3);
  if (head[1] == 0x05) return bytes(3);
  switch (function) {
    case 1:
    case 2:
      return bytes(5);
    case 3:
      return bytes(8);
    case 7:
      return bytes(4);
    case 8:
      return bytes(10);
    default:
      return bytes(3);
  }
}

Kind kind_of_long(std::string_view head, Kind as_listed) {
  const char second = head.size() > 2 ? head[2] : '\0';
  if (head[1] == '(') {
    if (head[0] == 0x1D) return kind_of_gs_bracket(second);
    if (head[0] == 0x1C) return kind_of_fs_bracket(second);
    return second == 'A' ? Kind::beep : Kind::machine;
  }
  if (head[0] == 0x1B && head[1] == 'c') return kind_of_esc_c(second);
  if (head[0] == 0x1C && head[1] == 'g' && second == '2') return Kind::stored;
  if (head[0] == 0x1D && head[1] == 'g' && second == '2') return Kind::stored;
  if (head[0] == 0x1D && head[1] == 'V') {
    switch (second) {
      case 0:
      case 1:
      case '0':
      case '1':
      case 'A':
      case 'B':
      case 'a':
      case 'b':
      case 'g':
      case 'h':
        return Kind::cut;
      default:
        return Kind::unknown;
    }
  }
  return as_listed;
}

Kind kind_in_real_time(std::string_view head) {
  if (head.size() < 3) return Kind::unknown;
  if (head[1] == 0x04) return Kind::ask_status;
  if (head[1] == 0x05) return Kind::recover;
  if (head[1] != 0x14) return Kind::unknown;
  switch (head[2]) {
    case 1:
      return Kind::pulse_now;
    case 2:
      return Kind::power_off_now;
    case 3:
      return Kind::beep_now;
    case 7:
      return Kind::ask_status_now;
    case 8:
      return Kind::clear_now;
    default:
      return Kind::unknown;
  }
}

}  // namespace tillside::escpos
