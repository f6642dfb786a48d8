// What the columns of a query's result mean: found by the mapping's names, their types taken into account.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "pos_adapter/journal/database/ticket_window.h"
#include "pos_adapter/journal/reader.h"

namespace tillside::journal {

class RowShape {
 public:
  // missing_field, naming the column: the ticket's or the mark's is not there, or one that the mapping names in
  // [columns]. Names are compared in their letters, then without regard to case. `mapping` is copied.
  static Result<RowShape> of(const std::vector<Column>& columns, const Mapping& mapping, const std::string& high_water,
                             MarkKind kind);

  // missing_field, wrong_type or bad_time when the mark cannot be read. A row that is unreadable otherwise is kept with
  // its Error: its ticket is spoiled.
  Result<RowAt> row(const Cells& cells, const StoreZone& zone) const;

  // The document that a ticket's rows make, as a CSV's would.
  Result<Checkout> checkout(const TicketRows& ticket, const Defaults& defaults) const;

  bool fits(const std::vector<Column>& columns) const { return columns_ == names_of(columns); }

 private:
  static std::vector<std::string> names_of(const std::vector<Column>& columns);
  std::string cell_text(std::size_t index, const std::string& text, const StoreZone& zone) const;

  Mapping mapping_;  // with formats as the columns' types ask for them
  MarkKind kind_ = MarkKind::integer;
  std::vector<std::string> columns_;
  std::array<std::size_t, KeptRow::kCells> at_{};
  std::array<ColumnKind, KeptRow::kCells> kinds_{};
  std::size_t mark_at_ = 0;
};

}  // namespace tillside::journal
