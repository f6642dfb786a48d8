#include <array>
#include <cstdlib>
#include <string>

#include "pos_adapter/journal/poslog_transaction.h"

namespace tillside::journal {
namespace {

using Failure = std::optional<Error>;

struct Word {
  std::string_view word;
  TenderType type;
};

constexpr std::array kTypes = {
    Word{"Cash", TenderType::cash},
    Word{"ForeignCash", TenderType::cash},
    Word{"CreditDebit", TenderType::card},
    Word{"Credit", TenderType::card},
    Word{"Debit", TenderType::card},
    Word{"Check", TenderType::cheque},
    Word{"Cheque", TenderType::cheque},
    Word{"TravelersCheck", TenderType::cheque},
    Word{"Voucher", TenderType::voucher},
    Word{"Coupon", TenderType::voucher},
    Word{"StoreCoupon", TenderType::voucher},
    Word{"ManufacturerCoupon", TenderType::voucher},
    Word{"GiftCard", TenderType::voucher},
    Word{"GiftCertificate", TenderType::voucher},
    Word{"StoredValue", TenderType::voucher},
    Word{"StoreCredit", TenderType::voucher},
    Word{"LoyaltyRedemption", TenderType::member_balance},
    Word{"LoyaltyPoints", TenderType::member_balance},
    Word{"Loyalty", TenderType::member_balance},
    Word{"Points", TenderType::member_balance},
    Word{"MemberBalance", TenderType::member_balance},
    Word{"CustomerAccount", TenderType::credit},
    Word{"HouseAccount", TenderType::credit},
    Word{"AccountsReceivable", TenderType::credit},
    Word{"PurchaseOrder", TenderType::credit},
    Word{"WeChat", TenderType::wechat},
    Word{"WeChatPay", TenderType::wechat},
    Word{"Alipay", TenderType::alipay},
    Word{"UnionPay", TenderType::unionpay},
    Word{"DigitalYuan", TenderType::digital_yuan},
};

// What people call them, where the type alone says no more than "electronic".
constexpr std::array kNames = {
    Word{"微信", TenderType::wechat},
    Word{"WeChat", TenderType::wechat},
    Word{"支付宝", TenderType::alipay},
    Word{"Alipay", TenderType::alipay},
    Word{"数字人民币", TenderType::digital_yuan},
    Word{"e-CNY", TenderType::digital_yuan},
    Word{"银联", TenderType::unionpay},
    Word{"UnionPay", TenderType::unionpay},
    Word{"积分", TenderType::member_balance},
    Word{"会员卡", TenderType::member_balance},
    Word{"储值", TenderType::member_balance},
    Word{"余额", TenderType::member_balance},
};

std::optional<TenderType> type_named(std::string_view said) {
  for (const Word& word : kTypes)
    if (word.word == said) return word.type;
  return {};
}

struct Paid {
  Minor amount = 0, change = 0;
  std::string_view description;
  std::optional<TenderType> by_detail;  // its CreditDebit, Voucher ... element
  pugi::xml_node rounding;
};

TenderType type_of(pugi::xml_node tender, const Paid& paid) {
  const auto told = type_named(local_name(attribute_text(tender, "TenderType")));
  const bool vague = !told || *told == TenderType::card;
  if (vague && !paid.description.empty())
    for (const Word& word : kNames)
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
  TenderType type = type_of(node, paid);
  if (paid.amount < 0 && paid.change != 0) {  // the tender is the change
    type = TenderType::cash;
    paid.change = 0;
  }
  push_tender(type, paid.amount, work);
  push_tender(TenderType::cash, -std::abs(paid.change), work);
  return {};
}

}  // namespace tillside::journal
