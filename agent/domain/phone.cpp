#include "agent/domain/phone.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tillside {
namespace {

constexpr std::array<std::string_view, 28> kIgnored = {
    " ",      "\t",     "-",      "(",      ")",      "[",      "]",      ".",      "/",      "\u00A0",
    "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212", "\uFF08", "\uFF09", "\uFF0D",
    "\u3000", "\uFF0E", "\u200B", "\uFEFF", "\u202A", "\u202C", "\u202D", "\u200E"};

// Countries whose numbers do not begin with a dropped "0": a prefix of their own, or "" where the 0 belongs to the
// number.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kTrunks = {
    {{"1", "1"}, {"7", "8"}, {"36", "06"}, {"39", ""}, {"225", ""}, {"229", ""}, {"242", ""}, {"378", ""}}};

std::string_view trunk_of(std::string_view country) {
  const auto found =
      std::find_if(kTrunks.begin(), kTrunks.end(), [&](const auto& row) { return row.first == country; });
  return found == kTrunks.end() ? "0" : found->second;
}

// The length of what stands at the front and means nothing; 0 when it means something.
std::size_t ignored_at(std::string_view text) {
  if (text.front() >= '0' && text.front() <= '9') return 0;
  for (const auto candidate : kIgnored)
    if (text.starts_with(candidate)) return candidate.size();
  return 0;
}

// One digit, ASCII or full-width (U+FF10 to U+FF19), taken off the front; '\0' when there is none.
char take_digit(std::string_view& text) {
  if (text.front() >= '0' && text.front() <= '9') {
    const char digit = text.front();
    text.remove_prefix(1);
    return digit;
  }
  if (text.starts_with("\xEF\xBC") && text.size() >= 3 && text[2] >= '\x90' && text[2] <= '\x99') {
    const char digit = static_cast<char>('0' + (text[2] - '\x90'));
    text.remove_prefix(3);
    return digit;
  }
  return '\0';
}

bool take_plus(std::string_view& text) {
  for (const std::string_view plus : {"+", "\uFF0B"}) {
    if (!text.starts_with(plus)) continue;
    text.remove_prefix(plus.size());
    return true;
  }
  return false;
}

struct Dialled {
  bool plus = false;
  std::string digits;
};

bool read_dialled(std::string_view text, Dialled& out) {
  while (!text.empty()) {
    if (const auto skip = ignored_at(text); skip > 0) {
      text.remove_prefix(skip);
    } else if (const char digit = take_digit(text); digit != '\0') {
      out.digits.push_back(digit);
      if (out.digits.size() > 24) return false;
    } else if (!out.plus && out.digits.empty() && take_plus(text)) {
      out.plus = true;
    } else {
      return false;
    }
  }
  return true;
}

bool is_chinese_with_code(std::string_view digits) { return digits.size() == 13 && digits.starts_with("861"); }

void drop_trunk(std::string& national, std::string_view country) {
  const auto trunk = trunk_of(country);
  if (!trunk.empty() && national.starts_with(trunk)) national.erase(0, trunk.size());
}

bool is_plausible(std::string_view national, std::string_view country) {
  if (country != "86") return true;
  const bool mobile = national.size() > 1 && national[0] == '1' && national[1] >= '3';
  return !mobile || national.size() == 11;
}

Error not_a_phone() { return {ErrorCode::bad_format, "", "not a phone number"}; }

}  // namespace

Result<std::string> normalise_phone(std::string_view text, std::string_view country) {
  Dialled dialled;
  if (!read_dialled(text, dialled)) return not_a_phone();
  std::string& digits = dialled.digits;
  bool international = dialled.plus;
  if (!international && digits.starts_with("00")) {
    digits.erase(0, 2);
    international = true;
  }
  if (!international && country == "86" && is_chinese_with_code(digits)) international = true;

  const bool at_home = !international || (!country.empty() && digits.starts_with(country));
  if (at_home) {
    if (international) digits.erase(0, country.size());
    drop_trunk(digits, country);
    if (country.empty() || digits.size() < 7 || !is_plausible(digits, country)) return not_a_phone();
    digits.insert(0, country);
  }
  if (digits.size() < 7 || digits.size() > 15 || digits[0] == '0') return not_a_phone();
  return "+" + digits;
}

}  // namespace tillside
