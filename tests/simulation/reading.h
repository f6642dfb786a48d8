// Looking into the answers of a till, as a POS would, but quicker than a JSON reader.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace tillside::simulation {

// What stands between `before` and the next quotation mark, comma or bracket; `at` moves behind it. Empty: nothing
// more.
inline std::string_view next_value(std::string_view text, std::string_view before, std::size_t& at) {
  const auto begin = text.find(before, at);
  if (begin == std::string_view::npos) return {};
  const auto from = begin + before.size();
  at = text.find_first_of("\",}]", from);
  return text.substr(from, at - from);
}
inline std::string_view value_in(std::string_view text, std::string_view before) {
  std::size_t at = 0;
  return next_value(text, before, at);
}
inline std::int64_t number_in(std::string_view text, std::string_view before) {
  return std::strtoll(std::string(value_in(text, before)).c_str(), nullptr, 10);
}
inline std::uint32_t times_in(std::string_view text, std::string_view what) {
  std::uint32_t times = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string_view::npos; at += what.size()) ++times;
  return times;
}
// A list of objects that hold no lists themselves: from behind `"name":[` to its end.
inline std::string_view list_in(std::string_view text, std::string_view name) {
  const std::string before = "\"" + std::string(name) + "\":[";
  const auto begin = text.find(before);
  if (begin == std::string_view::npos) return {};
  const auto from = begin + before.size();
  return text.substr(from, text.find(']', from) - from);
}

}  // namespace tillside::simulation
