#include <array>
#include <cstdlib>

#include "pos_adapter/journal/naxml_event.h"
#include "pos_adapter/journal/poslog_transaction.h"
#include "pos_adapter/journal/xml_node.h"

namespace tillside::journal {
namespace {

using Failure = std::optional<Error>;

struct Item {
  std::string_view sku, name, category, quantity = "1", regular, actual, amount;
  Minor promotions = 0;
};

std::string_view code_of(pugi::xml_node item_code) {
  const auto scanned = child_text(item_code, "POSCode");
  return scanned.empty() ? child_text(item_code, "InventoryItemID") : scanned;
}

void first(std::string_view& target, std::string_view text) { target = target.empty() ? text : target; }

Failure read_part(std::string_view name, pugi::xml_node node, Item& item, Decimals& decimals) {
  if (name == "ItemCode") {
    item.sku = code_of(node);
  } else if (name == "FuelGradeID" || name == "FeeID") {
    first(item.sku, own_text(node));
  } else if (name == "Description") {
    first(item.name, own_text(node));
  } else if (name == "MerchandiseCode") {
    first(item.category, own_text(node));
  } else if (name == "SalesQuantity") {
    item.quantity = own_text(node);
  } else if (name == "RegularSellPrice") {
    item.regular = own_text(node);
  } else if (name == "ActualSalesPrice") {
    item.actual = own_text(node);
  } else if (name == "SalesAmount" || name == "FeeAmount" || name == "MoneyOrderFaceAmount") {
    first(item.amount, own_text(node));
  } else if (name == "Promotion") {
    return add_amount(item.promotions, child_text(node, "PromotionAmount"), "PromotionAmount", decimals);
  } else if (name == "Discount") {
    return add_amount(item.promotions, child_text(node, "DiscountAmount"), "DiscountAmount", decimals);
  }
  return {};
}

template <class T>
Failure into(T& target, Result<T> read) {
  if (!read.ok()) return read.error();
  target = *read;
  return {};
}

// SalesAmount is what the line came to. Where the list price is above it, the difference was taken off.
Failure fill(const Item& item, LineKind kind, Line& line, Decimals& decimals) {
  const std::string_view price = item.regular.empty() ? item.actual : item.regular;
  Decimals fine = decimals;  // a fuel price has a tenth of a cent: no lost digit of the document
  Minor list = 0;
  Failure error = into(line.quantity, decimals.quantity(item.quantity, "SalesQuantity"));
  if (!error) error = into(line.unit_price, fine.amount(price, "RegularSellPrice"));
  if (!error) error = into(list, fine.product(item.quantity, price, "RegularSellPrice"));
  if (!error)
    error = item.amount.empty() ? into(line.amount, Result<Minor>(list))
                                : into(line.amount, decimals.amount(item.amount, "SalesAmount"));
  line.kind = kind;
  const Minor off = std::abs(list) - std::abs(line.amount);
  const bool reduced = item.promotions != 0 || (!item.actual.empty() && item.actual != item.regular);
  if (error || kind != LineKind::sale || off <= 0 || !reduced) return error;
  line.discount = off;
  line.amount = line.amount < 0 ? -std::abs(list) : std::abs(list);
  return {};
}

Failure take_item(pugi::xml_node node, LineKind kind, bool voided, NaxmlWork& work) {
  if (work.checkout.lines.size() >= kMaxLines) return Error{ErrorCode::out_of_range, "TransactionLine", "too many"};
  Item item;
  Failure error;
  each_child(node, [&](std::string_view name, pugi::xml_node child) {
    if (!error) error = read_part(name, child, item, work.decimals);
  });
  Line line;
  if (!error) error = fill(item, kind, line, work.decimals);
  if (error) return error;
  line.line_no = static_cast<std::int32_t>(work.checkout.lines.size() + 1);
  line.sku = item.sku.empty() ? item.category : item.sku;
  line.name = item.name;
  line.category = item.category;
  work.checkout.lines.push_back(std::move(line));
  work.promotions.push_back(std::abs(item.promotions));
  work.voided.push_back(voided);
  return {};
}

// The codes are the site's own list; their words are alike everywhere.
TenderType tender_type(std::string_view code) {
  struct Known {
    std::string_view word;
    TenderType type;
  };
  static constexpr std::array kWords = {Known{"cash", TenderType::cash},
                                        Known{"gift", TenderType::voucher},
                                        Known{"coupon", TenderType::voucher},
                                        Known{"voucher", TenderType::voucher},
                                        Known{"loyalty", TenderType::member_balance},
                                        Known{"points", TenderType::member_balance},
                                        Known{"house", TenderType::credit},
                                        Known{"charge", TenderType::credit},
                                        Known{"wechat", TenderType::wechat},
                                        Known{"alipay", TenderType::alipay},
                                        Known{"unionpay", TenderType::unionpay},
                                        Known{"credit", TenderType::card},
                                        Known{"debit", TenderType::card},
                                        Known{"check", TenderType::cheque},
                                        Known{"cheque", TenderType::cheque}};
  for (const Known& word : kWords)
    if (mentions(code, word.word)) return word.type;
  return TenderType::other;
}

Failure take_tender(pugi::xml_node node, NaxmlWork& work) {
  Minor amount = 0;
  if (auto error = add_amount(amount, child_text(node, "TenderAmount"), "TenderAmount", work.decimals)) return error;
  TenderType type = tender_type(child_text(child_named(node, "Tender"), "TenderCode"));
  if (says_yes(child_named(node, "ChangeFlag"))) {
    type = TenderType::cash;
    amount = -std::abs(amount);
  }
  if (amount != 0) work.checkout.tenders.push_back({type, amount});
  return {};
}

}  // namespace

Failure read_naxml_line(pugi::xml_node line, NaxmlWork& work) {
  const auto status = attribute_text(line, "status");
  if (same_letters(status, "cancel")) return {};
  const bool voided = same_letters(status, "void");
  Failure error;
  each_child(line, [&](std::string_view name, pugi::xml_node node) {
    if (error) return;
    if (name == "ItemLine" || name == "FuelLine" || name == "MerchandiseCodeLine")
      error = take_item(node, LineKind::sale, voided, work);
    else if (name == "FeeLine")
      error = take_item(node, LineKind::fee, voided, work);
    else if (name == "FuelPrepayLine" || name == "MoneyOrderLine")
      error = take_item(node, LineKind::deposit, voided, work);
    else if (name == "TenderInfo" && !voided)
      error = take_tender(node, work);
    else if (name == "TransactionTax" && !voided)
      error = add_amount(work.tax, child_text(node, "TaxCollectedAmount"), "TaxCollectedAmount", work.decimals);
  });
  return error;
}

}  // namespace tillside::journal
