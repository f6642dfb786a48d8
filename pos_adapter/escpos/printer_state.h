// How a printer stands after what was sent to it, so that something can be printed in between and nobody notices.
//
// Follows the commands of a walk (walker.h) as Epson's reference describes their effects: what ESC @ sets back, that
// page mode keeps line spacing of its own, that ESC ! sets four things at once. Pure values; no I/O.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "pos_adapter/escpos/walker.h"

namespace tillside::escpos {

// How this printer stands after power-on and ESC @, where models differ.
struct PrinterDefaults {
  bool kanji = true;  // Kanji mode: on in printers sold in China
  std::uint8_t code_page = 0;
  std::uint8_t national_set = 0;
  bool operator==(const PrinterDefaults&) const = default;
};

// Settings of one byte each, restored by the command that set them.
enum class Look : std::uint8_t {
  font,
  emphasis,
  double_strike,
  underline,  // dots: 0, 1, 2
  upside_down,
  turned,
  inverse,
  own_letters,
  colour,
  smoothing,
  code_page,
  national_set,
  kanji_system,
  kanji_underline,  // dots: 0, 1, 2
  align,
  bar_words,
  bar_words_font,
  bar_height,
  bar_width,
  count,
};
inline constexpr std::size_t kLooks = static_cast<std::size_t>(Look::count);

struct LetterSize {
  std::uint8_t width = 1, height = 1;  // 1 to 8 times
  bool operator==(const LetterSize&) const = default;
};

// A length in the motion units (GS P) that held when it was set.
struct Distance {
  std::uint16_t first = 0, second = 0;  // FS S has two
  std::uint8_t unit_x = 0, unit_y = 0;  // 0: the printer's own
  bool operator==(const Distance&) const = default;
};

inline constexpr std::uint16_t kWholeWidth = 0xFFFF;  // GS W: as wide as the paper

class PrinterState {
 public:
  explicit PrinterState(const PrinterDefaults& defaults = {});

  // What the walk told, in its order. Of a long command the head is enough.
  void text(bool to_display);
  void command(const Command& command);

  // Asked before something of ours goes in. Nothing does while false: page mode, a macro being recorded, the set-up
  // mode, a slip in place of the roll.
  bool takes_ours() const { return !page_mode && !recording_macro && !in_setup && on_roll; }

  // Plain letters over the whole width, from the beginning of a line, with the printer chosen; code page and Kanji as
  // they stand.
  PrinterState plain() const;

  std::array<std::uint8_t, kLooks> looks{};
  LetterSize size, kanji_size;
  std::uint8_t underline_dots = 1, kanji_underline_dots = 1;  // of what ESC ! and FS ! switch on
  bool kanji = true;
  std::uint8_t encoding = 1;  // FS ( C fn 48: 1 one byte or Kanji, 2 UTF-8
  std::uint8_t unit_x = 0, unit_y = 0;
  std::optional<Distance> line_spacing, letter_space, kanji_space, left_margin, area_width;  // empty: the default
  std::array<std::uint8_t, 2> qr_model{50, 0};
  std::uint8_t qr_dots = 3, qr_level = 48;
  bool qr_waits = false;  // data stored for a QR code that was not printed yet
  std::uint8_t peripheral = 1;
  bool page_mode = false, recording_macro = false, in_setup = false, on_roll = true;
  bool mid_line = false;  // something stands in the line that is not printed yet

  bool operator==(const PrinterState&) const = default;

  std::uint8_t look(Look which) const { return looks[static_cast<std::size_t>(which)]; }
  void set(Look which, std::uint8_t value) { looks[static_cast<std::size_t>(which)] = value; }

 private:
  void reset();
  void print_mode(std::uint8_t bits);
  void kanji_mode(std::uint8_t bits);
  void symbol(const Command& command);
  void lengths(const Command& command);
  void modes(const Command& command);
  void line(const Command& command);

  PrinterDefaults defaults_;
};

// The commands that take a printer from one state to the other, as far as these two differ in what commands can set.
// Empty when they do not. Both are in standard mode at the beginning of a line.
std::string change(const PrinterState& from, const PrinterState& to);

}  // namespace tillside::escpos
