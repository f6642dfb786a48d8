#include <array>
#include <cstdlib>
#include <string>

#include "pos_adapter/journal/poslog_transaction.h"

namespace tillside::journal {
namespace {

using Failure = std::optional<Error>;

struct TenderWord {
  std::string_view word;
  TenderType type;
};

constexpr std::array kTypes = {
    TenderWord{"Cash", TenderType::cash},
    TenderWord{"ForeignCash", TenderType::cash},
    TenderWord{"CreditDebit", TenderType::card},
    TenderWord{"Credit", TenderType::card},
    TenderWord{"Debit", TenderType::card},
    TenderWord{"Check", TenderType::cheque},
    TenderWord{"Cheque", TenderType::cheque},
    TenderWord{"TravelersCheck", TenderType::cheque},
    TenderWord{"Voucher", TenderType::voucher},
    TenderWord{"Coupon", TenderType::voucher},
    TenderWord{"StoreCoupon", TenderType::voucher},
    TenderWord{"ManufacturerCoupon", TenderType::voucher},
    TenderWord{"GiftCard", TenderType::voucher},
    TenderWord{"GiftCertificate", TenderType::voucher},
    TenderWord{"StoredValue", TenderType::voucher},
    TenderWord{"StoreCredit", TenderType::voucher},
    TenderWord{"LoyaltyRedemption", TenderType::member_balance},
    TenderWord{"LoyaltyPoints", TenderType::member_balance},
    TenderWord{"Loyalty", TenderType::member_balance},
    TenderWord{"Points", TenderType::member_balance},
    TenderWord{"MemberBalance", TenderType::member_balance},
    TenderWord{"CustomerAccount", TenderType::credit},
    TenderWord{"HouseAccount", TenderType::credit},
    TenderWord{"AccountsReceivable", TenderType::credit},
    TenderWord{"PurchaseOrder", TenderType::credit},
    TenderWord{"WeChat", TenderType::wechat},
    TenderWord{"WeChatPay", TenderType::wechat},
    TenderWord{"Alipay", TenderType::alipay},
    TenderWord{"UnionPay", TenderType::unionpay},
    TenderWord{"DigitalYuan", TenderType::digital_yuan},
};

// What people call them, where the type alone says no more than "electronic".
constexpr std::array kNames = {
    TenderWord{"微信", TenderType::wechat},
    TenderWord{"WeChat", TenderType::wechat},
    TenderWord{"支付宝", TenderType::alipay},
    TenderWord{"Alipay", TenderType::alipay},
    TenderWord{"数字人民币", TenderType::digital_yuan},
    TenderWord{"e-CNY", TenderType::digital_yuan},
    TenderWord{"银联", TenderType::unionpay},
    TenderWord{"UnionPay", TenderType::unionpay},
    TenderWord{"积分", TenderType::member_balance},
    TenderWord{"会员卡", TenderType::member_balance},
    TenderWord{"储值", TenderType::member_balance},
    TenderWord{"余额", TenderType::member_balance},
};

std::optional<TenderType> type_named(std::string_view said) {
  for (const TenderWord& word : kTypes)
    if (word.word == said) return word.type;
  return {};
}

struct Paid {
  Minor amount = 0, change = 0;
  std::string_view description;
  std::optional<TenderType> by_detail;  // its CreditDebit, Voucher ... element
  pugi::xml_node rounding;
};

TenderType tender_type_in(pugi::xml_node tender, const Paid& paid) {
  const auto told = type_named(local_name(attribute_text(tender, "TenderType")));
  const bool vague = !told || *told == TenderType::card;
  if (vague && !paid.description.empty())
    for (const TenderWord& word : kNames)
      if (mentions(paid.description, word.word)) return word.type;
  return told.value_or(paid.by_detail.value_or(TenderType::other));
}

Failure read_part(std::string_view name, pugi::xml_node child, Paid& paid, RetailWork& work) {
  if (name == "Amount") {
    auto amount = work.decimals.amount(child.text().get(), "Tender.Amount");
    if (!amount.ok()) return amount.error();
    paid.amount = *amount;
  } else if (name == "TenderChange") {
    return add_amount(paid.change, child_text(child, "Amount"), "TenderChange.Amount", work.decimals);
  } else if (name == "TenderDescription") {
    paid.description = own_text(child);
  } else if (name == "Rounding") {
    paid.rounding = child;
  } else if (name == "Coupon" || name == "Voucher") {
    paid.by_detail = TenderType::voucher;
    for (const char* code : {"PrimaryLabel", "SerialNumber", "ScanCode"})
      take_coupon_code(child_text(child, code), work.checkout);
  } else if (const auto type = type_named(name)) {
    paid.by_detail = type;
  }
  return {};
}

// RoundingDirection, else the sign: up is what the customer pays more.
Failure round_by(Minor amount, pugi::xml_node rounding, RetailWork& work) {
  const auto direction = attribute_text(rounding, "RoundingDirection");
  if (same_letters(direction, "Up")) amount = std::abs(amount);
  if (same_letters(direction, "Down")) amount = -std::abs(amount);
  work.rounding += amount;
  return {};
}

void push_tender(TenderType type, Minor amount, RetailWork& work) {
  if (amount != 0) work.checkout.tenders.push_back({type, amount});
}

}  // namespace

Failure take_rounding(pugi::xml_node rounding, RetailWork& work) {
  const auto inner = child_text(rounding, "Amount");
  auto amount = work.decimals.amount(inner.empty() ? own_text(rounding) : inner, "Rounding");
  if (!amount.ok()) return amount.error();
  return round_by(*amount, rounding, work);
}

Failure take_tender(pugi::xml_node node, bool voided, RetailWork& work) {
  Paid paid;
  paid.description = attribute_text(node, "TenderDescription");
  Failure error;
  each_child(node, [&](std::string_view name, pugi::xml_node child) {
    if (!error) error = read_part(name, child, paid, work);
  });
  if (error || (voided && paid.amount > 0)) return error;
  if (same_letters(local_name(attribute_text(node, "TenderType")), "Rounding"))
    return paid.rounding ? take_rounding(paid.rounding, work) : round_by(-paid.amount, node, work);
  if (attribute_text(node, "TypeCode") == "Refund") paid.amount = -std::abs(paid.amount);
  TenderType type = tender_type_in(node, paid);
  if (paid.amount < 0 && paid.change != 0) {  // the tender is the change
    type = TenderType::cash;
    paid.change = 0;
  }
  push_tender(type, paid.amount, work);
  push_tender(TenderType::cash, -std::abs(paid.change), work);
  return {};
}

}  // namespace tillside::journal
