#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <utility>

#include "pos_adapter/journal/poslog_price.h"
#include "pos_adapter/journal/poslog_transaction.h"
#include "pos_adapter/journal/returned_line.h"

namespace tillside::journal {
namespace {

using Failure = std::optional<Error>;

// What a Sale or Return says, still as text.
struct Item {
  std::string_view item_id, pos_item_id, description, unit, type;
  PriceWords price;
  std::string category;
  bool one_hierarchy = false;  // it has an ID beside others: one is enough
  std::int64_t operator_sequence = 0;
  pugi::xml_node link;
};

// UN/ECE recommendation 20 as shops write it; others stay as they are.
std::string_view unit_of(std::string_view code) {
  struct Known {
    std::string_view code, unit;
  };
  static constexpr std::array kWords = {Known{"KGM", "kg"}, Known{"KG", "kg"}, Known{"GRM", "g"},  Known{"LTR", "l"},
                                        Known{"MLT", "ml"}, Known{"MTR", "m"}, Known{"CMT", "cm"}, Known{"LBR", "lb"},
                                        Known{"ONZ", "oz"}, Known{"MTK", "m2"}};
  for (const Known& word : kWords)
    if (word.code == code) return word.unit;
  return code;
}

void read_quantity(pugi::xml_node node, Item& item) {
  item.price.quantity = own_text(node);
  item.price.units = attribute_text(node, "Units");
  item.unit = unit_of(attribute_text(node, "UnitOfMeasureCode"));
}

// Levels of one hierarchy make a path; of several hierarchies, told apart by an ID, the first is meant.
void add_category(pugi::xml_node node, Item& item) {
  const std::string_view text = own_text(node);
  if (text.empty() || item.one_hierarchy) return;
  item.one_hierarchy = !attribute_text(node, "ID").empty();
  if (!item.category.empty()) item.category += '/';
  item.category += text;
}

void take_modifier(pugi::xml_node node, Item& item, RetailWork& work) {
  if (auto modifier = read_modifier(node)) item.price.modifiers.push_back(*modifier);
  const auto eligibility = child_named(child_named(node, "PriceDerivationRule"), "Eligibility");
  take_coupon_code(child_text(eligibility, "ReferenceID"), work.checkout);
}

void read_text(std::string_view name, std::string_view text, Item& item) {
  const auto first = [text](std::string_view& target) { target = target.empty() ? text : target; };
  if (name == "ItemID" || name == "AlternativeItemID")
    first(item.item_id);
  else if (name == "Description")
    first(item.description);
  else if (name == "ActualSalesUnitPrice")
    item.price.actual = text;
  else if (name == "ExtendedAmount")
    item.price.extended = text;
  else if (name == "Amount" || name == "FaceValueAmount")  // of a gift card that is sold
    first(item.price.extended);
  else if (name == "DiscountAmount")
    item.price.unit_discount = text;
  else if (name == "ExtendedDiscountAmount")
    item.price.extended_discount = text;
  else if (name == "OperatorSequence")
    item.operator_sequence = whole_number(text, "").ok() ? *whole_number(text, "") : 0;
}

Failure read_part(std::string_view name, pugi::xml_node child, Item& item, bool voided, RetailWork& work) {
  RetailWork::Tax none;
  if (name == "POSIdentity") {
    if (item.pos_item_id.empty()) item.pos_item_id = child_text(child, "POSItemID");
  } else if (name == "MerchandiseHierarchy") {
    add_category(child, item);
  } else if (name == "RegularSalesUnitPrice") {
    item.price.regular = own_text(child);
    item.price.package = attribute_text(child, "Quantity");
  } else if (name == "Quantity") {
    read_quantity(child, item);
  } else if (name == "RetailPriceModifier") {
    take_modifier(child, item, work);
  } else if (name == "Tax") {
    return add_tax(child, work.decimals, voided ? none : work.tax_of_items);
  } else if (name == "TaxIncludedInPriceFlag") {
    (own_text(child) == "true" ? work.tax_of_items.included : work.tax_of_items.added) = true;
  } else if (name == "Associate") {
    if (work.checkout.guide_id.empty()) work.checkout.guide_id = child_text(child, "AssociateID");
  } else if (name == "TransactionLink") {
    item.link = child;
  } else {
    read_text(name, own_text(child), item);
  }
  return {};
}

LineKind forward_kind(std::string_view type) {
  static constexpr std::array<std::string_view, 6> kHeldMoney = {"Deposit",     "GiftCard",        "GiftCertificate",
                                                                 "StoredValue", "StoredValueFund", "Downpayment"};
  if (std::find(kHeldMoney.begin(), kHeldMoney.end(), type) != kHeldMoney.end()) return LineKind::deposit;
  return type == "Fee" || type == "Donation" ? LineKind::fee : LineKind::sale;
}

std::string_view item_type_of(pugi::xml_node node) {
  const auto told = local_name(attribute_text(node, "ItemType"));
  if (!told.empty()) return told;
  const auto name = local_name(node.name());
  const bool money = name.starts_with("StoredValueFund") || name == "GiftCertificate" || name == "Deposit" ||
                     name == "PaymentOnAccount" || name == "Downpayment";
  return money ? "StoredValueFund" : told;
}

// A voided line with its amount negated cancels an earlier one; with its amount as it was, it is cancelled itself.
void push_voided(Line line, std::int64_t operator_sequence, RetailWork& work) {
  if (line.amount > 0) push_line(line, operator_sequence, work);
  line.kind = LineKind::voided;
  turn_back(line);
  push_line(line, 0, work);
}

Result<Line> line_of(Item& item, std::int32_t line_no, Decimals& decimals) {
  const auto figures = price_figures(item.price, decimals);
  if (!figures.ok()) return figures.error();
  Line line;
  line.line_no = line_no;
  line.sku = item.item_id.empty() ? item.pos_item_id : item.item_id;
  line.name = item.description;
  line.category = std::move(item.category);
  line.unit = item.unit;
  line.kind = forward_kind(item.type);
  line.quantity = figures->quantity;
  line.unit_price = figures->unit_price;
  line.amount = figures->negative ? -figures->amount : figures->amount;
  line.discount = figures->discount;
  return line;
}

// Sold and given back: signs follow the kind, whatever the source wrote.
void set_direction(Line& line, bool returned, bool voided) {
  if (returned ? !voided : line.amount < 0) {
    line.kind = LineKind::returned;
    turn_back(line);
  } else if (returned) {  // a voided return: its goods stay sold
    line.amount = std::abs(line.amount);
    line.quantity = std::abs(line.quantity);
  }
}

void note_link(const Item& item, RetailWork& work) {
  auto sale = read_link(item.link, work.mapping);
  if (!sale) return;
  const auto number = whole_number(child_text(item.link, "LineItemSequenceNumber"), "");
  const bool told = number.ok() && *number <= kMaxLineNumber;
  Line& line = work.checkout.lines.back();
  line.original = LineOriginal{{}, told ? static_cast<std::int32_t>(*number) : 0};
  work.returned_from.back() = std::move(sale);
}

}  // namespace

void push_line(const Line& line, std::int64_t operator_sequence, RetailWork& work) {
  work.checkout.lines.push_back(line);
  work.operator_sequences.push_back(operator_sequence);
  work.returned_from.emplace_back();
}

Failure take_item(pugi::xml_node node, bool returned, bool voided, std::int32_t line_no, RetailWork& work) {
  Item item;
  item.type = item_type_of(node);
  Failure error;
  const Minor tax_before = work.tax_of_items.amount;
  each_child(node, [&](std::string_view name, pugi::xml_node child) {
    if (!error) error = read_part(name, child, item, voided, work);
  });
  if (error) return error;
  if (returned) work.tax_of_items.amount = tax_before - std::abs(work.tax_of_items.amount - tax_before);
  auto line = line_of(item, line_no, work.decimals);
  if (!line.ok()) return line.error();
  if (voided && !returned) {
    push_voided(*line, item.operator_sequence, work);
    return {};
  }
  (returned ? work.has_return : work.has_sale) = true;
  set_direction(*line, returned, voided);
  push_line(*line, item.operator_sequence, work);
  if (work.checkout.lines.back().kind == LineKind::returned && item.link) note_link(item, work);
  return {};
}

}  // namespace tillside::journal
