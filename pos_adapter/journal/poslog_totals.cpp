#include <algorithm>
#include <cstdlib>
#include <utility>

#include "pos_adapter/journal/poslog_transaction.h"

namespace tillside::journal {
namespace {

struct Sums {
  Minor gross = 0, discount = 0, tenders = 0;
};

Sums sums_of(const Checkout& checkout) {
  Sums sums;
  for (const Line& line : checkout.lines) {
    const bool discount = line.kind == LineKind::discount;
    sums.gross += discount ? 0 : line.amount;
    sums.discount += discount ? -line.amount : line.discount;
  }
  for (const Tender& tender : checkout.tenders) sums.tenders += tender.amount;
  return sums;
}

Line* line_with(RetailWork& work, std::int64_t operator_sequence) {
  if (operator_sequence == 0) return nullptr;
  const auto& sequences = work.operator_sequences;
  const auto found = std::find(sequences.begin(), sequences.end(), operator_sequence);
  return found == sequences.end() ? nullptr : &work.checkout.lines[static_cast<std::size_t>(found - sequences.begin())];
}

std::int32_t next_line_no(const Checkout& checkout) {
  std::int32_t highest = 0;
  for (const Line& line : checkout.lines) highest = std::max(highest, line.line_no);
  return std::min(highest, 999'999) + 1;
}

void reduce(RetailWork& work, const RetailWork::Reduction& reduction) {
  Line* line = line_with(work, reduction.operator_sequence);
  if (line && line->kind == LineKind::sale && reduction.amount > 0 &&
      line->discount + reduction.amount <= line->amount) {
    line->discount += reduction.amount;
    return;
  }
  Line extra;
  extra.line_no = next_line_no(work.checkout);
  extra.sku = reduction.name;
  extra.kind = reduction.amount > 0 ? LineKind::discount : LineKind::fee;
  extra.amount = -reduction.amount;
  work.checkout.lines.push_back(std::move(extra));
}

// The pieces when they make up the sums, else the sums alone.
void apply_reductions(RetailWork& work) {
  Minor pieces = 0, whole = 0;
  for (const auto& reduction : work.reductions) {
    pieces += reduction.detail ? reduction.amount : 0;
    whole += reduction.summary ? reduction.amount : 0;
  }
  for (const auto& reduction : work.reductions)
    if (pieces == whole ? reduction.detail : reduction.summary) reduce(work, reduction);
}

bool all_given_back(const Checkout& checkout) {
  return !checkout.lines.empty() && std::all_of(checkout.lines.begin(), checkout.lines.end(), [](const Line& line) {
    return line.kind != LineKind::sale && line.kind != LineKind::fee && line.kind != LineKind::deposit;
  });
}

void decide_state(RetailWork& work, Minor net) {
  Checkout& checkout = work.checkout;
  if (checkout.state != CheckoutState::completed || !work.has_return) return;
  if (all_given_back(checkout)) {
    checkout.state = CheckoutState::returned;
  } else {
    checkout.state = net < 0 && !work.has_sale ? CheckoutState::returned : CheckoutState::exchanged;
  }
}

// Some vendors write what a return pays out as a positive figure.
void turn_refund(RetailWork& work, const Sums& sums) {
  Checkout& checkout = work.checkout;
  if (checkout.state != CheckoutState::returned) return;
  if (work.grand) work.grand = -std::abs(*work.grand);
  if (work.net_amount) work.net_amount = -std::abs(*work.net_amount);
  if (work.tax) work.tax = -std::abs(*work.tax);
  work.tax_of_lines = -std::abs(work.tax_of_lines);
  if (sums.tenders > 0)
    for (Tender& tender : checkout.tenders) tender.amount = -tender.amount;
}

bool adds_tax(const RetailWork& work, const Mapping& mapping, const Sums& sums, Minor tax) {
  if (mapping.prices_include_tax) return !*mapping.prices_include_tax;
  return tax != 0 && work.grand && *work.grand == sums.gross - sums.discount + tax;
}

}  // namespace

std::optional<Error> read_total(pugi::xml_node total, RetailWork& work) {
  const auto type = local_name(attribute_text(total, "TotalType"));
  std::optional<Minor>* target = nullptr;
  if (type == "TransactionGrandAmount") target = &work.grand;
  if (type == "TransactionNetAmount") target = &work.net_amount;
  if (type == "TransactionTaxAmount") target = &work.tax;
  if (target == nullptr) return {};
  auto amount = work.decimals.amount(total.text().get(), type);
  if (!amount.ok()) return amount.error();
  *target = *amount;
  return {};
}

void settle_retail(RetailWork& work, const Mapping& mapping) {
  apply_reductions(work);
  Checkout& checkout = work.checkout;
  const Sums sums = sums_of(checkout);
  decide_state(work, sums.gross - sums.discount);
  turn_refund(work, sums);
  const Minor tax = work.tax.value_or(work.tax_of_lines);
  checkout.prices_include_tax = !adds_tax(work, mapping, sums, tax);
  const Minor computed = sums.gross - sums.discount + (checkout.prices_include_tax ? 0 : tax);
  const Minor stated = work.net_amount ? *work.net_amount + (checkout.prices_include_tax ? 0 : tax) : computed;
  checkout.totals = {sums.gross, sums.discount, tax, work.grand.value_or(stated)};
}

}  // namespace tillside::journal
