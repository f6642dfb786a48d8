// What a till remembers of a filed sale, so that any part of it can be taken back later; and of a reversal, so that it
// can be taken back itself. docs/redemption.md ("Taking a sale back") says how it is used; reversal.h has the rules.
//
// Packed, a line costs its sku, its category and about eight bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/checkout.h"
#include "agent/domain/ids.h"

namespace tillside {

// One line that was sold (sale, deposit, fee). What a voided line of the same checkout cancelled is already off.
struct KeptLine {
  std::int32_t line_no = 0;
  LineKind kind = LineKind::sale;
  Thousandths quantity = 1000;  // > 0
  Minor net = 0;                // amount - discount, >= 0: the line's weight in what was paid
  std::string sku, category;
  Thousandths back = 0;  // returned so far, 0 to quantity
  Minor adjusted = 0;    // given back so far without goods, >= 0
  bool operator==(const KeptLine&) const = default;
};

// A coupon of this till, by its key's generation and its serial. Serial 0: none.
struct KeptSerial {
  std::uint8_t generation = 0;
  std::uint32_t serial = 0;
  bool operator==(const KeptSerial&) const = default;
};

enum class Standing : std::uint8_t {
  live,         // earned, and the sale still earns it
  revoked,      // no longer earned; it was not spent
  clawed_back,  // no longer earned, but spent: `value` is charged against the refund
  withheld,     // no longer earned, its home out of reach: `value` is kept back from the refund
  trusted,      // no longer earned, its home out of reach: nothing is kept back
};

struct KeptEarned {
  KeptSerial coupon;
  std::uint32_t campaign = 0;
  Standing standing = Standing::live;
  Minor value = 0;  // charged, >= 0
  bool operator==(const KeptEarned&) const = default;
};

// A coupon that was spent on the sale.
struct KeptUsed {
  TillNumber till = 0;
  KeptSerial coupon;
  std::uint32_t campaign = 0;
  Minor value = 0;  // it took off
  StaffNumber staff = 0;
  std::uint32_t person = 0;
  KeptSerial replacement;  // issued when the whole sale was taken back
  Minor charged = 0;       // the replacement was spent although the sale stands again
  bool operator==(const KeptUsed&) const = default;
};

// Goods that came back by a line which named no line of the sale.
struct LooseGoods {
  std::string sku, category;
  Thousandths quantity = 0;
  bool operator==(const LooseGoods&) const = default;
};

struct KeptSale {
  bool is_sale = false;  // false: nothing of it can be taken back
  Minor net = 0;         // totals.net
  Minor worth = 0;       // what was paid for `lines`: net, and what goods returned in the same checkout took off it
  Minor loose = 0;       // given back so far by lines that named none
  Minor told = 0;        // what the POS says it gave back so far
  Minor collected = 0;   // kept back so far from refunds, towards what is charged
  std::vector<KeptLine> lines;
  std::vector<LooseGoods> goods;
  std::vector<KeptEarned> earned;
  std::vector<KeptUsed> used;
  bool operator==(const KeptSale&) const = default;
};

// What one reversal took from one sale; giving it back subtracts it again.
struct LineTaken {
  std::uint32_t index = 0;  // into KeptSale::lines
  Thousandths back = 0;
  Minor adjusted = 0;
  bool operator==(const LineTaken&) const = default;
};
struct Taken {
  std::int64_t sale = 0;  // row of the sale in the till's memory
  std::vector<LineTaken> lines;
  std::vector<LooseGoods> goods;
  Minor loose = 0, told = 0;
  bool operator==(const Taken&) const = default;
};

// One line of a return, without its sign.
struct ReturnedLine {
  std::int32_t line_no = 0;   // in the return's own document
  std::int32_t original = 0;  // line_no in the sale; 0: it names none
  Thousandths quantity = 0;   // >= 0
  Minor told = 0;             // amount - discount as the POS gave it back, >= 0
  std::string sku, category;
  bool operator==(const ReturnedLine&) const = default;
};

// A return whose sale is not known here yet: what it took, under every name the sale may come by.
struct Awaiting {
  std::vector<std::string> names;
  bool whole = false;
  Minor told = 0;  // of the whole document, for lines that name none
  std::vector<ReturnedLine> lines;
  bool operator==(const Awaiting&) const = default;
};

struct Kept {
  KeptSale sale;
  std::vector<Taken> taken;
  std::vector<Awaiting> awaiting;
  std::int64_t undone_by = 0;  // row of the void that gave `taken` back, 0 none
  bool operator==(const Kept&) const = default;
};

// Binary, a version byte and varints. Empty for a Kept that says nothing.
std::string pack(const Kept& kept);
// nullopt for text that pack() did not write.
std::optional<Kept> unpack_kept(std::string_view packed);

}  // namespace tillside
