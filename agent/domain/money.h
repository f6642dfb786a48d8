// Money and quantity: integers only.
//
// An amount is an int64 count of minor units (分, cents) of an ISO 4217 currency; a quantity is an int64 count of
// thousandths (1.235 kg is 1235). Every door that is handed a decimal text rounds it half away from zero.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/domain/result.h"

namespace tillside {

using Minor = std::int64_t;        // minor units of the checkout's currency
using Thousandths = std::int64_t;  // of a unit (piece, kg, litre)

inline constexpr Minor kMaxAmount = 1'000'000'000'000;          // 10^12 minor units, either sign
inline constexpr Thousandths kMaxQuantity = 1'000'000'000'000;  // 10^9 units, either sign

struct Currency {
  char code[4] = {'C', 'N', 'Y', 0};
  std::uint8_t exponent = 2;  // decimal digits of the minor unit: CNY 2, JPY 0, KWD 3

  std::string_view text() const { return {code, 3}; }
  bool operator==(const Currency& other) const { return text() == other.text(); }
};

// Three capital letters of ISO 4217's active list (table of 2023, the exponents from there). Else unknown_value.
Result<Currency> currency_of(std::string_view code);

struct DecimalRead {
  std::int64_t value = 0;
  bool rounded = false;  // digits other than zero were dropped
};

// Reads "[+-]digits[.digits][e[+-]digits]" (at most 64 characters) scaled by 10^scale, rounding half away from zero:
// ("28.325300000000002", 2) is 2833, ("-0.005", 2) is -1. Anything else is bad_format; beyond +-limit is out_of_range.
Result<DecimalRead> read_decimal(std::string_view text, int scale, std::int64_t limit);

// "24.58" for 2458 at exponent 2; "-0.05"; "100" at exponent 0.
std::string format_amount(Minor amount, std::uint8_t exponent);

// "1.235", without trailing zeros: "2", "0.5".
std::string format_quantity(Thousandths quantity);

// quantity x unit price, rounded half away from zero to a minor unit. Inputs within the limits above: cannot overflow.
Minor extend(Thousandths quantity, Minor unit_price);

// a + b, or overflow when the sum leaves +-kMaxAmount.
Result<Minor> add(Minor a, Minor b);

// amount x basis_points / 10000, rounded half away from zero. basis_points 0 to 10000.
Minor share(Minor amount, std::int32_t basis_points);

}  // namespace tillside
