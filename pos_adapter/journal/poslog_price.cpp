#include "pos_adapter/journal/poslog_price.h"

#include <cstdlib>
#include <string>

#include "pos_adapter/journal/xml_node.h"

namespace tillside::journal {
namespace {

constexpr std::int64_t kWholePercent = 100'000;  // thousandths of a percent

__extension__ using Wide = __int128;

Minor share(Minor whole, std::int64_t part, std::int64_t of) {
  const Wide product = static_cast<Wide>(whole) * part;
  return static_cast<Minor>((product < 0 ? product - of / 2 : product + of / 2) / of);
}

std::string_view action_of(pugi::xml_node node) { return attribute_text(node, "Action"); }

// Figures of one line, with the first Error kept; everything is read as if it were a sale.
class Pricing {
 public:
  Pricing(const PriceWords& words, Decimals& decimals) : words_(words), decimals_(decimals) {}

  Result<PriceFigures> figures() {
    price_ = words_.regular.empty() ? words_.actual : words_.regular;
    const std::string_view paid = words_.actual.empty() ? price_ : words_.actual;
    const bool told = !words_.extended.empty();
    quantity_ = words_.units.empty() ? words_.quantity : words_.units;
    if (told) extended_ = take(decimals_.amount(words_.extended, "ExtendedAmount"));
    choose_quantity();
    if (!told) extended_ = total_at(paid, "ActualSalesUnitPrice");
    out_.negative = extended_ < 0;
    extended_ = std::abs(extended_);
    out_.unit_price = per_unit(take(decimals_.amount(price_, "RegularSalesUnitPrice")));
    list_ = std::abs(total_at(price_, "RegularSalesUnitPrice"));
    settle();
    if (error_) return *error_;
    return out_;
  }

 private:
  template <class T>
  T take(Result<T> read) {
    if (read.ok()) return *read;
    if (!error_) error_ = read.error();
    return T{};
  }

  // A price may be for a package: 3 for 10.00.
  Minor per_unit(Minor price) const { return package_ == 1000 ? price : share(price, 1000, package_); }
  Minor total_at(std::string_view price, std::string_view field) {
    return per_unit(take(decimals_.product(quantity_, price, field)));
  }

  // Units are what was measured; where only the pieces make up the amount, they count.
  void choose_quantity() {
    Decimals scratch = decimals_;
    const auto package = scratch.quantity(words_.package, "");
    if (package.ok() && *package > 0) package_ = *package;
    if (quantity_ != words_.quantity && !price_.empty()) {
      const auto whole = [&](std::string_view quantity) {
        const auto product = scratch.product(quantity, price_, "");
        return product.ok() ? per_unit(*product) : Minor{-1};
      };
      if (whole(words_.quantity) == extended_ && whole(quantity_) != extended_) quantity_ = words_.quantity;
    }
    out_.quantity = take(decimals_.quantity(quantity_, "Quantity"));
  }

  // What the modifiers take off the line; amounts as told for the line, or for each unit.
  Minor off(bool each_unit) {
    Minor now = list_;
    for (const PriceModifier& modifier : words_.modifiers) now -= step(modifier, now, each_unit);
    return list_ - now;
  }

  Minor step(const PriceModifier& modifier, Minor now, bool each_unit) {
    if (modifier.kind == PriceModifier::Kind::price)
      return now - std::abs(total_at(modifier.value, "RetailPriceModifier.NewPrice"));
    Minor amount = 0;
    if (modifier.kind == PriceModifier::Kind::percent) {
      Decimals scratch = decimals_;
      const Minor from = modifier.before.empty() ? now : std::abs(total_at(modifier.before, "PreviousPrice"));
      amount =
          share(from, std::abs(take(scratch.quantity(modifier.value, "RetailPriceModifier.Percent"))), kWholePercent);
    } else if (each_unit) {
      amount = std::abs(take(decimals_.product(quantity_, modifier.value, "RetailPriceModifier.Amount")));
    } else {
      amount = std::abs(take(decimals_.amount(modifier.value, "RetailPriceModifier.Amount")));
    }
    return modifier.adds ? -amount : amount;
  }

  // ExtendedAmount is before the discount with some vendors and after it with others, and an amount is for the line or
  // for each unit: quantity x list price tells.
  void settle() {
    const Minor given = list_ - extended_;
    const bool modified = !words_.modifiers.empty();
    Minor less = off(false);
    if (less == 0) less = discount_told();
    if (modified && std::abs(out_.quantity) != 1000 && given != less && given == off(true)) less = given;
    const auto slack = static_cast<Minor>(words_.modifiers.size());
    if (modified && given != 0 && std::abs(given - less) <= slack) less = given;
    if (less <= 0) {
      out_.amount = extended_;  // the price was raised, or nothing was taken off
      return;
    }
    out_.discount = less;
    out_.amount = given == 0 ? extended_ : extended_ + less;
  }

  Minor discount_told() {
    const Minor whole = std::abs(take(decimals_.amount(words_.extended_discount, "ExtendedDiscountAmount")));
    return whole != 0 ? whole : std::abs(take(decimals_.product(quantity_, words_.unit_discount, "DiscountAmount")));
  }

  const PriceWords& words_;
  Decimals& decimals_;
  PriceFigures out_;
  std::optional<Error> error_;
  std::string_view price_, quantity_;
  std::int64_t package_ = 1000;
  Minor extended_ = 0, list_ = 0;
};

}  // namespace

std::optional<PriceModifier> read_modifier(pugi::xml_node modifier) {
  if (is_true(modifier, "VoidFlag")) return {};
  PriceModifier out;
  std::string_view amount, percent, new_price, action;
  each_child(modifier, [&](std::string_view name, pugi::xml_node child) {
    if (name == "Amount") {
      amount = own_text(child);
      action = action_of(child);
    } else if (name == "Percent") {
      percent = own_text(child);
      if (amount.empty()) action = action_of(child);
    } else if (name == "NewPrice") {
      new_price = own_text(child);
    } else if (name == "PreviousPrice") {
      out.before = own_text(child);
    }
  });
  const bool overridden = attribute_text(modifier, "MethodCode") == "PriceOverride" && action.empty();
  if (!amount.empty() && (action == "Replace" || overridden)) new_price = amount;
  if (amount.empty() && percent.empty() && new_price.empty()) return {};
  out.adds = action == "Add";
  out.kind = PriceModifier::Kind::amount;
  out.value = amount;
  if (amount.empty() || amount == new_price) {
    const bool by_price = !new_price.empty();
    out.kind = by_price ? PriceModifier::Kind::price : PriceModifier::Kind::percent;
    out.value = by_price ? new_price : percent;
  }
  return out;
}

Result<PriceFigures> price_figures(const PriceWords& words, Decimals& decimals) {
  return Pricing(words, decimals).figures();
}

}  // namespace tillside::journal
