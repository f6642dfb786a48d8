#include "agent/domain/checkout_draft.h"

#include <cstdlib>
#include <utility>

namespace tillside {
namespace {

bool takes(LineKind kind) { return kind == LineKind::sale || kind == LineKind::deposit || kind == LineKind::fee; }

// A discount line is a discount, not a negative part of the gross.
Totals totals_of(const std::vector<Line>& lines) {
  Totals totals;
  for (const auto& line : lines) {
    if (line.kind == LineKind::discount)
      totals.discount -= line.amount;
    else
      totals.gross += line.amount;
    totals.discount += line.discount;
  }
  return totals;
}

Totals fill_totals(const TotalsDraft& draft, const Checkout& checkout) {
  const Totals lines = totals_of(checkout.lines);
  Totals totals;
  totals.tax = draft.tax.value_or(0);
  const Minor added_tax = checkout.prices_include_tax ? 0 : totals.tax;
  const bool from_lines = !checkout.lines.empty() || !draft.net;
  totals.discount =
      draft.discount.value_or(draft.gross && draft.net ? *draft.gross + added_tax - *draft.net : lines.discount);
  totals.gross = draft.gross.value_or(from_lines ? lines.gross : *draft.net + totals.discount - added_tax);
  totals.net = draft.net.value_or(totals.gross - totals.discount + added_tax);
  return totals;
}

Status take_time(CheckoutDraft& draft, const CheckoutReader::Defaults& defaults) {
  Checkout& checkout = draft.checkout;
  checkout.occurred_at = defaults.now;
  if (draft.occurred_at) {
    const auto at = parse_time(*draft.occurred_at, *defaults.zone);
    if (!at) return Error{at.error().code, "occurred_at", at.error().detail};
    checkout.occurred_at = *at;
    checkout.occurred_at_text = std::move(*draft.occurred_at);
  }
  if (draft.occurred_at_text) checkout.occurred_at_text = std::move(*draft.occurred_at_text);
  return {};
}

void take_business_date(CheckoutDraft& draft, const StoreZone& zone) {
  Checkout& checkout = draft.checkout;
  if (!draft.business_date) checkout.business_date_assumed = true;
  checkout.business_date = draft.business_date.value_or(zone.date(checkout.occurred_at));
}

}  // namespace

Result<Line> finish_line(LineDraft&& draft, std::size_t index) {
  Line& line = draft.line;
  if (!draft.has_line_no) line.line_no = static_cast<std::int32_t>(index) + 1;
  if (draft.has_amount) return std::move(line);
  if (!draft.has_unit_price) return Error{ErrorCode::missing_field, "amount", "required, or unit_price"};
  line.amount = extend(line.quantity, line.unit_price);
  if (line.amount > kMaxAmount || line.amount < -kMaxAmount)
    return Error{ErrorCode::overflow, "amount", "quantity times unit_price is beyond 10^12"};
  if (!takes(line.kind)) line.amount = -std::abs(line.amount);
  return std::move(line);
}

Result<Checkout> finish_checkout(CheckoutDraft&& draft, const CheckoutReader::Defaults& defaults) {
  Checkout& checkout = draft.checkout;
  if (!draft.has_state) return Error{ErrorCode::missing_field, "state", "required"};
  if (checkout.store_id.empty()) checkout.store_id = defaults.store_id;
  if (const auto time = take_time(draft, defaults); !time) return time.error();
  take_business_date(draft, *defaults.zone);
  checkout.totals = fill_totals(draft.totals, checkout);
  return std::move(checkout);
}

}  // namespace tillside
