#include "pos_adapter/escpos/receipt_payment.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace tillside::escpos {
namespace {

// What each part of a total fills.
std::optional<Minor>* slot_of(PaperTotals& totals, Part part) {
  switch (part) {
    case Part::total:
      return &totals.total;
    case Part::sum:
      return &totals.sum;
    case Part::discount_total:
      return &totals.discount;
    case Part::rounding:
      return &totals.rounding;
    case Part::tax:
      return &totals.tax;
    case Part::received:
      return &totals.received;
    case Part::change:
      return &totals.change;
    default:
      return nullptr;
  }
}

// One pattern over the whole paper: the last line that has a part tells it, and discounts add up. Parts that an earlier
// pattern told stay.
class TotalsBy {
 public:
  TotalsBy(PaperTotals& totals, PaperNumbers& numbers) : totals_(totals), numbers_(numbers), settled_(totals) {}

  bool take(const Found& found) {
    bool used = false;
    for (const auto& [part, value] : found) {
      std::optional<Minor>* slot = slot_of(totals_, part);
      if (slot == nullptr || *slot_of(settled_, part)) continue;
      const auto amount = numbers_.amount(value);
      if (!amount) {
        totals_.unreadable = true;
        continue;
      }
      if (part == Part::total && *slot && **slot != *amount) totals_.differ = true;
      const bool adds = part == Part::discount_total && *slot;
      *slot = adds ? **slot + *amount : *amount;
      used = true;
    }
    return used;
  }

 private:
  PaperTotals& totals_;
  PaperNumbers& numbers_;
  PaperTotals settled_;  // before this pattern
};

TenderType type_of(std::string_view name, const ReceiptTemplate& by) {
  for (const auto& [type, patterns] : by.tender_types)
    if (any_matches(patterns, name)) return type;
  return TenderType::other;
}

Minor sum_of(const std::vector<Tender>& tenders) {
  Minor sum = 0;
  for (const Tender& tender : tenders) sum += tender.amount;
  return sum;
}

class TenderRows {
 public:
  TenderRows(const ReceiptTemplate& by, PaperNumbers& numbers) : by_(by), numbers_(numbers) {}

  // Two may stand beside each other in one line.
  bool take_line(const Pattern& pattern, std::string_view line, Use& use) {
    bool matched = false;
    for (std::size_t from = 0; from < line.size();) {
      const auto found = pattern.find(line, from);
      if (!found) break;
      matched = true;
      if (!take(*found) || (use.as != Use::As::nothing && use.as != Use::As::tender)) continue;
      use.as = Use::As::tender;
      use.found.insert(use.found.end(), found->begin(), found->end());
    }
    return matched;
  }

  PaperTenders taken() {
    if (result_.tenders.empty() && is_named_) result_.whole = name_;
    return std::move(result_);
  }

 private:
  bool take(const Found& found) {
    const std::string_view name = value_of(found, Part::tender);
    if (!name.empty()) {
      name_ = type_of(name, by_);
      is_named_ = true;
    }
    bool used = !name.empty();
    if (const auto change = amount(found, Part::change)) {
      result_.change = result_.change.value_or(0) + std::abs(*change);
      used = true;
    }
    const auto paid = amount(found, Part::paid);
    if (!paid || !is_named_ || result_.tenders.size() >= kMaxTenders) return used;
    result_.tenders.push_back({name_, *paid});
    is_named_ = false;
    return true;
  }

  std::optional<Minor> amount(const Found& found, Part part) {
    const std::string_view text = value_of(found, part);
    if (text.empty()) return {};
    const auto read = numbers_.amount(text);
    result_.unreadable = result_.unreadable || !read;
    return read;
  }

  const ReceiptTemplate& by_;
  PaperNumbers& numbers_;
  PaperTenders result_;
  TenderType name_ = TenderType::other;
  bool is_named_ = false;  // by a line whose amount stands below
};

}  // namespace

PaperTotals read_totals(const Paper& paper, const ReceiptTemplate& by, PaperNumbers& numbers, std::vector<Use>& uses) {
  PaperTotals totals;
  for (const Pattern& pattern : by.totals) {
    TotalsBy one(totals, numbers);
    for (std::size_t at = 0; at < paper.lines.size(); ++at) {
      if (paper.lines[at].kind != PaperLine::Kind::text || uses[at].as == Use::As::item) continue;
      auto found = pattern.find(paper.lines[at].text);
      if (!found || !one.take(*found)) continue;
      uses[at].as = Use::As::total;
      uses[at].found.insert(uses[at].found.end(), found->begin(), found->end());
    }
  }
  return totals;
}

PaperTenders read_tenders(const Paper& paper, std::size_t from, const ReceiptTemplate& by, PaperNumbers& numbers,
                          std::vector<Use>& uses) {
  TenderRows rows(by, numbers);
  for (std::size_t at = from; at < paper.lines.size(); ++at) {
    const PaperLine& line = paper.lines[at];
    if (line.kind != PaperLine::Kind::text || line.text.empty()) continue;
    for (const Pattern& pattern : by.tender_rows)
      if (rows.take_line(pattern, line.text, uses[at])) break;
  }
  return rows.taken();
}

std::vector<Tender> without_change(std::vector<Tender> tenders, Minor change, Minor net) {
  if (change == 0 || sum_of(tenders) == net) return tenders;
  for (Tender& tender : tenders) {
    if (tender.type != TenderType::cash || tender.amount < change) continue;
    tender.amount -= change;
    return tenders;
  }
  return tenders;
}

}  // namespace tillside::escpos
