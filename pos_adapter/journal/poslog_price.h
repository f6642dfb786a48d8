// What a Sale or Return says of its price, and what follows: amount before discount, discount.
#pragma once

#include <optional>
#include <pugixml.hpp>
#include <string_view>
#include <vector>

#include "pos_adapter/journal/decimals.h"

namespace tillside::journal {

// One RetailPriceModifier.
struct PriceModifier {
  enum class Kind : std::uint8_t { amount, percent, price };  // price: the unit price from here on
  Kind kind = Kind::amount;
  bool adds = false;
  std::string_view value, before;  // before: the unit price it began from, where told
};

// nullopt: a voided one, or one that changes nothing.
std::optional<PriceModifier> read_modifier(pugi::xml_node modifier);

// As the elements have them; blank where absent.
struct PriceWords {
  std::string_view quantity = "1", units;  // Quantity and its Units: pieces, and what was weighed or measured
  std::string_view regular, package;       // RegularSalesUnitPrice, and for how many of them it is
  std::string_view actual, extended, unit_discount, extended_discount;
  std::vector<PriceModifier> modifiers;
};

struct PriceFigures {  // >= 0, but the quantity keeps its sign
  Thousandths quantity = 1000;
  Minor unit_price = 0, amount = 0, discount = 0;
  bool negative = false;  // the extended amount was below zero
};

Result<PriceFigures> price_figures(const PriceWords& words, Decimals& decimals);

}  // namespace tillside::journal
