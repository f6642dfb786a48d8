#include "sync/hq/till_settings.h"

#include <algorithm>
#include <array>

namespace tillside::hq {
namespace {

struct Number {
  std::string_view name;
  std::int64_t most;
};
constexpr std::array<Number, 3> kNumbers = {{{"redeem_cap_count", 1'000'000},
                                             {"redeem_cap_value", 1'000'000'000'000},
                                             {"redeem_ask_above", 1'000'000'000'000}}};
constexpr std::string_view kManualKey = "manual_key.";
constexpr std::size_t kLongestCode = 32, kLongestWords = 40;

Result<std::string> number_text(const std::string& name, const Json& value, std::int64_t most) {
  if (!value.is_number_integer()) return Error{ErrorCode::wrong_type, name, "a whole number is wanted"};
  if (value < 0 || value > most) return Error{ErrorCode::out_of_range, name, "0 to " + std::to_string(most)};
  return std::to_string(value.get<std::int64_t>());
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

Result<std::string> words_text(const std::string& name, const Json& value) {
  const std::string_view code = std::string_view(name).substr(kManualKey.size());
  if (!is_plain_id(code) || code.size() > kLongestCode)
    return Error{ErrorCode::bad_format, name, "a benefit's code like B7 is wanted behind manual_key."};
  if (!value.is_string()) return Error{ErrorCode::wrong_type, name, "a string is wanted"};
  auto words = value.get<std::string>();
  const bool plain =
      std::none_of(words.begin(), words.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (words.empty() || characters(words) > kLongestWords || !plain)
    return Error{ErrorCode::out_of_range, name, "1 to 40 characters"};
  return words;
}

Result<std::string> text_of(const std::string& name, const Json& value) {
  for (const auto& number : kNumbers)
    if (name == number.name) return number_text(name, value, number.most);
  if (name.starts_with(kManualKey)) return words_text(name, value);
  return Error{ErrorCode::unknown_value, name, "no such setting"};
}

}  // namespace

Result<SettingValues> read_till_settings(const Json& json) {
  SettingValues values;
  for (const auto& [name, value] : json.items()) {
    if (value.is_null()) {
      const auto known = std::any_of(kNumbers.begin(), kNumbers.end(), [&](const Number& n) { return n.name == name; });
      if (!known && !name.starts_with(kManualKey)) return Error{ErrorCode::unknown_value, name, "no such setting"};
      values[name] = std::nullopt;
      continue;
    }
    auto text = text_of(name, value);
    if (!text) return text.error();
    values[name] = *std::move(text);
  }
  return values;
}

}  // namespace tillside::hq
