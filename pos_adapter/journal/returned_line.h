// A line of goods that come back, as every format's reader makes it.
#pragma once

#include <cstdlib>

#include "agent/domain/checkout.h"

namespace tillside::journal {

// Amount, quantity and discount negative, the unit price positive, whatever signs the source wrote.
inline void turn_back(Line& line) {
  line.amount = -std::abs(line.amount);
  line.quantity = -std::abs(line.quantity);
  line.unit_price = std::abs(line.unit_price);
  line.discount = -std::abs(line.discount);
}

}  // namespace tillside::journal
