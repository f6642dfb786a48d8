// One ARTS POSLog Transaction into a Checkout. Element names are those of the standard (2.2.1 and 6) and of vendors who
// write it, read without their prefix; docs/journal.md has the table.
#pragma once

#include <optional>
#include <pugixml.hpp>
#include <string_view>
#include <vector>

#include "pos_adapter/journal/decimals.h"
#include "pos_adapter/journal/mapping.h"
#include "pos_adapter/journal/reader.h"
#include "pos_adapter/journal/xml_node.h"

namespace tillside::journal {

// nullopt: a transaction that is no checkout and no event (tender and inventory controls).
std::optional<Result<Checkout>> read_transaction(pugi::xml_node transaction, const Mapping& mapping,
                                                 const Defaults& defaults);

// What RetailTransaction needs while it is read; filled by the poslog_*.cpp beside this.
struct RetailWork {
  // A reward or discount that names the line it was taken off by the operator's sequence, 0 for the bill.
  struct Reduction {
    Minor amount = 0;  // >= 0 takes off
    std::int64_t operator_sequence = 0;
    bool detail = true, summary = true;  // ACS writes a bill discount twice: in pieces and as their sum
    std::string name;
  };
  struct Tax {
    Minor amount = 0;
    bool included = false, added = false;  // what the elements say of themselves; neither when they do not
  };

  RetailWork(Checkout& to_fill, Decimals& to_round, const Mapping& with)
      : checkout(to_fill), decimals(to_round), mapping(with) {}

  Checkout& checkout;
  Decimals& decimals;
  const Mapping& mapping;
  std::vector<std::int64_t> operator_sequences;           // beside checkout.lines
  std::vector<std::optional<OriginalRef>> returned_from;  // beside checkout.lines
  std::vector<Reduction> reductions;
  Tax tax_of_items, tax_of_bill;  // some write both, one the sum of the other
  Minor rounding = 0;             // what the customer pays more because the bill was rounded
  std::optional<Minor> grand, net_amount, tax;
  bool has_sale = false, has_return = false;
};

std::optional<Error> read_line_item(pugi::xml_node line_item, RetailWork& work);
std::optional<Error> read_total(pugi::xml_node total, RetailWork& work);

// Parts of read_line_item. `returned`: the element is a Return of some kind.
std::optional<Error> take_item(pugi::xml_node item, bool returned, bool voided, std::int32_t line_no, RetailWork& work);
std::optional<Error> take_tender(pugi::xml_node tender, bool voided, RetailWork& work);
std::optional<Error> take_rounding(pugi::xml_node rounding, RetailWork& work);
void push_line(const Line& line, std::int64_t operator_sequence, RetailWork& work);

// A Tax element, and whether it says that the price held it already.
std::optional<Error> add_tax(pugi::xml_node node, Decimals& decimals, RetailWork::Tax& sum);

// Whoever a Customer, LoyaltyMembership or LoyaltyAccount names, each once.
void take_customer(pugi::xml_node node, Proof proof, Checkout& checkout);
// A code of ours that was scanned at the till; other coupons are not for us.
void take_coupon_code(std::string_view text, Checkout& checkout);

// Distributes the reductions, makes the totals and decides between completed, returned and exchanged.
void settle_retail(RetailWork& work);

// The transaction it names; nullopt unless there is its id, or lane, business date and sequence.
std::optional<OriginalRef> read_link(pugi::xml_node link, const Mapping& mapping);

// Adds to a sum that stays an int64; the Error names the field.
std::optional<Error> add_amount(Minor& sum, std::string_view text, std::string_view field, Decimals& decimals);

}  // namespace tillside::journal
