#include "pos_adapter/escpos/printer_state.h"

#include "pos_adapter/escpos/looks.h"

namespace tillside::escpos {
namespace {

std::uint16_t two(const Command& command, std::size_t index) {
  return static_cast<std::uint16_t>(command.parameter(index) | command.parameter(index + 1) << 8);
}

LetterSize size_of(std::uint8_t bits) {  // GS !
  return {static_cast<std::uint8_t>(1 + (bits >> 4 & 7)), static_cast<std::uint8_t>(1 + (bits & 7))};
}

bool is_none(const Distance& distance) { return distance.first == 0 && distance.second == 0; }

std::optional<Distance> unless_none(const Distance& distance) {
  return is_none(distance) ? std::nullopt : std::optional(distance);
}

Distance in_its_units(const Distance& distance) { return is_none(distance) ? Distance() : distance; }

LetterSize doubled(bool wide, bool high) {
  return {static_cast<std::uint8_t>(wide ? 2 : 1), static_cast<std::uint8_t>(high ? 2 : 1)};
}

}  // namespace

PrinterState::PrinterState(const PrinterDefaults& defaults) : kanji(defaults.kanji), defaults_(defaults) {
  for (std::size_t i = 0; i < kLooks; ++i) looks[i] = kLookRows[i].power_on;
  set(Look::code_page, defaults.code_page);
  set(Look::national_set, defaults.national_set);
}

void PrinterState::reset() {
  const std::uint8_t chosen = peripheral;
  *this = PrinterState(defaults_);
  peripheral = chosen;
}

PrinterState PrinterState::plain() const {
  PrinterState out = *this;
  for (std::size_t i = 0; i < kLooks; ++i) {
    if (kLookRows[i].spoils) out.looks[i] = kLookRows[i].power_on;
  }
  out.size = out.kanji_size = {};
  out.line_spacing = out.letter_space = out.kanji_space = out.left_margin = out.area_width = std::nullopt;
  out.peripheral = 1;
  out.mid_line = false;
  return out;
}

void PrinterState::text(bool to_display) { mid_line = mid_line || !to_display; }

void PrinterState::command(const Command& command) {
  if (command.kind == Kind::peripheral) peripheral = command.parameter(2);
  if (command.to_display || command.kind == Kind::peripheral) return;
  if (const LookRow* row = look_row(command.head)) {
    set(row->look, value_of(*row, command.parameter(2)));
    if (row->look == Look::underline && look(row->look) > 0) underline_dots = look(row->look);
    if (row->look == Look::kanji_underline && look(row->look) > 0) kanji_underline_dots = look(row->look);
    return;
  }
  lengths(command);
  modes(command);
  line(command);
}

void PrinterState::print_mode(std::uint8_t bits) {
  set(Look::font, bits & 1);
  set(Look::emphasis, bits >> 3 & 1);
  set(Look::underline, (bits & 0x80) != 0 ? underline_dots : 0);
  size = doubled((bits & 0x20) != 0, (bits & 0x10) != 0);
}

void PrinterState::kanji_mode(std::uint8_t bits) {
  kanji_size = doubled((bits & 4) != 0, (bits & 8) != 0);
  set(Look::kanji_underline, (bits & 0x80) != 0 ? kanji_underline_dots : 0);
}

// In page mode these three are kept apart, and page mode never holds where ours goes in.
void PrinterState::lengths(const Command& command) {
  Distance distance{.first = command.parameter(2), .unit_x = unit_x, .unit_y = unit_y};
  switch (command.kind) {
    case Kind::line_spacing:
      if (!page_mode) line_spacing = in_its_units(distance);
      break;
    case Kind::default_spacing:
      if (!page_mode) line_spacing.reset();
      break;
    case Kind::letter_space:
      if (!page_mode) letter_space = unless_none(distance);
      break;
    case Kind::kanji_space:
      distance.second = command.parameter(3);
      if (!page_mode) kanji_space = unless_none(distance);
      break;
    case Kind::left_margin:
      distance.first = two(command, 2);
      left_margin = unless_none(distance);
      break;
    case Kind::area_width:
      distance.first = two(command, 2);
      area_width = distance.first == kWholeWidth ? std::nullopt : std::optional(in_its_units(distance));
      break;
    case Kind::motion_units:
      unit_x = command.parameter(2);
      unit_y = command.parameter(3);
      break;
    default:
      break;
  }
}

void PrinterState::modes(const Command& command) {
  const std::uint8_t n = command.parameter(2);
  switch (command.kind) {
    case Kind::reset:
      reset();
      break;
    case Kind::print_mode:
      print_mode(n);
      break;
    case Kind::size:
      size = kanji_size = size_of(n);
      break;
    case Kind::kanji_mode:
      kanji_mode(n);
      break;
    case Kind::kanji_quadruple:
      kanji_size = doubled((n & 1) != 0, (n & 1) != 0);
      break;
    case Kind::kanji_on:
      kanji = true;
      break;
    case Kind::kanji_off:
      kanji = false;
      break;
    case Kind::encoding:
      if (command.parameter(5) == 48) encoding = command.parameter(6) & 3;
      break;
    case Kind::symbol:
      symbol(command);
      break;
    case Kind::page_mode:
      page_mode = true;
      break;
    case Kind::standard_mode:
    case Kind::form_feed:
      page_mode = false;
      break;
    case Kind::macro:
      if (command.parameter(1) == ':') recording_macro = !recording_macro;
      break;
    case Kind::sheet:
      if (command.parameter(1) == 'c' && n == '0') on_roll = (command.parameter(3) & 3) != 0;
      break;
    case Kind::machine:
      if (command.parameter(1) == '(' && n == 'E' && command.parameter(5) <= 2) in_setup = command.parameter(5) == 1;
      break;
    default:
      break;
  }
}

void PrinterState::symbol(const Command& command) {
  if (command.parameter(5) != 49) return;  // a QR code
  switch (command.parameter(6)) {
    case 65:
      qr_model = {command.parameter(7), command.parameter(8)};
      break;
    case 67:
      qr_dots = command.parameter(7);
      break;
    case 69:
      qr_level = command.parameter(7);
      break;
    case 80:
      qr_waits = true;
      break;
    case 81:
      qr_waits = false;
      break;
    default:
      break;
  }
}

void PrinterState::line(const Command& command) {
  switch (command.kind) {
    case Kind::tab:
    case Kind::position:
    case Kind::move:
    case Kind::bit_image:
      mid_line = true;
      break;
    case Kind::line_feed:
    case Kind::feed_dots:
    case Kind::feed_lines:
    case Kind::feed_back:
    case Kind::form_feed:
    case Kind::raster:
    case Kind::barcode:
    case Kind::print_nv:
    case Kind::print_download:
    case Kind::cut:
    case Kind::line_start:
    case Kind::standard_mode:
      mid_line = false;
      break;
    case Kind::symbol:
      if (command.parameter(6) == 81) mid_line = false;
      break;
    case Kind::graphics:
      if (command.parameter(command.parameter(1) == '8' ? 8 : 6) != 112) mid_line = false;
      break;
    default:
      break;
  }
}

}  // namespace tillside::escpos
