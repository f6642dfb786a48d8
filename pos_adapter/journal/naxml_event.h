// One event of a NAXML-POSJournal (Conexxus POS/Back Office), as convenience stores and petrol stations write it, into
// a Checkout. docs/journal.md has the table.
#pragma once

#include <optional>
#include <pugixml.hpp>
#include <string>

#include "pos_adapter/journal/decimals.h"
#include "pos_adapter/journal/mapping.h"
#include "pos_adapter/journal/reader.h"

namespace tillside::journal {

struct NaxmlHeader {  // TransmissionHeader: of all events behind it
  std::string store, currency;
};
NaxmlHeader read_naxml_header(pugi::xml_node header);

// nullopt: an event that is no checkout and none of the till's events (money moved, clocks, pumps).
std::optional<Result<Checkout>> read_naxml_event(pugi::xml_node event, const NaxmlHeader& header,
                                                 const Mapping& mapping, const Defaults& defaults);

// What a TransactionDetailGroup holds; naxml_lines.cpp fills it.
struct NaxmlWork {
  NaxmlWork(Checkout& to_fill, Decimals& to_round) : checkout(to_fill), decimals(to_round) {}

  Checkout& checkout;
  Decimals& decimals;
  std::vector<Minor> promotions;  // beside checkout.lines: promised off, perhaps within the amount already
  std::vector<bool> voided;       // beside checkout.lines: status "void"
  Minor tax = 0;
};
std::optional<Error> read_naxml_line(pugi::xml_node line, NaxmlWork& work);

}  // namespace tillside::journal
