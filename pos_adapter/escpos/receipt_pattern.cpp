#include "pos_adapter/escpos/receipt_pattern.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>

namespace tillside::escpos {
namespace {

constexpr std::int64_t kMostMemory = 192 << 10;  // of one compiled expression
constexpr int kMostGroups = 24;

constexpr std::array<const char*, kParts> kPartNames = {
    "number",   "sequence",    "lane",         "operator", "guide",  "date", "time",
    "moment",   "member_card", "member_phone", "original", "total",  "sum",  "discount_total",
    "rounding", "tax",         "received",     "change",   "name",   "sku",  "quantity",
    "unit",     "unit_price",  "amount",       "discount", "tender", "paid"};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

const char* name_of(Part part) { return kPartNames[static_cast<std::size_t>(part)]; }

std::optional<Part> part_of(std::string_view name) {
  for (std::size_t part = 0; part < kParts; ++part)
    if (name == kPartNames[part]) return static_cast<Part>(part);
  return {};
}

std::string_view value_of(const Found& found, Part part) {
  for (const auto& [each, value] : found)
    if (each == part) return value;
  return {};
}

Result<Pattern> Pattern::compile(const std::string& expression) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMostMemory);
  Pattern pattern;
  pattern.text_ = expression;
  auto compiled = std::make_shared<const re2::RE2>(expression, options);
  if (!compiled->ok()) return Error{ErrorCode::bad_format, "", compiled->error() + ": " + expression.substr(0, 80)};
  if (compiled->NumberOfCapturingGroups() >= kMostGroups)
    return Error{ErrorCode::out_of_range, "", "too many groups: " + expression.substr(0, 80)};
  for (const auto& [group, name] : compiled->CapturingGroupNames()) {
    const auto part = part_of(name);
    if (!part) return Error{ErrorCode::unknown_value, "", "no such part: " + name};
    pattern.parts_.emplace_back(group, *part);
  }
  pattern.compiled_ = std::move(compiled);
  return pattern;
}

bool Pattern::matches(std::string_view line) const {
  return compiled_->Match(line, 0, line.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

std::optional<Found> Pattern::find(std::string_view line) const {
  std::size_t from = 0;
  return find(line, from);
}

std::optional<Found> Pattern::find(std::string_view line, std::size_t& from) const {
  std::array<re2::StringPiece, kMostGroups + 1> groups;
  const int wanted = parts_.empty() ? 1 : parts_.back().first + 1;
  if (!compiled_->Match(line, from, line.size(), re2::RE2::UNANCHORED, groups.data(), wanted)) return {};
  const auto end = static_cast<std::size_t>(groups[0].data() + groups[0].size() - line.data());
  from = std::max(end, from + 1);
  Found found;
  found.reserve(parts_.size());
  for (const auto& [group, part] : parts_) {
    const auto& piece = groups[static_cast<std::size_t>(group)];
    if (piece.data() == nullptr) continue;
    const std::string_view value = trimmed({piece.data(), piece.size()});
    if (!value.empty()) found.emplace_back(part, value);
  }
  return found;
}

bool Pattern::has(Part part) const {
  return std::any_of(parts_.begin(), parts_.end(), [part](const auto& each) { return each.second == part; });
}

bool any_matches(const Patterns& patterns, std::string_view line) {
  return std::any_of(patterns.begin(), patterns.end(), [line](const Pattern& each) { return each.matches(line); });
}

}  // namespace tillside::escpos
