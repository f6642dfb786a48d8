#include <initializer_list>

#include "pos_adapter/escpos/looks.h"

namespace tillside::escpos {
namespace {

constexpr char kEsc = '\x1B', kFs = '\x1C', kGs = '\x1D';

class Writer {
 public:
  void put(std::initializer_list<int> bytes) {
    for (const int byte : bytes) out_.push_back(static_cast<char>(byte));
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

void put_look(Writer& out, const PrinterState& to, Look look) {
  const LookRow& row = kLookRows[static_cast<std::size_t>(look)];
  out.put({row.introducer, row.letter, to.look(look)});
}

int print_mode_bits(const PrinterState& to) {
  return (to.look(Look::font) & 1) | to.look(Look::emphasis) << 3 | (to.size.height == 2 ? 0x10 : 0) |
         (to.size.width == 2 ? 0x20 : 0) | (to.look(Look::underline) > 0 ? 0x80 : 0);
}

int kanji_mode_bits(const PrinterState& to) {
  return (to.kanji_size.width == 2 ? 4 : 0) | (to.kanji_size.height == 2 ? 8 : 0) |
         (to.look(Look::kanji_underline) > 0 ? 0x80 : 0);
}

int size_bits(const LetterSize& size) { return (size.width - 1) << 4 | (size.height - 1); }
bool only_doubled(const LetterSize& size) { return size.width <= 2 && size.height <= 2; }

// GS ! sets both sizes, ESC ! that of letters and FS ! that of Kanji, up to double. Whatever order the two came in, one
// of both is at most double.
void put_sizes(Writer& out, const PrinterState& from, const PrinterState& to) {
  if (from.size == to.size && from.kanji_size == to.kanji_size) return;
  if (to.size == to.kanji_size) return out.put({kGs, '!', size_bits(to.size)});
  if (only_doubled(to.kanji_size)) {
    out.put({kGs, '!', size_bits(to.size)});
    out.put({kFs, '!', kanji_mode_bits(to)});
    return put_look(out, to, Look::kanji_underline);
  }
  out.put({kGs, '!', size_bits(to.kanji_size)});
  out.put({kEsc, '!', print_mode_bits(to)});
  put_look(out, to, Look::underline);
  put_look(out, to, Look::font);
}

// ESC ! 0x80 switches on the thickness that was set last: it is set even while underlining is off.
void put_underlines(Writer& out, const PrinterState& from, const PrinterState& to) {
  if (from.underline_dots != to.underline_dots) out.put({kEsc, '-', to.underline_dots});
  if (from.underline_dots != to.underline_dots) put_look(out, to, Look::underline);
  if (from.kanji_underline_dots != to.kanji_underline_dots) out.put({kFs, '-', to.kanji_underline_dots});
  if (from.kanji_underline_dots != to.kanji_underline_dots) put_look(out, to, Look::kanji_underline);
}

class Lengths {
 public:
  Lengths(Writer& out, const PrinterState& from, const PrinterState& to) : out_(out), from_(from), to_(to) {}

  void put() {
    if (changes(&PrinterState::line_spacing)) {
      if (!to_.line_spacing) out_.put({kEsc, '2'});
      if (to_.line_spacing) measured(*to_.line_spacing, {kEsc, '3', to_.line_spacing->first});
    }
    if (changes(&PrinterState::letter_space)) {
      const Distance space = to_.letter_space.value_or(Distance{});
      measured(space, {kEsc, ' ', space.first});
    }
    if (changes(&PrinterState::kanji_space)) {
      const Distance space = to_.kanji_space.value_or(Distance{});
      measured(space, {kFs, 'S', space.first, space.second});
    }
    if (changes(&PrinterState::left_margin)) wide('L', to_.left_margin.value_or(Distance{}));
    if (changes(&PrinterState::area_width)) wide('W', to_.area_width.value_or(whole_width()));
  }

 private:
  bool changes(std::optional<Distance> PrinterState::*which) const { return from_.*which != to_.*which; }
  Distance whole_width() const { return {.first = kWholeWidth, .unit_x = to_.unit_x, .unit_y = to_.unit_y}; }
  void wide(char letter, const Distance& distance) {
    measured(distance, {kGs, letter, distance.first & 0xFF, distance.first >> 8});
  }
  void measured(const Distance& distance, std::initializer_list<int> command) {
    const bool has_unit = distance.first != 0 || distance.second != 0;
    const bool foreign = has_unit && (distance.unit_x != to_.unit_x || distance.unit_y != to_.unit_y);
    if (foreign) out_.put({kGs, 'P', distance.unit_x, distance.unit_y});
    out_.put(command);
    if (foreign) out_.put({kGs, 'P', to_.unit_x, to_.unit_y});
  }

  Writer& out_;
  const PrinterState& from_;
  const PrinterState& to_;
};

void put_symbols(Writer& out, const PrinterState& from, const PrinterState& to) {
  if (from.qr_model != to.qr_model) out.put({kGs, '(', 'k', 4, 0, 49, 65, to.qr_model[0], to.qr_model[1]});
  if (from.qr_dots != to.qr_dots) out.put({kGs, '(', 'k', 3, 0, 49, 67, to.qr_dots});
  if (from.qr_level != to.qr_level) out.put({kGs, '(', 'k', 3, 0, 49, 69, to.qr_level});
}

}  // namespace

std::string change(const PrinterState& from, const PrinterState& to) {
  Writer out;
  if (from.peripheral != 1 && from != to) out.put({kEsc, '=', 1});
  put_underlines(out, from, to);
  for (const LookRow& row : kLookRows) {
    if (from.look(row.look) != to.look(row.look)) put_look(out, to, row.look);
  }
  put_sizes(out, from, to);
  Lengths(out, from, to).put();
  if (from.kanji != to.kanji) out.put({kFs, to.kanji ? '&' : '.'});
  if (from.encoding != to.encoding) out.put({kFs, '(', 'C', 2, 0, 48, to.encoding});
  put_symbols(out, from, to);
  if (to.peripheral != 1 && from != to) out.put({kEsc, '=', to.peripheral});
  return out.take();
}

}  // namespace tillside::escpos
