// What was advised to be taken off against what the POS says it took off.
#pragma once

#include <optional>
#include <vector>

#include "agent/domain/benefit.h"
#include "agent/domain/checkout.h"

namespace tillside {

// The last advice of a showing, as `complete` is held to it.
struct AdvisedOff {
  std::vector<AppliedDiscount> rows;  // code, line and amount
  Minor pos_discounts = 0;            // pos_discounts() of the bill that was advised
};
AdvisedOff advised_off(const Checkout& checkout, const std::vector<AdvisedDiscount>& discounts);

// Everything taken off lines, and discount lines: by whomever.
Minor pos_discounts(const Checkout& checkout);

struct Reconciled {
  bool differs = false;
  // For doors that report no applied discounts: by how much more was taken off than when it was advised, if at all.
  std::optional<Minor> inferred;
};
// Asked of sales alone; anything else differs in nothing. Rows of one code are compared by line, or in all when the POS
// reports the code for the whole bill. Codes that are no benefit's are left to others.
Reconciled reconcile(const AdvisedOff& advised, const Checkout& checkout);

}  // namespace tillside
