#include "pos_adapter/journal/decimals.h"

#include <charconv>

namespace tillside::journal {
namespace {

constexpr int kExtraDigits = 4;  // of a unit price beyond the currency's own, before the product is rounded

__extension__ using Wide = __int128;

std::int64_t divide_rounding(Wide value, std::int64_t by) {
  const Wide half = by / 2;
  return static_cast<std::int64_t>((value < 0 ? value - half : value + half) / by);
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

Result<std::int64_t> whole_number(std::string_view text, std::string_view field) {
  text = trimmed(text);
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || end != text.data() + text.size() || text.front() == '-')
    return Error{ErrorCode::bad_format, std::string(field), "not a whole number"};
  if (problem != std::errc() || value > (std::int64_t{1} << 53) - 1)
    return Error{ErrorCode::out_of_range, std::string(field), "over 2^53-1"};
  return value;
}

Result<std::int64_t> Decimals::read(std::string_view text, int scale, std::int64_t limit, std::string_view field) {
  text = trimmed(text);
  if (text.empty()) return std::int64_t{0};
  auto read = read_decimal(text, scale, limit);
  if (!read.ok()) return Error{read.error().code, std::string(field), "not a decimal number in range"};
  rounded_ = rounded_ || read->rounded;
  return read->value;
}

Result<Minor> Decimals::amount(std::string_view text, std::string_view field) {
  return read(text, currency_.exponent, kMaxAmount, field);
}

Result<Thousandths> Decimals::quantity(std::string_view text, std::string_view field) {
  return read(text, 3, kMaxQuantity, field);
}

Result<Minor> Decimals::product(std::string_view quantity, std::string_view unit_price, std::string_view field) {
  std::int64_t fine = 1000;  // thousandths
  for (int digit = 0; digit < kExtraDigits; ++digit) fine *= 10;
  auto q = read(quantity, 3, kMaxQuantity, field);
  if (!q.ok()) return q.error();
  auto price = read(unit_price, currency_.exponent + kExtraDigits, kMaxAmount * (fine / 1000), field);
  if (!price.ok()) return price.error();
  const Wide exact = static_cast<Wide>(*q) * *price;
  const Wide limit = static_cast<Wide>(kMaxAmount) * fine;
  if (exact > limit || exact < -limit) return Error{ErrorCode::out_of_range, std::string(field), "over 10^12"};
  return divide_rounding(exact, fine);
}

}  // namespace tillside::journal
