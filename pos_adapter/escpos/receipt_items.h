// The rows of goods of a receipt.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pos_adapter/escpos/receipt_amounts.h"
#include "pos_adapter/escpos/receipt_reader.h"

namespace tillside::escpos {

// One line of goods as printed, over one or more lines of paper.
struct ItemRow {
  std::string name = {}, sku = {}, unit = {};
  std::optional<Thousandths> quantity = std::nullopt;
  std::optional<Minor> unit_price = std::nullopt;
  std::optional<Minor> amount = std::nullopt;
  Minor discount = 0;  // as a positive number, whatever sign was printed
};

struct ItemBlock {
  std::vector<ItemRow> rows;
  std::size_t begin = 0, end = 0;  // lines of the paper, [begin, end)
  bool unreadable = false;         // an amount was none
};

// Marks the lines it used. Without a layout whose beginning is on the paper: no rows, begin and end 0.
ItemBlock read_items(const Paper& paper, const ReceiptTemplate& by, PaperNumbers& numbers, std::vector<Use>& uses);

// Sale, returned, voided, discount, fee or deposit, by its name and sign.
LineKind kind_of_row(const ItemRow& row, std::span<const ItemRow> before, const ReceiptTemplate& by);

}  // namespace tillside::escpos
