#include "pos_adapter/escpos/command.h"

#include <array>
#include <initializer_list>

#include "pos_adapter/escpos/command_lengths.h"

namespace tillside::escpos {
namespace {

// A command of fixed length; `length` 0: it has a rule of its own, or is unknown.
struct Row {
  Kind kind = Kind::unknown;
  std::uint8_t length = 0;
};
struct Entry {
  unsigned char code;
  Kind kind;
  std::uint8_t length;
};
using Table = std::array<Row, 256>;

constexpr Table table_of(std::initializer_list<Entry> entries) {
  Table table{};
  for (const Entry& entry : entries) table[entry.code] = {entry.kind, entry.length};
  return table;
}

constexpr Table kEsc = table_of({
    {0x0C, Kind::print_page, 2},
    {' ', Kind::letter_space, 3},
    {'!', Kind::print_mode, 3},
    {'$', Kind::position, 4},
    {'%', Kind::own_letters, 3},
    {'-', Kind::underline, 3},
    {'2', Kind::default_spacing, 2},
    {'3', Kind::line_spacing, 3},
    {'9', Kind::kanji_system, 3},
    {'<', Kind::home, 2},
    {'=', Kind::peripheral, 3},
    {'?', Kind::forget_letter, 3},
    {'@', Kind::reset, 2},
    {'B', Kind::beep, 4},
    {'C', Kind::sheet, 3},
    {'E', Kind::emphasis, 3},
    {'F', Kind::sheet, 3},
    {'G', Kind::double_strike, 3},
    {'J', Kind::feed_dots, 3},
    {'K', Kind::feed_back, 3},
    {'L', Kind::page_mode, 2},
    {'M', Kind::font, 3},
    {'R', Kind::national_set, 3},
    {'S', Kind::standard_mode, 2},
    {'T', Kind::page_direction, 3},
    {'U', Kind::direction, 3},
    {'V', Kind::turned, 3},
    {'W', Kind::page_area, 10},
    {'\\', Kind::move, 4},
    {'a', Kind::align, 3},
    {'d', Kind::feed_lines, 3},
    {'e', Kind::feed_back, 3},
    {'f', Kind::sheet, 4},
    {'i', Kind::cut, 2},
    {'m', Kind::cut, 2},
    {'p', Kind::pulse, 5},
    {'q', Kind::sheet, 2},
    {'r', Kind::colour, 3},
    {'t', Kind::code_page, 3},
    {'u', Kind::status, 3},
    {'v', Kind::status, 2},
    {'{', Kind::upside_down, 3},
    {'&', Kind::define_letters, 0},
    {'(', Kind::beep, 0},
    {'*', Kind::bit_image, 0},
    {'D', Kind::tab_stops, 0},
    {'c', Kind::unknown, 0},
});

constexpr Table kGs = table_of({
    {'!', Kind::size, 3},
    {'$', Kind::page_position, 4},
    {'/', Kind::print_download, 3},
    {':', Kind::macro, 2},
    {'B', Kind::inverse, 3},
    {'E', Kind::machine, 3},
    {'H', Kind::barcode_setting, 3},
    {'I', Kind::about, 3},
    {'L', Kind::left_margin, 4},
    {'P', Kind::motion_units, 4},
    {'T', Kind::line_start, 3},
    {'W', Kind::area_width, 4},
    {'\\', Kind::page_position, 4},
    {'^', Kind::macro, 5},
    {'a', Kind::automatic_status, 3},
    {'b', Kind::smoothing, 3},
    {'c', Kind::counter, 2},
    {'f', Kind::barcode_setting, 3},
    {'h', Kind::barcode_setting, 3},
    {'j', Kind::automatic_status, 3},
    {'r', Kind::status, 3},
    {'w', Kind::barcode_setting, 3},
    {'z', Kind::machine, 5},
    {'(', Kind::unknown, 0},
    {'8', Kind::graphics, 0},
    {'*', Kind::download_image, 0},
    {'C', Kind::counter, 0},
    {'D', Kind::bitmap_file, 0},
    {'Q', Kind::raster, 0},
    {'V', Kind::cut, 0},
    {'g', Kind::counter, 0},
    {'k', Kind::barcode, 0},
    {'v', Kind::raster, 0},
});

constexpr Table kFs = table_of({
    {'!', Kind::kanji_mode, 3},
    {'&', Kind::kanji_on, 2},
    {'-', Kind::kanji_underline, 3},
    {'.', Kind::kanji_off, 2},
    {'?', Kind::forget_kanji, 4},
    {'C', Kind::kanji_system, 3},
    {'L', Kind::page_mode, 2},
    {'S', Kind::kanji_space, 4},
    {'W', Kind::kanji_quadruple, 3},
    {'b', Kind::sheet, 2},
    {'c', Kind::sheet, 2},
    {'p', Kind::print_nv, 4},
    {'(', Kind::unknown, 0},
    {'2', Kind::define_kanji, 0},
    {'a', Kind::sheet, 0},
    {'g', Kind::store, 0},
    {'q', Kind::nv_image, 0},
});

// The pole display's own: what they do is nobody's business here, but their length is.
constexpr Table kDisplayEsc = table_of({
    {'%', Kind::display, 3},
    {'=', Kind::peripheral, 3},
    {'?', Kind::display, 3},
    {'@', Kind::reset, 2},
    {'R', Kind::display, 3},
    {'t', Kind::code_page, 3},
    {'&', Kind::display, 0},
    {'W', Kind::display, 0},
});
constexpr Table kDisplayUs = table_of({
    {0x01, Kind::display, 2}, {0x02, Kind::display, 2}, {0x03, Kind::display, 2}, {0x0A, Kind::display, 2},
    {0x0D, Kind::display, 2}, {'#', Kind::display, 4},  {'$', Kind::display, 4},  {',', Kind::display, 3},
    {'.', Kind::display, 3},  {':', Kind::display, 2},  {';', Kind::display, 3},  {'@', Kind::display, 2},
    {'B', Kind::display, 2},  {'C', Kind::display, 3},  {'E', Kind::display, 3},  {'T', Kind::display, 4},
    {'U', Kind::display, 2},  {'X', Kind::display, 3},  {'^', Kind::display, 4},  {'r', Kind::display, 3},
    {'v', Kind::display, 3},  {'(', Kind::display, 0},
});

const Table* table_for(unsigned char introducer, bool display) {
  switch (introducer) {
    case 0x1B:
      return display ? &kDisplayEsc : &kEsc;
    case 0x1C:
      return display ? nullptr : &kFs;
    case 0x1D:
      return display ? nullptr : &kGs;
    case 0x1F:
      return display ? &kDisplayUs : nullptr;
    default:
      return nullptr;
  }
}

Kind control_kind(unsigned char code, bool display) {
  switch (code) {
    case 0x00:
      return Kind::filler;
    case 0x08:
    case 0x0B:
      return display ? Kind::display : Kind::unknown;
    case 0x09:
      return display ? Kind::display : Kind::tab;
    case 0x0A:
      return display ? Kind::display : Kind::line_feed;
    case 0x0C:
      return display ? Kind::display : Kind::form_feed;
    case 0x0D:
      return display ? Kind::display : Kind::carriage_return;
    case 0x18:
      return display ? Kind::display : Kind::cancel;
    default:
      return Kind::unknown;
  }
}

}  // namespace

Measure measure(std::string_view head, const Grammar& grammar) {
  const auto introducer = static_cast<unsigned char>(head[0]);
  const Table* table = table_for(introducer, grammar.display);
  const bool real_time = introducer == 0x10;
  if (table == nullptr && !real_time) return {.how = Measure::How::bytes, .count = 1};
  if (head.size() < 2) return {.how = Measure::How::more, .count = 2};
  if (real_time) return measure_real_time(head);
  const Row& row = (*table)[static_cast<unsigned char>(head[1])];
  if (row.length > 0) return {.how = Measure::How::bytes, .count = row.length};
  return grammar.display ? measure_display(head) : measure_long(head, grammar);
}

Kind kind_of(std::string_view head, const Grammar& grammar) {
  const auto introducer = static_cast<unsigned char>(head[0]);
  if (introducer == 0x10) return kind_in_real_time(head);
  const Table* table = table_for(introducer, grammar.display);
  if (table == nullptr || head.size() < 2) return control_kind(introducer, grammar.display);
  const Row& row = (*table)[static_cast<unsigned char>(head[1])];
  if (row.length > 0 || grammar.display) return row.kind;
  return kind_of_long(head, row.kind);
}

}  // namespace tillside::escpos
