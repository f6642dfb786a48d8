#include "agent/domain/checkout.h"

#include <algorithm>
#include <utility>

namespace tillside {
namespace {

constexpr std::int64_t kMaxCount = (std::int64_t{1} << 53) - 1;

// Collects the first Error; every check after it is skipped.
class Check {
 public:
  bool ok() const { return !error_; }
  Error take() { return std::move(*error_); }

  void fail(ErrorCode code, std::string field, const char* detail) {
    if (ok()) error_ = Error{code, std::move(field), detail};
  }
  void require(bool holds, ErrorCode code, const char* field, const char* detail) {
    if (!holds) fail(code, field, detail);
  }

 private:
  std::optional<Error> error_;
};

// Names "lines[2].amount", but only once something is wrong with it.
struct Path {
  const char* list;
  std::size_t index;
  std::string operator()(const char* field) const {
    std::string text = list;
    text.append("[").append(std::to_string(index)).append("]");
    return *field == '\0' ? text : text.append(".").append(field);
  }
};

bool is_printable_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7E; });
}

bool in_limits(std::int64_t value, std::int64_t lowest, std::int64_t highest) {
  return value >= lowest && value <= highest;
}

struct Range {
  Minor lowest, highest;
};
constexpr Range kAnyAmount{-kMaxAmount, kMaxAmount}, kNotNegative{0, kMaxAmount}, kNotPositive{-kMaxAmount, 0};

Range amounts_of(LineKind kind) {
  switch (kind) {
    case LineKind::sale:
    case LineKind::deposit:
    case LineKind::fee:
      return kNotNegative;
    case LineKind::returned:
    case LineKind::voided:
    case LineKind::discount:
      break;
  }
  return kNotPositive;
}

Range discounts_of(LineKind kind) { return kind == LineKind::discount ? Range{0, 0} : amounts_of(kind); }

bool gives_back(const Checkout& checkout) {
  return std::any_of(checkout.lines.begin(), checkout.lines.end(),
                     [](const Line& line) { return line.kind == LineKind::returned; });
}

// What the totals of this state may be: a refund gives, a sale takes, unless goods also came back in it.
Range totals_of(const Checkout& checkout) {
  switch (checkout.state) {
    case CheckoutState::returned:
      return kNotPositive;
    case CheckoutState::total:
    case CheckoutState::completed:
    case CheckoutState::suspended:
    case CheckoutState::resumed:
      return gives_back(checkout) ? kAnyAmount : kNotNegative;
    default:
      return kAnyAmount;
  }
}

void check_id(Check& check, const std::string& id, const char* field, bool required) {
  if (id.empty()) {
    check.require(!required, ErrorCode::missing_field, field, "required");
  } else if (!is_plain_id(id)) {
    check.fail(ErrorCode::bad_format, field, "1 to 32 of A-Z a-z 0-9 _ . -");
  }
}

void check_printable(Check& check, const std::string& text, const char* field) {
  check.require(text.size() <= 64, ErrorCode::out_of_range, field, "longer than 64 characters");
  check.require(is_printable_ascii(text), ErrorCode::bad_format, field, "not printable ASCII");
}

void check_text(Check& check, std::string_view text, const Path& path, const char* field) {
  if (text.size() > kMaxText) check.fail(ErrorCode::out_of_range, path(field), "longer than 256 bytes");
}

void check_amount(Check& check, Minor amount, Range range, const Path& path, const char* field) {
  if (in_limits(amount, range.lowest, range.highest)) return;
  const bool too_large = !in_limits(amount, -kMaxAmount, kMaxAmount);
  check.fail(ErrorCode::out_of_range, path(field), too_large ? "beyond 10^12 minor units" : "the wrong sign here");
}

void check_head(Check& check, const Checkout& checkout, const Currency& store_currency) {
  check_printable(check, checkout.checkout_id, "checkout_id");
  check_id(check, checkout.store_id, "store_id", true);
  check_id(check, checkout.lane_id, "lane_id", true);
  check.require(in_limits(checkout.series, 0, kMaxCount), ErrorCode::out_of_range, "series", "not 0 to 2^53-1");
  check.require(in_limits(checkout.sequence, 0, kMaxCount), ErrorCode::out_of_range, "sequence", "not 0 to 2^53-1");
  check_id(check, checkout.operator_id, "operator_id", false);
  check_id(check, checkout.guide_id, "guide_id", false);
  check_printable(check, checkout.showing_id, "showing_id");
  check.require(checkout.occurred_at_text.size() <= kMaxText, ErrorCode::out_of_range, "occurred_at_text",
                "longer than 256 bytes");
  check.require(checkout.currency == store_currency, ErrorCode::currency_mismatch, "currency", "not the store's");
}

