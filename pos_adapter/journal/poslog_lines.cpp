#include <array>
#include <cstdlib>
#include <string>
#include <utility>

#include "pos_adapter/journal/poslog_transaction.h"
#include "pos_adapter/journal/returned_line.h"

namespace tillside::journal {
namespace {

using Failure = std::optional<Error>;

constexpr std::size_t kLongestCardNumber = 19;  // ISO/IEC 7812; a longer row of digits is padded

// What a Sale or Return says, still as text.
struct Item {
  std::string_view item_id, pos_item_id, description, unit, type;
  std::string_view quantity = "1", regular_price, actual_price, extended, discount, extended_discount;
  std::string category;
  Minor modified = 0;  // by RetailPriceModifiers, >= 0 takes off
  Minor tax = 0;
  std::int64_t operator_sequence = 0;
  pugi::xml_node link;
};

template <class T>
Failure into(T& target, Result<T> read) {
  if (!read.ok()) return read.error();
  target = *read;
  return {};
}

Failure add_amount(Minor& sum, std::string_view text, std::string_view field, Decimals& decimals) {
  auto amount = decimals.amount(text, field);
  if (!amount.ok()) return amount.error();
  auto total = add(sum, *amount);
  if (!total.ok()) return Error{ErrorCode::overflow, std::string(field), ""};
  sum = *total;
  return {};
}

Failure read_modifier(pugi::xml_node node, Item& item, Decimals& decimals) {
  Minor amount = 0;
  Failure error;
  each_child(node, [&](std::string_view name, pugi::xml_node child) {
    if (name != "Amount" || error) return;
    error = into(amount, decimals.amount(child.text().get(), "RetailPriceModifier.Amount"));
    amount = attribute_text(child, "Action") == "Add" ? -std::abs(amount) : std::abs(amount);
  });
  item.modified += amount;
  return error;
}

void read_quantity(pugi::xml_node node, Item& item) {
  item.quantity = trimmed(node.text().get());
  const auto units = attribute_text(node, "Units");
  if (!units.empty()) item.quantity = units;
  item.unit = attribute_text(node, "UnitOfMeasureCode");
  if (item.unit == "KGM") item.unit = "kg";
}

void add_category(std::string_view text, std::string& path) {
  if (text.empty()) return;
  if (!path.empty()) path += '/';
  path += text;
}

Failure read_item(pugi::xml_node node, Item& item, RetailWork& work) {
  Failure error;
  item.type = local_name(attribute_text(node, "ItemType"));
  each_child(node, [&](std::string_view name, pugi::xml_node child) {
    if (error) return;
    const std::string_view text = trimmed(child.text().get());
    if (name == "ItemID")
      item.item_id = text;
    else if (name == "POSIdentity")
      item.pos_item_id = child_text(child, "POSItemID");
    else if (name == "Description")
      item.description = text;
    else if (name == "MerchandiseHierarchy")
      add_category(text, item.category);
    else if (name == "RegularSalesUnitPrice")
      item.regular_price = text;
    else if (name == "ActualSalesUnitPrice")
      item.actual_price = text;
    else if (name == "ExtendedAmount")
      item.extended = text;
    else if (name == "DiscountAmount")
      item.discount = text;
    else if (name == "ExtendedDiscountAmount")
      item.extended_discount = text;
    else if (name == "Quantity")
      read_quantity(child, item);
    else if (name == "OperatorSequence")
      item.operator_sequence = whole_number(text, "").ok() ? *whole_number(text, "") : 0;
    else if (name == "RetailPriceModifier")
      error = read_modifier(child, item, work.decimals);
    else if (name == "Tax")
      error = add_amount(item.tax, child_text(child, "Amount"), "Tax.Amount", work.decimals);
    else if (name == "Associate" && work.checkout.guide_id.empty())
      work.checkout.guide_id = child_text(child, "AssociateID");
    else if (name == "TransactionLink")
      item.link = child;
  });
  return error;
}

// ExtendedAmount is before the discount with some vendors and after it with others: the list price tells.
void split_discount(Line& line, Minor extended, Minor list, Minor off) {
  line.discount = off;
  line.amount = list == extended ? extended : extended + off;
}

Failure read_figures(const Item& item, Line& line, Decimals& decimals) {
  const std::string_view price = item.regular_price.empty() ? item.actual_price : item.regular_price;
  const std::string_view paid = item.actual_price.empty() ? price : item.actual_price;
  Minor extended = 0, list = 0, off = 0;
  Failure error = into(line.quantity, decimals.quantity(item.quantity, "Quantity"));
  if (!error) error = into(line.unit_price, decimals.amount(price, "RegularSalesUnitPrice"));
  if (!error) error = into(list, decimals.product(item.quantity, price, "RegularSalesUnitPrice"));
  if (!error)
    error = into(extended, item.extended.empty() ? decimals.product(item.quantity, paid, "ActualSalesUnitPrice")
                                                 : decimals.amount(item.extended, "ExtendedAmount"));
  if (!error) error = into(off, decimals.amount(item.extended_discount, "ExtendedDiscountAmount"));
  if (!error && off == 0) error = into(off, decimals.product(item.quantity, item.discount, "DiscountAmount"));
  if (error) return error;
  off = std::abs(item.modified != 0 ? item.modified : off);
  line.amount = extended;
  if (item.modified >= 0 && off != 0) {
    line.amount = std::abs(extended);
    split_discount(line, std::abs(extended), std::abs(list), off);
    if (extended < 0) line.amount = -line.amount;
  }
  return {};
}

LineKind forward_kind(std::string_view type) {
  if (type == "Deposit") return LineKind::deposit;
  return type == "Fee" ? LineKind::fee : LineKind::sale;
}

void push(const Line& line, std::int64_t operator_sequence, RetailWork& work) {
  work.checkout.lines.push_back(line);
  work.operator_sequences.push_back(operator_sequence);
}

// A voided line with its amount negated cancels an earlier one; with its amount as it was, it is cancelled itself.
void push_voided(Line line, std::int64_t operator_sequence, RetailWork& work) {
  if (line.amount > 0) push(line, operator_sequence, work);
  line.kind = LineKind::voided;
  turn_back(line);
  push(line, 0, work);
}

Failure take_item(pugi::xml_node node, bool returned, bool voided, std::int32_t line_no, RetailWork& work) {
  Item item;
  if (auto error = read_item(node, item, work)) return error;
  Line line;
  if (auto error = read_figures(item, line, work.decimals)) return error;
  line.line_no = line_no;
  line.sku = item.item_id.empty() ? item.pos_item_id : item.item_id;
  line.name = item.description;
  line.category = std::move(item.category);
  line.unit = item.unit;
  line.kind = forward_kind(item.type);
  if (!voided) work.tax_of_lines += returned ? -std::abs(item.tax) : item.tax;
  if (returned && !work.checkout.original) work.checkout.original = read_link(item.link);
  if (voided && !returned) {
    push_voided(line, item.operator_sequence, work);
    return {};
  }
  (returned ? work.has_return : work.has_sale) = true;
  if (returned ? !voided : line.amount < 0) {
    line.kind = LineKind::returned;
    turn_back(line);
  } else if (returned) {  // a voided return: its goods stay sold
    line.amount = std::abs(line.amount);
    line.quantity = std::abs(line.quantity);
  }
  push(line, item.operator_sequence, work);
  return {};
}

TenderType tender_type(pugi::xml_node tender) {
  struct Word {
    std::string_view word;
    TenderType type;
  };
  static constexpr std::array kWords = {
      Word{"Cash", TenderType::cash},
      Word{"CreditDebit", TenderType::card},
      Word{"Credit", TenderType::card},
      Word{"Debit", TenderType::card},
      Word{"Check", TenderType::cheque},
      Word{"Cheque", TenderType::cheque},
      Word{"TravelersCheck", TenderType::cheque},
      Word{"Voucher", TenderType::voucher},
      Word{"Coupon", TenderType::voucher},
      Word{"ManufacturerCoupon", TenderType::voucher},
      Word{"GiftCard", TenderType::voucher},
      Word{"GiftCertificate", TenderType::voucher},
      Word{"StoredValue", TenderType::voucher},
      Word{"CustomerAccount", TenderType::credit},
      Word{"HouseAccount", TenderType::credit},
      Word{"AccountsReceivable", TenderType::credit},
      Word{"WeChat", TenderType::wechat},
      Word{"WeChatPay", TenderType::wechat},
      Word{"Alipay", TenderType::alipay},
      Word{"UnionPay", TenderType::unionpay},
      Word{"DigitalYuan", TenderType::digital_yuan},
  };
  const auto said = local_name(attribute_text(tender, "TenderType"));
  for (const Word& word : kWords)
    if (word.word == said) return word.type;
  return TenderType::other;
}

Failure take_tender(pugi::xml_node node, bool voided, RetailWork& work) {
  Minor amount = 0, change = 0;
  Failure error;
  each_child(node, [&](std::string_view name, pugi::xml_node child) {
    if (error) return;
    if (name == "Amount")
      error = into(amount, work.decimals.amount(child.text().get(), "Tender.Amount"));
    else if (name == "TenderChange")
      error = add_amount(change, child_text(child, "Amount"), "TenderChange.Amount", work.decimals);
  });
  if (error || (voided && amount > 0)) return error;
  if (attribute_text(node, "TypeCode") == "Refund") amount = -std::abs(amount);
  TenderType type = tender_type(node);
  if (amount < 0 && change != 0) type = TenderType::cash;
  work.checkout.tenders.push_back({type, amount});
  if (amount > 0 && change != 0) work.checkout.tenders.push_back({TenderType::cash, -std::abs(change)});
  return {};
}

Failure take_reward(pugi::xml_node node, bool voided, RetailWork& work) {
  std::string_view category = "Monetary", amount, promotion, reference;
  each_child(node, [&](std::string_view name, pugi::xml_node child) {
    const std::string_view text = trimmed(child.text().get());
    if (name == "RewardCategory")
      category = text;
    else if (name == "ExtendedRewardAmount" || (name == "Amount" && amount.empty()))
      amount = text;
    else if (name == "PromotionID")
      promotion = text;
    else if (name == "OperatorSequenceReference")
      reference = text;
  });
  if (category != "Monetary" || voided) return {};
  RetailWork::Reduction reduction;
  if (auto error = into(reduction.amount, work.decimals.amount(amount, "LoyaltyReward.ExtendedRewardAmount")))
    return error;
  if (reduction.amount == 0) return {};
  reduction.amount = -reduction.amount;
  const auto sequence = whole_number(reference, "");
  reduction.operator_sequence = sequence.ok() ? *sequence : 0;
  reduction.detail = is_true(node, "detailedData");
  reduction.summary = is_true(node, "summarizedActivity");
  if (!reduction.detail && !reduction.summary) reduction.detail = reduction.summary = true;
  reduction.name = promotion;
  work.reductions.push_back(std::move(reduction));
  return {};
}

Failure take_discount(pugi::xml_node node, bool voided, RetailWork& work) {
  if (voided) return {};
  RetailWork::Reduction reduction;
  if (auto error = into(reduction.amount, work.decimals.amount(child_text(node, "Amount"), "Discount.Amount")))
    return error;
  reduction.amount = std::abs(reduction.amount);
  reduction.name = child_text(node, "PromotionID");
  if (reduction.amount != 0) work.reductions.push_back(std::move(reduction));
  return {};
}

// Card numbers come padded with zeros to a fixed width; nothing but zeros is nobody.
std::string_view without_padding(std::string_view id) {
  const bool digits = id.find_first_not_of("0123456789") == std::string_view::npos;
  const auto first = id.find_first_not_of('0');
  if (!digits || (first != std::string_view::npos && id.size() <= kLongestCardNumber)) return id;
  return first == std::string_view::npos ? std::string_view() : id.substr(first);
}

void take_member(pugi::xml_node node, std::string_view entry_method, RetailWork& work) {
  static constexpr std::array<std::string_view, 5> kBestFirst = {"LoyaltyID", "LoyaltyCardID", "MembershipID",
                                                                 "LoyaltyAccountID", "CustomerID"};
  const Proof proof = entry_method == "Keyed" ? Proof::named : Proof::scanned;
  for (std::string_view name : kBestFirst) {
    const auto id = without_padding(child_text(node, name));
    if (id.empty()) continue;
    work.checkout.customer_ids.push_back({IdType::card, std::string(id), proof});
    return;
  }
}

}  // namespace

Failure read_line_item(pugi::xml_node line_item, RetailWork& work) {
  const bool voided = is_true(line_item, "VoidFlag");
  const auto entry_method = local_name(attribute_text(line_item, "EntryMethod"));
  const auto number = whole_number(child_text(line_item, "SequenceNumber"), "");
  const std::int64_t limit = 1'000'000;
  const auto line_no = static_cast<std::int32_t>(number.ok() && *number <= limit ? *number : 0);
  if (work.checkout.lines.size() >= kMaxLines) return Error{ErrorCode::out_of_range, "LineItem", "too many"};
  Failure error;
  each_child(line_item, [&](std::string_view name, pugi::xml_node node) {
    if (error) return;
    if (name == "Sale")
      error = take_item(node, false, voided, line_no, work);
    else if (name == "Return")
      error = take_item(node, true, voided, line_no, work);
    else if (name == "Tender")
      error = take_tender(node, voided, work);
    else if (name == "LoyaltyReward")
      error = take_reward(node, voided, work);
    else if (name == "Discount")
      error = take_discount(node, voided, work);
    else if (name == "Tax" && !voided)
      error = add_amount(work.tax_of_lines, child_text(node, "Amount"), "Tax.Amount", work.decimals);
    else if (name == "LoyaltyMembership" || name == "LoyaltyAccount" || name == "Customer")
      take_member(node, entry_method, work);
  });
  if (error && line_no != 0) error->field = "LineItem " + std::to_string(line_no) + ": " + error->field;
  return error;
}

}  // namespace tillside::journal
