// One regular expression of a receipt template, with named parts.
//
// RE2 (docs/receipt-templates.md says why): time linear in the line whatever the expression, memory bounded, no
// backtracking. Copies share what was compiled; const use from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/domain/result.h"

namespace re2 {
class RE2;
}

namespace tillside::escpos {

// What a named part, (?P<total>...), tells.
enum class Part : std::uint8_t {
  // the head
  number,    // of the receipt, as printed
  sequence,  // where the running number is only a part of it
  lane,
  operator_id,
  guide,
  date,
  time,
  moment,  // date and time together
  member_card,
  member_phone,
  original,  // number of the sale that a return takes back
  // the totals
  total,           // what is to be paid
  sum,             // of the lines, or what is to be paid: which of the two the lines decide
  discount_total,  // taken off the bill, line discounts included or not
  rounding,        // taken off to round the bill
  tax,
  received,  // what was handed over, change included
  change,
  // a row of goods
  name,
  sku,
  quantity,
  unit,
  unit_price,
  amount,
  discount,  // taken off this row, or off the row before where there is no amount
  // a row of payment
  tender,
  paid
};
inline constexpr std::size_t kParts = static_cast<std::size_t>(Part::paid) + 1;
const char* name_of(Part part);
std::optional<Part> part_of(std::string_view name);

// What a match found, in the order of the expression; parts that took part and are not empty. Views into the line.
using Found = std::vector<std::pair<Part, std::string_view>>;
std::string_view value_of(const Found& found, Part part);  // empty: not found

class Pattern {
 public:
  // bad_format: no such expression (RE2's words in the detail). unknown_value: a named part that means nothing.
  static Result<Pattern> compile(const std::string& expression);

  bool matches(std::string_view line) const;
  std::optional<Found> find(std::string_view line) const;  // nullopt: no match
  // The first match at or behind `from`, which moves behind it.
  std::optional<Found> find(std::string_view line, std::size_t& from) const;
  const std::string& text() const { return text_; }
  bool has(Part part) const;

 private:
  Pattern() = default;

  std::string text_;
  std::shared_ptr<const re2::RE2> compiled_;
  std::vector<std::pair<int, Part>> parts_;  // by group number
};

using Patterns = std::vector<Pattern>;
bool any_matches(const Patterns& patterns, std::string_view line);

}  // namespace tillside::escpos
