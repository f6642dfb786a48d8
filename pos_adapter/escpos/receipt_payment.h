// What was to be paid, and with what.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pos_adapter/escpos/receipt_amounts.h"
#include "pos_adapter/escpos/receipt_reader.h"

namespace tillside::escpos {

struct PaperTotals {
  std::optional<Minor> total, sum, discount, rounding, tax, received, change;
  bool differ = false;      // the pattern that found the total found another one too
  bool unreadable = false;  // an amount was none
};

PaperTotals read_totals(const Paper& paper, const ReceiptTemplate& by, PaperNumbers& numbers, std::vector<Use>& uses);

struct PaperTenders {
  std::vector<Tender> tenders;
  std::optional<Minor> change;
  std::optional<TenderType> whole;  // named without an amount of its own
  bool unreadable = false;
};

// From line `from` on.
PaperTenders read_tenders(const Paper& paper, std::size_t from, const ReceiptTemplate& by, PaperNumbers& numbers,
                          std::vector<Use>& uses);

// The tenders without the change given back, which is cash. `net` decides whether the printed amounts hold it.
std::vector<Tender> without_change(std::vector<Tender> tenders, Minor change, Minor net);

}  // namespace tillside::escpos
