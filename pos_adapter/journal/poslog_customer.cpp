#include <algorithm>
#include <array>
#include <string>

#include "agent/domain/coupon.h"
#include "pos_adapter/journal/poslog_transaction.h"

namespace tillside::journal {
namespace {

constexpr std::size_t kLongestCardNumber = 19;  // ISO/IEC 7812; a longer row of digits is padded

// Card numbers come padded with zeros to a fixed width; nothing but zeros is nobody.
std::string_view without_padding(std::string_view id) {
  const bool digits = id.find_first_not_of("0123456789") == std::string_view::npos;
  const auto first = id.find_first_not_of('0');
  if (!digits || (first != std::string_view::npos && id.size() <= kLongestCardNumber)) return id;
  return first == std::string_view::npos ? std::string_view() : id.substr(first);
}

void add_id(IdType type, std::string_view value, Proof proof, Checkout& checkout) {
  auto& ids = checkout.customer_ids;
  if (value.empty() || ids.size() >= kMaxCustomerIds) return;
  const auto same =
      std::find_if(ids.begin(), ids.end(), [&](const CustomerId& id) { return id.type == type && id.value == value; });
  if (same == ids.end()) {
    ids.push_back({type, std::string(value), proof});
  } else if (proof == Proof::scanned) {
    same->proof = proof;
  }
}

std::string_view card_of(pugi::xml_node node) {
  static constexpr std::array<std::string_view, 5> kBestFirst = {"LoyaltyID", "LoyaltyCardID", "MembershipID",
                                                                 "LoyaltyAccountID", "CustomerID"};
  for (std::string_view name : kBestFirst)
    if (const auto id = without_padding(child_text(node, name)); !id.empty()) return id;
  return without_padding(child_text(child_named(node, "LoyaltyProgram"), "LoyaltyAccountID"));
}

std::string_view number_in(pugi::xml_node telephone) {
  for (const char* name : {"FullTelephoneNumber", "TelephoneNumber", "LocalNumber"})
    if (const auto number = child_text(telephone, name); !number.empty()) return number;
  return own_text(telephone);
}

}  // namespace

void take_customer(pugi::xml_node node, Proof proof, Checkout& checkout) {
  add_id(IdType::card, card_of(node), proof, checkout);
  each_child(node, [&](std::string_view name, pugi::xml_node child) {
    if (name != "Telephone") return;
    const auto type = attribute_text(child, "TypeCode");
    if (type.empty() || same_letters(type, "Mobile")) add_id(IdType::phone, number_in(child), Proof::named, checkout);
  });
}

void take_coupon_code(std::string_view text, Checkout& checkout) {
  if (text.empty() || text.size() > kMaxText || checkout.coupons.size() >= kMaxCoupons) return;
  if (!read_coupon_text(text).ok() && !read_typed(text).ok()) return;
  if (std::find(checkout.coupons.begin(), checkout.coupons.end(), text) == checkout.coupons.end())
    checkout.coupons.emplace_back(text);
}

}  // namespace tillside::journal
