#include "agent/domain/money.h"

#include <algorithm>
#include <limits>

namespace tillside {
namespace {

__extension__ using Wide = __int128;

constexpr std::string_view kNoDecimals = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF ";
constexpr std::string_view kTwoDecimals =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF "
    "CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD "
    "HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT "
    "MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR "
    "SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN "
    "UYU UZS VED VES WST XCD YER ZAR ZMW ZWL ";
constexpr std::string_view kThreeDecimals = "BHD IQD JOD KWD LYD OMR TND ";
constexpr std::string_view kFourDecimals = "CLF UYW ";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool lists(std::string_view table, std::string_view code) {
  for (std::size_t at = 0; at + 4 <= table.size(); at += 4)
    if (table.substr(at, 3) == code) return true;
  return false;
}

int exponent_of(std::string_view code) {
  if (lists(kTwoDecimals, code)) return 2;
  if (lists(kNoDecimals, code)) return 0;
  if (lists(kThreeDecimals, code)) return 3;
  return lists(kFourDecimals, code) ? 4 : -1;
}

// A decimal taken apart: 0.d1d2d3... x 10^point, without leading zeros.
struct Decimal {
  bool negative = false;
  char digits[64] = {};
  int count = 0;
  int point = 0;

  void push(char digit) {
    if (count == 0 && digit == '0') return;
    digits[count++] = digit;
  }
  int digit(int index) const { return index >= 0 && index < count ? digits[index] - '0' : 0; }
};

// Reads a run of digits from `at`; the number read, 0 when there is none.
template <class Take>
std::size_t digit_run(std::string_view text, std::size_t& at, Take take) {
  const std::size_t start = at;
  while (at < text.size() && is_digit(text[at])) take(text[at++]);
  return at - start;
}

bool read_exponent(std::string_view text, std::size_t& at, int& exponent) {
  const bool negative = at < text.size() && text[at] == '-';
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
  int size = 0;
  if (digit_run(text, at, [&](char c) { size = std::min(size * 10 + (c - '0'), 100'000); }) == 0) return false;
  exponent = negative ? -size : size;
  return true;
}

bool take_apart(std::string_view text, Decimal& out) {
  if (text.size() > 64) return false;
  std::size_t at = 0;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) out.negative = text[at++] == '-';
  const auto whole = [&](char c) {
    out.push(c);
    out.point = out.count;
  };
  if (digit_run(text, at, whole) == 0) return false;
  if (at < text.size() && text[at] == '.') {
    const auto fraction = [&](char c) {
      if (out.count == 0 && c == '0') --out.point;
      out.push(c);
    };
    if (digit_run(text, ++at, fraction) == 0) return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    int exponent = 0;
    if (!read_exponent(text, ++at, exponent)) return false;
    out.point += exponent;
  }
  return at == text.size();
}

Minor round_away(Wide numerator, Wide denominator) {
  const Wide half = denominator / 2;
  const Wide rounded = (numerator < 0 ? numerator - half : numerator + half) / denominator;
  constexpr auto kHighest = std::numeric_limits<Minor>::max();
  if (rounded > kHighest) return kHighest;
  return rounded < -kHighest ? -kHighest : static_cast<Minor>(rounded);
}

std::string fixed(std::int64_t value, int places) {
  std::string digits =
      std::to_string(value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value));
  const auto wanted = static_cast<std::size_t>(places);
  if (digits.size() <= wanted) digits.insert(0, wanted + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - wanted, 1, '.');
  return value < 0 ? "-" + digits : digits;
}

}  // namespace

Result<Currency> currency_of(std::string_view code) {
  const int exponent = code.size() == 3 ? exponent_of(code) : -1;
  if (exponent < 0) return Error{ErrorCode::unknown_value, "currency", "not an active ISO 4217 code"};
  Currency currency;
  std::copy(code.begin(), code.end(), currency.code);
  currency.exponent = static_cast<std::uint8_t>(exponent);
  return currency;
}

Result<DecimalRead> read_decimal(std::string_view text, int scale, std::int64_t limit) {
  Decimal decimal;
  if (!take_apart(text, decimal)) return Error{ErrorCode::bad_format, "", "not a decimal number"};
  DecimalRead read;
  if (decimal.count == 0) return read;
  const int kept = decimal.point + scale;
  if (kept > 18) return Error{ErrorCode::out_of_range, "", "too large"};
  for (int i = 0; i < kept; ++i) read.value = read.value * 10 + decimal.digit(i);
  if (kept >= 0 && decimal.digit(kept) >= 5) ++read.value;
  for (int i = std::max(kept, 0); i < decimal.count; ++i) read.rounded = read.rounded || decimal.digit(i) != 0;
  if (read.value > limit) return Error{ErrorCode::out_of_range, "", "too large"};
  if (decimal.negative) read.value = -read.value;
  return read;
}

std::string format_amount(Minor amount, std::uint8_t exponent) { return fixed(amount, exponent); }

std::string format_quantity(Thousandths quantity) {
  std::string text = fixed(quantity, 3);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

Minor extend(Thousandths quantity, Minor unit_price) {
  return round_away(static_cast<Wide>(quantity) * unit_price, 1000);
}

Result<Minor> add(Minor a, Minor b) {
  const Wide sum = static_cast<Wide>(a) + b;
  if (sum > kMaxAmount || sum < -kMaxAmount) return Error{ErrorCode::overflow, "", "a sum leaves the range of amounts"};
  return static_cast<Minor>(sum);
}

Minor share(Minor amount, std::int32_t basis_points) {
  return round_away(static_cast<Wide>(amount) * basis_points, 10'000);
}

}  // namespace tillside
