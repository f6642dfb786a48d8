#include <cstdlib>
#include <string>
#include <utility>

#include "pos_adapter/journal/poslog_transaction.h"

namespace tillside::journal {
namespace {

using Failure = std::optional<Error>;

enum class Part : std::uint8_t { none, sale, returned };

// Orders and layaways are no sales until they are delivered; what was ordered before is not sold now.
Part part_of(std::string_view name) {
  if (name == "Sale" || name == "SaleForDelivery" || name == "SaleForPickup" || name == "StoredValueFundSale" ||
      name == "GiftCertificate" || name == "PaymentOnAccount" || name == "Deposit" || name == "Downpayment")
    return Part::sale;
  const bool back =
      name == "Return" || name == "ReturnForDelivery" || name == "ReturnForPickup" || name == "StoredValueFundReturn";
  return back ? Part::returned : Part::none;
}

// Points given or taken are no money; an amount is what they, or the offer, took off.
Failure take_reward(pugi::xml_node node, bool voided, RetailWork& work) {
  std::string_view category = "Monetary", amount, promotion, reference;
  each_child(node, [&](std::string_view name, pugi::xml_node child) {
    const std::string_view text = own_text(child);
    if (name == "RewardCategory")
      category = text;
    else if (name == "ExtendedRewardAmount" || ((name == "Amount" || name == "DiscountAmount") && amount.empty()))
      amount = text;
    else if (name == "PromotionID")
      promotion = text;
    else if (name == "OperatorSequenceReference")
      reference = text;
  });
  if (category != "Monetary" || voided) return {};
  RetailWork::Reduction reduction;
  auto told = work.decimals.amount(amount, "LoyaltyReward.ExtendedRewardAmount");
  if (!told.ok()) return told.error();
  if (*told == 0) return {};
  reduction.detail = is_true(node, "detailedData");
  reduction.summary = is_true(node, "summarizedActivity");
  const bool acs = reduction.detail || reduction.summary;
  if (!acs) reduction.detail = reduction.summary = true;
  const bool signed_amount = *told < 0 || acs;  // ACS writes what is given back again without a sign
  reduction.amount = signed_amount ? -*told : *told;
  const auto sequence = whole_number(reference, "");
  reduction.operator_sequence = sequence.ok() ? *sequence : 0;
  reduction.name = promotion;
  work.reductions.push_back(std::move(reduction));
  return {};
}

// A discount on the bill: an amount, as an element of its own or within its rule.
Failure take_discount(pugi::xml_node node, bool voided, RetailWork& work) {
  if (voided || is_true(node, "VoidFlag")) return {};
  pugi::xml_node amount = child_named(node, "Amount");
  if (!amount) amount = child_named(child_named(node, "PriceDerivationRule"), "Amount");
  RetailWork::Reduction reduction;
  auto told = work.decimals.amount(amount.text().get(), "Discount.Amount");
  if (!told.ok()) return told.error();
  reduction.amount = attribute_text(amount, "Action") == "Add" ? -std::abs(*told) : std::abs(*told);
  reduction.name = child_text(node, "PromotionID");
  if (reduction.amount != 0) work.reductions.push_back(std::move(reduction));
  const auto eligibility = child_named(child_named(node, "PriceDerivationRule"), "Eligibility");
  take_coupon_code(child_text(eligibility, "ReferenceID"), work.checkout);
  return {};
}

struct LineHead {
  bool voided = false;
  Proof proof = Proof::scanned;
  std::int32_t line_no = 0;
};

Failure take_part(std::string_view name, pugi::xml_node node, const LineHead& head, RetailWork& work) {
  const Part part = part_of(name);
  if (part != Part::none) return take_item(node, part == Part::returned, head.voided, head.line_no, work);
  if (name == "Tender") return take_tender(node, head.voided, work);
  if (name == "LoyaltyReward") return take_reward(node, head.voided, work);
  if (name == "Discount" || name == "RetailPriceModifier" || name == "PriceModification")
    return take_discount(node, head.voided, work);
  if (name == "Tax" && !head.voided) return add_tax(node, work.decimals, work.tax_of_bill);
  if (name == "Rounding" && !head.voided) return take_rounding(node, work);
  if (name == "LoyaltyMembership" || name == "LoyaltyAccount" || name == "Customer")
    take_customer(node, head.proof, work.checkout);
  if (name == "ScanData") take_coupon_code(own_text(node), work.checkout);
  return {};
}

}  // namespace

Failure add_amount(Minor& sum, std::string_view text, std::string_view field, Decimals& decimals) {
  auto amount = decimals.amount(text, field);
  if (!amount.ok()) return amount.error();
  auto total = add(sum, *amount);
  if (!total.ok()) return Error{ErrorCode::overflow, std::string(field), ""};
  sum = *total;
  return {};
}

Failure add_tax(pugi::xml_node node, Decimals& decimals, RetailWork::Tax& sum) {
  auto flag = attribute_text(child_named(node, "TaxableAmount"), "TaxIncludedInTaxableAmountFlag");
  if (flag.empty()) flag = child_text(node, "TaxIncludedInPriceFlag");
  if (!flag.empty()) (flag == "true" || flag == "1" ? sum.included : sum.added) = true;
  return add_amount(sum.amount, child_text(node, "Amount"), "Tax.Amount", decimals);
}

Failure read_line_item(pugi::xml_node line_item, RetailWork& work) {
  LineHead head;
  head.voided = is_true(line_item, "VoidFlag");
  const auto entry_method = local_name(attribute_text(line_item, "EntryMethod"));
  if (entry_method == "Keyed" || entry_method == "Searched") head.proof = Proof::named;
  const auto number = whole_number(child_text(line_item, "SequenceNumber"), "");
  head.line_no = static_cast<std::int32_t>(number.ok() && *number <= kMaxLineNumber ? *number : 0);
  if (work.checkout.lines.size() >= kMaxLines) return Error{ErrorCode::out_of_range, "LineItem", "too many"};
  Failure error;
  each_child(line_item, [&](std::string_view name, pugi::xml_node node) {
    if (!error) error = take_part(name, node, head, work);
  });
  if (error && head.line_no != 0) error->field = "LineItem " + std::to_string(head.line_no) + ": " + error->field;
  return error;
}

}  // namespace tillside::journal
