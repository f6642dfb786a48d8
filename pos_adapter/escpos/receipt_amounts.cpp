#include "pos_adapter/escpos/receipt_amounts.h"

#include <string>

namespace tillside::escpos {
namespace {}  // namespace

// Whatever is neither a digit nor a mark is a currency, a unit or a blank. A minus stands before or behind; brackets
// mean one too.
std::optional<std::int64_t> PaperNumbers::read(std::string_view text, int scale, std::int64_t limit) {
  std::string plain;
  bool negative = false, has_point = false;
  for (const char letter : text) {
    if (is_digit(letter)) {
      plain += letter;
    } else if (letter == decimal_point_ && !plain.empty() && !has_point) {
      plain += '.';
      has_point = true;
    } else if (letter == '-' || letter == '(') {
      negative = true;
    } else if (letter != thousands_ && letter == '.') {
      return {};
    }
  }
  if (plain.ends_with('.')) plain.pop_back();
  if (plain.empty()) return {};
  const auto number = read_decimal(plain, scale, limit);
  if (!number) return {};
  rounded_ = rounded_ || number->rounded;
  return negative ? -number->value : number->value;
}

std::optional<Minor> PaperNumbers::amount(std::string_view text) { return read(text, currency_.exponent, kMaxAmount); }

std::optional<Thousandths> PaperNumbers::quantity(std::string_view text) { return read(text, 3, kMaxQuantity); }

}  // namespace tillside::escpos
