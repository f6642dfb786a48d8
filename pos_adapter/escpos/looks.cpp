#include "pos_adapter/escpos/looks.h"

#include <algorithm>

namespace tillside::escpos {

using Form = LookRow::Form;

const std::array<LookRow, kLooks> kLookRows = {{
    {Look::font, '\x1B', 'M', Form::digit, 0, true},
    {Look::emphasis, '\x1B', 'E', Form::bit, 0, true},
    {Look::double_strike, '\x1B', 'G', Form::bit, 0, true},
    {Look::underline, '\x1B', '-', Form::digit, 0, true},
    {Look::upside_down, '\x1B', '{', Form::bit, 0, true},
    {Look::turned, '\x1B', 'V', Form::digit, 0, true},
    {Look::inverse, '\x1D', 'B', Form::bit, 0, true},
    {Look::own_letters, '\x1B', '%', Form::bit, 0, true},
    {Look::colour, '\x1B', 'r', Form::digit, 0, true},
    {Look::smoothing, '\x1D', 'b', Form::bit, 0, false},
    {Look::code_page, '\x1B', 't', Form::raw, 0, false},
    {Look::national_set, '\x1B', 'R', Form::raw, 0, false},
    {Look::kanji_system, '\x1C', 'C', Form::digit, 0, false},
    {Look::kanji_underline, '\x1C', '-', Form::digit, 0, true},
    {Look::align, '\x1B', 'a', Form::digit, 0, true},
    {Look::bar_words, '\x1D', 'H', Form::digit, 0, false},
    {Look::bar_words_font, '\x1D', 'f', Form::digit, 0, false},
    {Look::bar_height, '\x1D', 'h', Form::raw, 162, false},
    {Look::bar_width, '\x1D', 'w', Form::raw, 3, false},
}};

const LookRow* look_row(std::string_view head) {
  if (head.size() != 3) return nullptr;
  const auto row = std::find_if(kLookRows.begin(), kLookRows.end(), [&](const LookRow& candidate) {
    return candidate.introducer == head[0] && candidate.letter == head[1];
  });
  return row == kLookRows.end() ? nullptr : &*row;
}

std::uint8_t value_of(const LookRow& row, std::uint8_t parameter) {
  if (row.form == Form::bit) return parameter & 1;
  const bool ascii = row.form == Form::digit && parameter >= '0' && parameter <= '9';
  return ascii ? static_cast<std::uint8_t>(parameter - '0') : parameter;
}

}  // namespace tillside::escpos