void check_counts(Check& check, const Checkout& checkout) {
  const auto most = [&](std::size_t count, std::size_t limit, const char* field) {
    check.require(count <= limit, ErrorCode::out_of_range, field, "too many");
  };
  most(checkout.customer_ids.size(), kMaxCustomerIds, "customer.ids");
  most(checkout.lines.size(), kMaxLines, "lines");
  most(checkout.tenders.size(), kMaxTenders, "tenders");
  most(checkout.coupons.size(), kMaxCoupons, "coupons");
  most(checkout.applied_discounts.size(), kMaxLines, "applied_discounts");
}

void check_customers(Check& check, const Checkout& checkout) {
  for (std::size_t i = 0; i < checkout.customer_ids.size() && check.ok(); ++i) {
    const Path path{"customer.ids", i};
    const auto& value = checkout.customer_ids[i].value;
    check_text(check, value, path, "value");
    if (value.find_first_not_of(' ') == std::string::npos)
      check.fail(ErrorCode::missing_field, path("value"), "required");
  }
}

// What a ref that names something needs; `prefix` ends with a dot.
void check_ref(Check& check, const OriginalRef& original, const std::string& prefix) {
  const auto require = [&](bool holds, ErrorCode code, const char* field, const char* detail) {
    if (!holds) check.fail(code, prefix + field, detail);
  };
  const auto plain = [&](const std::string& id, const char* field) {
    require(id.empty() || is_plain_id(id), ErrorCode::bad_format, field, "1 to 32 of A-Z a-z 0-9 _ . -");
  };
  require(original.checkout_id.size() <= 64, ErrorCode::out_of_range, "checkout_id", "longer than 64 characters");
  require(is_printable_ascii(original.checkout_id), ErrorCode::bad_format, "checkout_id", "not printable ASCII");
  require(original.identity.size() <= kMaxText, ErrorCode::out_of_range, "identity", "longer than 256 characters");
  require(is_printable_ascii(original.identity), ErrorCode::bad_format, "identity", "not printable ASCII");
  plain(original.store_id, "store_id");
  plain(original.lane_id, "lane_id");
  require(in_limits(original.series, 0, kMaxCount), ErrorCode::out_of_range, "series", "not 0 to 2^53-1");
  require(in_limits(original.sequence, 0, kMaxCount), ErrorCode::out_of_range, "sequence", "not 0 to 2^53-1");
  if (!original.checkout_id.empty() || !original.identity.empty()) return;
  require(!original.lane_id.empty(), ErrorCode::missing_field, "lane_id", "required");
  require(original.business_date.has_value(), ErrorCode::missing_field, "business_date", "required");
  require(original.sequence > 0, ErrorCode::missing_field, "sequence", "required");
}

void check_line_original(Check& check, const LineOriginal& original, const Path& path) {
  if (!in_limits(original.line_no, 0, kMaxLineNumber))
    check.fail(ErrorCode::out_of_range, path("original.line_no"), "not 0 to 10^6");
  if (!original.sale.names_nothing()) check_ref(check, original.sale, path("original."));
}

void check_line(Check& check, const Line& line, const Path& path) {
  const Range amounts = amounts_of(line.kind);
  if (!in_limits(line.line_no, 0, kMaxLineNumber))
    check.fail(ErrorCode::out_of_range, path("line_no"), "not 0 to 10^6");
  check_text(check, line.sku, path, "sku");
  check_text(check, line.name, path, "name");
  check_text(check, line.category, path, "category");
  check_text(check, line.unit, path, "unit");
  const bool forward = amounts.lowest == 0;
  if (!in_limits(line.quantity, forward ? 0 : -kMaxQuantity, kMaxQuantity))
    check.fail(ErrorCode::out_of_range, path("quantity"), "negative, or beyond 10^9");
  check_amount(check, line.unit_price, forward ? kNotNegative : kAnyAmount, path, "unit_price");
  check_amount(check, line.amount, amounts, path, "amount");
  check_amount(check, line.discount, discounts_of(line.kind), path, "discount");
  if (line.original) check_line_original(check, *line.original, path);
}

void check_totals(Check& check, const Checkout& checkout) {
  const Range range = totals_of(checkout);
  const auto amount = [&](Minor value, Range allowed, const char* field) {
    if (!in_limits(value, allowed.lowest, allowed.highest))
      check.fail(ErrorCode::out_of_range, field, "beyond 10^12 minor units, or the wrong sign here");
  };
  amount(checkout.totals.gross, range, "totals.gross");
  amount(checkout.totals.discount, kAnyAmount, "totals.discount");
  amount(checkout.totals.tax, kAnyAmount, "totals.tax");
  amount(checkout.totals.net, range, "totals.net");
}

// Change given back is a negative cash tender, so only cash may be negative in a sale.
void check_tenders(Check& check, const Checkout& checkout) {
  const Range range = totals_of(checkout);
  for (std::size_t i = 0; i < checkout.tenders.size() && check.ok(); ++i) {
    const bool may_be_change = checkout.tenders[i].type == TenderType::cash && range.lowest == 0;
    check_amount(check, checkout.tenders[i].amount, may_be_change ? kAnyAmount : range, {"tenders", i}, "amount");
  }
}

