// Of printer_state: the settings of one byte, each with its command.
#pragma once

#include <optional>

#include "pos_adapter/escpos/printer_state.h"

namespace tillside::escpos {

struct LookRow {
  Look look;
  char introducer, letter;
  enum class Form : std::uint8_t { bit, digit, raw } form;  // bit 0; a number, also as an ASCII digit; as it is
  std::uint8_t power_on;
  bool spoils;  // of what must be plain for our block
};

extern const std::array<LookRow, kLooks> kLookRows;  // in the order of Look

// The row whose command `head` is, if it is one.
const LookRow* look_row(std::string_view head);

std::uint8_t value_of(const LookRow& row, std::uint8_t parameter);

}  // namespace tillside::escpos
