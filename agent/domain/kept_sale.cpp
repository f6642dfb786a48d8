#include "agent/domain/kept_sale.h"

namespace tillside {
namespace {

constexpr char kSaleVersion = 1;

// Both directions of the form are one list of fields, so that they cannot part.
class Writing {
 public:
  explicit Writing(std::string& out) : out_(out) {}

  template <class Number>
  void number(const Number& value) {
    const auto wide = static_cast<std::int64_t>(value);
    auto bits = (static_cast<std::uint64_t>(wide) << 1) ^ static_cast<std::uint64_t>(wide >> 63);
    for (; bits > 0x7F; bits >>= 7) out_.push_back(static_cast<char>((bits & 0x7F) | 0x80));
    out_.push_back(static_cast<char>(bits));
  }
  void text(const std::string& value) {
    number(value.size());
    out_ += value;
  }
  template <class Item, class Fields>
  void list(const std::vector<Item>& items, Fields fields) {
    number(items.size());
    for (const Item& item : items) fields(*this, item);
  }

 private:
  std::string& out_;
};

class SaleReading {
 public:
  explicit SaleReading(std::string_view in) : in_(in) {}
  bool whole() const { return ok_ && in_.empty(); }

  template <class Number>
  void number(Number& value) {
    std::uint64_t bits = 0;
    for (int shift = 0; shift < 64 && ok_; shift += 7) {
      if (in_.empty()) return fail();
      const auto byte = static_cast<std::uint8_t>(in_.front());
      in_.remove_prefix(1);
      bits |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) break;
    }
    value = static_cast<Number>(static_cast<std::int64_t>(bits >> 1) ^ -static_cast<std::int64_t>(bits & 1));
  }
  void text(std::string& value) {
    std::size_t size = 0;
    number(size);
    if (!ok_ || size > in_.size()) return fail();
    value = in_.substr(0, size);
    in_.remove_prefix(size);
  }
  template <class Item, class Fields>
  void list(std::vector<Item>& items, Fields fields) {
    std::size_t count = 0;
    number(count);
    if (!ok_ || count > in_.size()) return fail();  // an item takes a byte at least
    items.reserve(count);
    while (count-- > 0 && ok_) fields(*this, items.emplace_back());
  }

 private:
  void fail() {
    ok_ = false;
    in_ = {};
  }
  std::string_view in_;
  bool ok_ = true;
};

constexpr auto kSerial = [](auto& way, auto& coupon) {
  way.number(coupon.generation);
  way.number(coupon.serial);
};
constexpr auto kGoods = [](auto& way, auto& goods) {
  way.text(goods.sku);
  way.text(goods.category);
  way.number(goods.quantity);
};
constexpr auto kLine = [](auto& way, auto& line) {
  way.number(line.line_no);
  way.number(line.kind);
  way.number(line.quantity);
  way.number(line.net);
  way.text(line.sku);
  way.text(line.category);
  way.number(line.back);
  way.number(line.adjusted);
};
constexpr auto kEarned = [](auto& way, auto& earned) {
  kSerial(way, earned.coupon);
  way.number(earned.campaign);
  way.number(earned.standing);
  way.number(earned.value);
};
constexpr auto kUsed = [](auto& way, auto& used) {
  way.number(used.till);
  kSerial(way, used.coupon);
  way.number(used.campaign);
  way.number(used.value);
  way.number(used.staff);
  way.number(used.person);
  kSerial(way, used.replacement);
  way.number(used.charged);
};
constexpr auto kSale = [](auto& way, auto& sale) {
  way.number(sale.is_sale);
  way.number(sale.net);
  way.number(sale.worth);
  way.number(sale.loose);
  way.number(sale.told);
  way.number(sale.collected);
  way.list(sale.lines, kLine);
  way.list(sale.goods, kGoods);
  way.list(sale.earned, kEarned);
  way.list(sale.used, kUsed);
};
constexpr auto kTaken = [](auto& way, auto& taken) {
  way.number(taken.sale);
  way.list(taken.lines, [](auto& inner, auto& line) {
    inner.number(line.index);
    inner.number(line.back);
    inner.number(line.adjusted);
  });
  way.list(taken.goods, kGoods);
  way.number(taken.loose);
  way.number(taken.told);
};
constexpr auto kReturned = [](auto& way, auto& line) {
  way.number(line.line_no);
  way.number(line.original);
  way.number(line.quantity);
  way.number(line.told);
  way.text(line.sku);
  way.text(line.category);
};
constexpr auto kAwaiting = [](auto& way, auto& awaiting) {
  way.list(awaiting.names, [](auto& inner, auto& name) { inner.text(name); });
  way.number(awaiting.whole);
  way.number(awaiting.told);
  way.list(awaiting.lines, kReturned);
};
constexpr auto kKept = [](auto& way, auto& kept) {
  kSale(way, kept.sale);
  way.list(kept.taken, kTaken);
  way.list(kept.awaiting, kAwaiting);
  way.number(kept.undone_by);
};

}  // namespace

std::string pack(const Kept& kept) {
  std::string out;
  if (kept == Kept{}) return out;
  out.reserve(32 + 40 * kept.sale.lines.size());
  out.push_back(kSaleVersion);
  Writing writing(out);
  kKept(writing, kept);
  return out;
}

std::optional<Kept> unpack_kept(std::string_view packed) {
  Kept kept;
  if (packed.empty()) return kept;
  if (packed.front() != kSaleVersion) return std::nullopt;
  SaleReading reading(packed.substr(1));
  kKept(reading, kept);
  if (!reading.whole()) return std::nullopt;
  return kept;
}

}  // namespace tillside
