// Rows of one CSV ticket into a Checkout, as the mapping says.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pos_adapter/journal/decimals.h"
#include "pos_adapter/journal/mapping.h"
#include "pos_adapter/journal/reader.h"

namespace tillside::journal {

// One row in UTF-8, seen by field; blank where the file has no such column.
class Row {
 public:
  std::string_view cell(Field field) const { return cells[static_cast<std::size_t>(field)]; }
  std::array<std::string_view, kFields> cells;
  std::string_view cancel_mark;  // of the mapping's cancel_column
};

class TicketBuilder {
 public:
  TicketBuilder(const Mapping& mapping, const Defaults& defaults) : mapping_(mapping), defaults_(defaults) {}

  // The first row makes the head, every row a line (and a tender, where it holds one).
  void begin(const Row& first);
  void add(const Row& row);
  void spoil(const Error& error);  // a row of this ticket could not be read; the first reason stands

  const std::string& ticket() const { return ticket_; }
  bool spoiled() const { return error_.has_value(); }
  Result<Checkout> finish();

 private:
  std::optional<Error> read_head(const Row& row);
  std::optional<Error> read_number(const Row& row);
  std::optional<Error> read_times(const Row& row);
  std::optional<Error> read_line(const Row& row);
  std::optional<Error> read_amounts(const Row& row, Line& line);
  std::optional<Error> read_tender(const Row& row);
  void read_customer(const Row& row);
  LineKind kind_of(const Row& row, const Line& line, std::optional<Error>& error) const;
  void settle();
  std::string number_text(std::string_view text) const;

  const Mapping& mapping_;
  const Defaults& defaults_;
  std::string ticket_;
  std::optional<Error> error_;
  Checkout checkout_;
  Decimals decimals_{Currency{}};
  bool cancelled_ = false;
  std::optional<TenderType> whole_tender_;  // a tender told without an amount
};

}  // namespace tillside::journal
