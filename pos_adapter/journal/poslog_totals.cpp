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
  push_line(extra, 0, work);
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

// Of a whole bill, else of its lines, which may be written in both places.
RetailWork::Tax tax_of(const RetailWork& work) {
  RetailWork::Tax tax = work.tax_of_bill.amount != 0 ? work.tax_of_bill : work.tax_of_items;
  tax.amount = work.tax.value_or(tax.amount);
  tax.included = work.tax_of_bill.included || work.tax_of_items.included;
  tax.added = work.tax_of_bill.added || work.tax_of_items.added;
  return tax;
}

// Some vendors write what a return pays out as a positive figure.
void turn_refund(RetailWork& work, RetailWork::Tax& tax, const Sums& sums) {
  Checkout& checkout = work.checkout;
  if (checkout.state != CheckoutState::returned) return;
  if (work.grand) work.grand = -std::abs(*work.grand);
  if (work.net_amount) work.net_amount = -std::abs(*work.net_amount);
  tax.amount = -std::abs(tax.amount);
  if (sums.tenders > 0)
    for (Tender& tender : checkout.tenders) tender.amount = -tender.amount;
}

bool adds_tax(const RetailWork& work, const RetailWork::Tax& tax, Minor lines) {
  if (work.mapping.prices_include_tax) return !*work.mapping.prices_include_tax;
  if (tax.amount == 0) return false;
  if (work.grand && (*work.grand == lines || *work.grand == lines + tax.amount)) return *work.grand != lines;
  return tax.added && !tax.included;
}

// A bill that is rounded has a line for it, so that its lines make up what was paid.
void push_rounding(RetailWork& work) {
  Line line;
  line.line_no = next_line_no(work.checkout);
  line.sku = "ROUNDING";
  line.kind = work.rounding < 0 ? LineKind::discount : LineKind::fee;
  line.amount = work.rounding;
  push_line(line, 0, work);
}

// One sale that everything came from is the document's; goods of several sales keep theirs.
void settle_originals(RetailWork& work) {
  Checkout& checkout = work.checkout;
  std::optional<OriginalRef> only = checkout.original;
  bool several = false;
  for (const auto& sale : work.returned_from) {
    several = several || (sale && only && !(*sale == *only));
    if (sale && !only) only = sale;
  }
  for (std::size_t i = 0; i < checkout.lines.size(); ++i) {
    Line& line = checkout.lines[i];
    if (line.kind != LineKind::returned || !only) continue;
    if (several && work.returned_from[i]) line.original->sale = *work.returned_from[i];
    if (!line.original && checkout.original) line.original = LineOriginal{};
    const bool says_nothing = line.original && line.original->line_no == 0 && line.original->sale.names_nothing();
    if (says_nothing && checkout.state == CheckoutState::returned) line.original.reset();
  }
  if (!several) checkout.original = only;
}

// A tender taken back at once was never one: its amount is missing from those of its type, else from the others.
void net_tenders(Checkout& checkout) {
  const bool paid_out = checkout.state == CheckoutState::returned;
  const auto wrong = [&](const Tender& tender) {
    return paid_out ? tender.amount > 0 : tender.amount < 0 && tender.type != TenderType::cash;
  };
  for (const bool same_type : {true, false})
    for (Tender& back : checkout.tenders)
      for (Tender& other : checkout.tenders) {
        if (!wrong(back) || &back == &other || (same_type && back.type != other.type)) continue;
        if ((back.amount < 0) == (other.amount < 0)) continue;
        const Minor both = std::min(std::abs(back.amount), std::abs(other.amount));
        back.amount += back.amount < 0 ? both : -both;
        other.amount += other.amount < 0 ? both : -both;
      }
  std::erase_if(checkout.tenders, [](const Tender& tender) { return tender.amount == 0; });
}

bool one_direction(const Checkout& checkout) {
  if (checkout.state == CheckoutState::returned) return true;
  return checkout.state == CheckoutState::completed || checkout.state == CheckoutState::suspended ||
         checkout.state == CheckoutState::resumed || checkout.state == CheckoutState::total;
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

void settle_retail(RetailWork& work) {
  apply_reductions(work);
  Checkout& checkout = work.checkout;
  Sums sums = sums_of(checkout);
  decide_state(work, sums.gross - sums.discount);
  RetailWork::Tax tax = tax_of(work);
  turn_refund(work, tax, sums);
  const Minor lines = sums.gross - sums.discount;
  checkout.prices_include_tax = !adds_tax(work, tax, lines);
  const Minor added_tax = checkout.prices_include_tax ? 0 : tax.amount;
  const Minor stated = work.net_amount ? *work.net_amount + added_tax : lines + added_tax;
  Minor net = work.grand.value_or(stated);
  if (work.rounding != 0) {
    push_rounding(work);
    sums = sums_of(checkout);
    if (net == lines + added_tax) net += work.rounding;  // the stated total was before rounding
  }
  checkout.totals = {sums.gross, sums.discount, tax.amount, net};
  settle_originals(work);
  if (one_direction(checkout)) net_tenders(checkout);
}

}  // namespace tillside::journal
