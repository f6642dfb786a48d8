// A checkout while its document is being read: what was there, before what was left out is filled in.
#pragma once

#include <limits>
#include <optional>
#include <string>

#include "agent/domain/checkout.h"
#include "agent/domain/checkout_json.h"

namespace tillside {

struct TotalsDraft {
  std::optional<Minor> gross, discount, tax, net;
};

struct LineDraft {
  Line line;
  bool has_line_no = false, has_unit_price = false, has_amount = false;
};

struct CheckoutDraft {
  Checkout checkout;
  TotalsDraft totals;
  bool has_state = false;
  bool has_text_amounts = false;  // decimals, scaled by an exponent assumed before the currency was read
  std::optional<std::string> occurred_at, occurred_at_text;
  std::optional<LocalDate> business_date;
};

// Amount from quantity and unit price when left out; missing_field when that is left out too. `index` counts from 0.
Result<Line> finish_line(LineDraft&& draft, std::size_t index);

// Fills in what was left out: store, time, business date, totals from the lines. missing_field and bad_time.
Result<Checkout> finish_checkout(CheckoutDraft&& draft, const CheckoutReader::Defaults& defaults);

}  // namespace tillside
