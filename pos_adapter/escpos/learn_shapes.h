// How rows of goods stand on paper nobody wrote a template for: found by their arithmetic.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pos_adapter/escpos/paper_text.h"

namespace tillside::escpos {

// Numbers at the end of a line and what stands before them.
struct NumberTail {
  struct Number {
    std::string_view text;   // as printed, with its unit
    std::int64_t value = 0;  // in thousandths
    int decimals = 0;
    bool has_unit = false;      // letters behind it
    bool times_before = false;  // x, × or * stands before it
  };
  std::string_view words;  // in front of the numbers
  std::vector<Number> numbers;
};
NumberTail number_tail(std::string_view line);

struct RowShape {
  bool quantity_first = false;     // quantity, price, amount; else price, quantity, amount
  bool has_price = true;           // else quantity, amount
  bool name_above = false;         // a line of its own
  bool times = false;              // a multiplication sign between them
  std::vector<std::size_t> lines;  // that show it
};

// Rows whose price times quantity is their amount (to the minor unit); where there are none, rows of a whole number and
// an amount. nullopt: neither.
std::optional<RowShape> find_rows(const Paper& paper);

// '^\s*(?P<name>...)...$', in the order in which they are to be tried.
std::vector<std::string> row_patterns(const RowShape& shape);

// As it stands for itself in an expression.
std::string as_pattern(std::string_view text);

}  // namespace tillside::escpos
