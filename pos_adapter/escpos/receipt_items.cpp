#include "pos_adapter/escpos/receipt_items.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace tillside::escpos {
namespace {

bool has_total(const Pattern& pattern) { return pattern.has(Part::total) || pattern.has(Part::sum); }

std::size_t first_match(const Paper& paper, std::size_t from, const Patterns& patterns) {
  for (std::size_t at = from; at < paper.lines.size(); ++at)
    if (paper.lines[at].kind == PaperLine::Kind::text && any_matches(patterns, paper.lines[at].text)) return at;
  return paper.lines.size();
}

class Rows {
 public:
  Rows(const ReceiptTemplate& by, PaperNumbers& numbers, ItemBlock& block)
      : by_(by), numbers_(numbers), block_(block) {}

  // False: no pattern of a row knows this line.
  bool take(const ItemLayout& layout, std::string_view line, Use& use) {
    for (const Pattern& row : layout.rows) {
      auto found = row.find(line);
      if (!found) continue;
      take_row(*found);
      use = {Use::As::item, *std::move(found)};
      return true;
    }
    return false;
  }

 private:
  void take_row(const Found& found) {
    if (!value_of(found, Part::amount).empty()) return finish(found);
    if (!value_of(found, Part::discount).empty()) return take_off(found);
    merge(found, begun_);
  }

  void finish(const Found& found) {
    ItemRow row = std::exchange(begun_, {});
    merge(found, row);
    row.amount = amount(value_of(found, Part::amount));
    row.discount = std::abs(amount(value_of(found, Part::discount)).value_or(0));
    block_.rows.push_back(std::move(row));
  }

  // Off the row above. Where there is none of value, or the name says that it is off the bill, a row of its own.
  void take_off(const Found& found) {
    const Minor off = std::abs(amount(value_of(found, Part::discount)).value_or(0));
    const std::string_view name = value_of(found, Part::name);
    const bool has_row = !block_.rows.empty() && block_.rows.back().amount.value_or(0) != 0;
    if (has_row && !any_matches(by_.bill_discount_names, name)) {
      block_.rows.back().discount += off;
    } else {
      ItemRow row;
      row.name = name;
      row.amount = -off;
      block_.rows.push_back(std::move(row));
    }
  }

  void merge(const Found& found, ItemRow& row) {
    for (const auto& [part, value] : found) {
      if (part == Part::name) row.name = value;
      if (part == Part::sku) row.sku = value;
      if (part == Part::unit) row.unit = value;
      if (part == Part::quantity) row.quantity = numbers_.quantity(value);
      if (part == Part::unit_price) row.unit_price = amount(value);
    }
  }

  std::optional<Minor> amount(std::string_view text) {
    if (text.empty()) return {};
    const auto read = numbers_.amount(text);
    block_.unreadable = block_.unreadable || !read;
    return read;
  }

  const ReceiptTemplate& by_;
  PaperNumbers& numbers_;
  ItemBlock& block_;
  ItemRow begun_;  // what stands above its amount
};

struct Chosen {
  const ItemLayout* layout = nullptr;
  std::size_t begin = 0;
};

Chosen choose(const Paper& paper, const ReceiptTemplate& by) {
  for (const ItemLayout& layout : by.items) {
    if (layout.begin.empty()) return {&layout, 0};
    const std::size_t at = first_match(paper, 0, layout.begin);
    if (at < paper.lines.size()) return {&layout, at + 1};
  }
  return {};
}

std::size_t end_of(const Paper& paper, std::size_t begin, const ItemLayout& layout, const ReceiptTemplate& by) {
  if (!layout.end.empty()) return first_match(paper, begin, layout.end);
  for (std::size_t at = begin; at < paper.lines.size(); ++at) {
    const PaperLine& line = paper.lines[at];
    if (line.kind != PaperLine::Kind::text) continue;
    for (const Pattern& pattern : by.totals)
      if (has_total(pattern) && pattern.matches(line.text)) return at;
  }
  return paper.lines.size();
}

bool cancels(const ItemRow& row, const ItemRow& earlier) {
  const bool same_goods = row.sku.empty() ? row.name == earlier.name : row.sku == earlier.sku;
  return same_goods && earlier.amount && *earlier.amount + *row.amount == 0;
}

}  // namespace

ItemBlock read_items(const Paper& paper, const ReceiptTemplate& by, PaperNumbers& numbers, std::vector<Use>& uses) {
  ItemBlock block;
  const Chosen chosen = choose(paper, by);
  if (chosen.layout == nullptr) return block;
  block.begin = chosen.begin;
  block.end = end_of(paper, chosen.begin, *chosen.layout, by);
  Rows rows(by, numbers, block);
  for (std::size_t at = block.begin; at < block.end && block.rows.size() < kMaxLines; ++at) {
    const PaperLine& line = paper.lines[at];
    if (line.kind != PaperLine::Kind::text || line.text.empty() || uses[at].as == Use::As::kind) continue;
    if (any_matches(chosen.layout->ignore, line.text)) {
      uses[at].as = Use::As::ignored;
    } else {
      rows.take(*chosen.layout, line.text, uses[at]);
    }
  }
  return block;
}

LineKind kind_of_row(const ItemRow& row, std::span<const ItemRow> before, const ReceiptTemplate& by) {
  const bool negative = row.amount.value_or(0) < 0;
  if (any_matches(by.discount_names, row.name)) return LineKind::discount;
  if (!negative) {
    if (any_matches(by.fee_names, row.name)) return LineKind::fee;
    return any_matches(by.deposit_names, row.name) ? LineKind::deposit : LineKind::sale;
  }
  if (row.name.empty() && row.sku.empty()) return LineKind::discount;
  if (any_matches(by.void_names, row.name)) return LineKind::voided;
  const bool voids = std::any_of(before.begin(), before.end(), [&](const ItemRow& one) { return cancels(row, one); });
  return voids ? LineKind::voided : LineKind::returned;
}

}  // namespace tillside::escpos
