// One ARTS POSLog Transaction into a Checkout. Element names are read without their prefix; docs/journal.md has the
// table.
#pragma once

#include <optional>
#include <pugixml.hpp>
#include <string_view>
#include <vector>

#include "pos_adapter/journal/decimals.h"
#include "pos_adapter/journal/mapping.h"
#include "pos_adapter/journal/reader.h"

namespace tillside::journal {

// nullopt: a transaction that is no checkout and no event (tender and inventory controls).
std::optional<Result<Checkout>> read_transaction(pugi::xml_node transaction, const Mapping& mapping,
                                                 const Defaults& defaults);

// What RetailTransaction needs while it is read; filled by poslog_lines.cpp and poslog_totals.cpp.
struct RetailWork {
  // A reward or discount that names the line it was taken off by the operator's sequence, 0 for the bill.
  struct Reduction {
    Minor amount = 0;  // >= 0 takes off
    std::int64_t operator_sequence = 0;
    bool detail = true, summary = true;  // ACS writes a bill discount twice: in pieces and as their sum
    std::string name;
  };

  RetailWork(Checkout& to_fill, Decimals& to_round) : checkout(to_fill), decimals(to_round) {}

  Checkout& checkout;
  Decimals& decimals;
  std::vector<std::int64_t> operator_sequences;  // beside checkout.lines
  std::vector<Reduction> reductions;
  Minor tax_of_lines = 0;
  std::optional<Minor> grand, net_amount, tax;
  bool has_sale = false, has_return = false;
};

std::optional<Error> read_line_item(pugi::xml_node line_item, RetailWork& work);
std::optional<Error> read_total(pugi::xml_node total, RetailWork& work);

// Distributes the reductions, makes the totals and decides between completed, returned and exchanged.
void settle_retail(RetailWork& work, const Mapping& mapping);

// The transaction it names; nullopt unless lane, business date and sequence are all there.
std::optional<OriginalRef> read_link(pugi::xml_node link);

// Calls visit(local name, child) for each child element.
template <class Visit>
void each_child(pugi::xml_node node, Visit visit);
std::string_view child_text(pugi::xml_node node, std::string_view name);  // trimmed; blank when absent
bool is_true(pugi::xml_node node, std::string_view attribute);            // prefix of the attribute's name ignored
std::string_view attribute_text(pugi::xml_node node, std::string_view attribute);

}  // namespace tillside::journal

#include "pos_adapter/journal/poslog_scan.h"

namespace tillside::journal {

template <class Visit>
void each_child(pugi::xml_node node, Visit visit) {
  for (pugi::xml_node child = node.first_child(); child; child = child.next_sibling())
    if (child.type() == pugi::node_element) visit(local_name(child.name()), child);
}

}  // namespace tillside::journal
