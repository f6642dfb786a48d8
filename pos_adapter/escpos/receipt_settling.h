// How the rows, discounts and totals of one receipt fit together.
#pragma once

#include <optional>
#include <vector>

#include "agent/domain/checkout_draft.h"
#include "pos_adapter/escpos/receipt_items.h"
#include "pos_adapter/escpos/receipt_payment.h"

namespace tillside::escpos {

struct Settled {
  std::vector<Line> lines;
  Totals totals;
  std::vector<Tender> tenders;
  bool has_total = false;   // an amount to pay was printed
  bool adds_up = false;     // the lines explain it
  bool tax_added = false;   // the tax that was printed stands on top of the rows
  bool gives_back = false;  // a refund: all amounts are <= 0
};

// `kind`: sale, returned, voided or exchanged; a sale of less than nothing becomes a refund. What was printed decides
// whether amounts stand before or after their discounts, and whether a discount on the bill holds those of the lines.
Settled settle(const std::vector<ItemRow>& rows, const PaperTotals& totals, const PaperTenders& paid,
               const ReceiptTemplate& by, SlipKind kind);

}  // namespace tillside::escpos