void check_codes(Check& check, const Checkout& checkout) {
  for (std::size_t i = 0; i < checkout.coupons.size() && check.ok(); ++i)
    check_text(check, checkout.coupons[i], {"coupons", i}, "");
  for (std::size_t i = 0; i < checkout.applied_discounts.size() && check.ok(); ++i) {
    const Path path{"applied_discounts", i};
    const auto& applied = checkout.applied_discounts[i];
    check_text(check, applied.code, path, "code");
    if (!in_limits(applied.line_no, 0, kMaxLineNumber))
      check.fail(ErrorCode::out_of_range, path("line_no"), "not 0 to 10^6");
    check_amount(check, applied.amount, kAnyAmount, path, "amount");
  }
}

void check_original(Check& check, const Checkout& checkout) {
  if (checkout.original) check_ref(check, *checkout.original, "original.");
}

void check_source(Check& check, const Checkout& checkout) {
  const auto text = [&](const std::string& value, const char* field) {
    check.require(value.size() <= kMaxText, ErrorCode::out_of_range, field, "longer than 256 bytes");
  };
  text(checkout.source.adapter, "source.adapter");
  text(checkout.source.pos, "source.pos");
}

struct Sums {
  Minor gross = 0, gross_without_discount_lines = 0, tenders = 0;
};

// At most 2000 amounts of at most 10^12 each: an int64 holds every sum; the contract's limit is asked at the end.
Sums sums_of(const Checkout& checkout) {
  Sums sums;
  for (const auto& line : checkout.lines) {
    sums.gross += line.amount;
    if (line.kind != LineKind::discount) sums.gross_without_discount_lines += line.amount;
  }
  for (const auto& tender : checkout.tenders) sums.tenders += tender.amount;
  return sums;
}

void check_sums(Check& check, const Sums& sums) {
  const auto within = [&](Minor sum, const char* field) {
    check.require(in_limits(sum, -kMaxAmount, kMaxAmount), ErrorCode::overflow, field, "the sum is beyond 10^12");
  };
  within(sums.gross, "lines");
  within(sums.gross_without_discount_lines, "lines");
  within(sums.tenders, "tenders");
}

bool totals_add_up(const Checkout& checkout, const Sums& sums) {
  const Totals& totals = checkout.totals;
  const Minor tax = checkout.prices_include_tax ? 0 : totals.tax;
  if (totals.net != totals.gross - totals.discount + tax) return false;
  return checkout.lines.empty() || totals.gross == sums.gross || totals.gross == sums.gross_without_discount_lines;
}

Flags flags_of(const Checkout& checkout, const Sums& sums) {
  Flags flags;
  if (!totals_add_up(checkout, sums)) flags.push_back(Flag::totals_do_not_add_up);
  if (!checkout.tenders.empty() && sums.tenders != checkout.totals.net) flags.push_back(Flag::tenders_do_not_add_up);
  if (checkout.decimals_rounded) flags.push_back(Flag::decimals_rounded);
  if (checkout.unknown_fields > 0) flags.push_back(Flag::unknown_fields_dropped);
  if (checkout.business_date_assumed) flags.push_back(Flag::business_date_assumed);
  return flags;
}

bool worth_something(const Checkout& checkout) {
  if (checkout.totals.net != 0) return checkout.totals.net > 0;
  return std::any_of(checkout.tenders.begin(), checkout.tenders.end(),
                     [](const Tender& tender) { return tender.amount != 0; });
}

}  // namespace

Result<Flags> validate(const Checkout& checkout, const Currency& store_currency) {
  Check check;
  check_head(check, checkout, store_currency);
  check_counts(check, checkout);
  check_customers(check, checkout);
  for (std::size_t i = 0; i < checkout.lines.size() && check.ok(); ++i)
    check_line(check, checkout.lines[i], {"lines", i});
  check_totals(check, checkout);
  check_tenders(check, checkout);
  check_codes(check, checkout);
  check_original(check, checkout);
  check_source(check, checkout);
  if (!check.ok()) return check.take();
  const Sums sums = sums_of(checkout);
  check_sums(check, sums);
  if (!check.ok()) return check.take();
  return flags_of(checkout, sums);
}

bool is_sale(const Checkout& checkout) {
  const bool closed = checkout.state == CheckoutState::completed || checkout.state == CheckoutState::exchanged;
  return closed && !checkout.training && worth_something(checkout);
}

bool is_reversal(const Checkout& checkout) {
  const bool undone = checkout.state == CheckoutState::voided || checkout.state == CheckoutState::returned;
  return undone && !checkout.training;
}

bool in_category(std::string_view path, std::string_view subtree) {
  while (subtree.ends_with('/')) subtree.remove_suffix(1);
  if (subtree.empty() || !path.starts_with(subtree)) return false;
  return path.size() == subtree.size() || path[subtree.size()] == '/';
}

}  // namespace tillside
