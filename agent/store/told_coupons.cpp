#include "agent/store/told_coupons.h"

#include <algorithm>

#include "agent/store/session.h"

namespace tillside::store {
namespace {

constexpr const char* kStream = "told_stream";

ToldCoupon read(const Statement& row) {
  ToldCoupon coupon;
  coupon.number = row.integer(0);
  coupon.person = static_cast<std::uint32_t>(row.integer(1));
  const std::string_view body = row.blob(2);
  std::copy_n(body.begin(), std::min(body.size(), coupon.body.size()), coupon.body.begin());
  if (!row.is_null(3)) coupon.home = KeyId::from_packed(static_cast<std::uint32_t>(row.integer(3)));
  if (!row.is_null(4)) coupon.typed_mac = static_cast<std::uint64_t>(row.integer(4));
  return coupon;
}

// Two bits a person, by two unrelated mixes of her tag.
std::uint32_t first_bit(std::uint32_t person) { return (person * 0x9E37'79B1u) >> 12; }
std::uint32_t second_bit(std::uint32_t person) { return ((person ^ (person >> 15)) * 0x85EB'CA77u) >> 12; }

}  // namespace

void PersonFilter::add(std::uint32_t person) {
  for (const std::uint32_t bit : {first_bit(person), second_bit(person)})
    words_[bit / 64].fetch_or(std::uint64_t{1} << (bit % 64), std::memory_order_relaxed);
}

bool PersonFilter::may_have(std::uint32_t person) const {
  const auto is_set = [this](std::uint32_t bit) {
    return (words_[bit / 64].load(std::memory_order_relaxed) >> (bit % 64) & 1) != 0;
  };
  return is_set(first_bit(person)) && is_set(second_bit(person));
}

ToldCoupons::ToldCoupons(Database& database, Meta& meta)
    : database_(database),
      meta_(meta),
      put_(database.prepare("INSERT OR REPLACE INTO told VALUES(?,?,?,nullif(?,-1),nullif(?,-1),?,?)")),
      drop_(database.prepare("DELETE FROM told WHERE coupon=?")),
      find_(database.prepare("SELECT coupon,person,body,home,typed FROM told WHERE coupon=?")),
      find_typed_(database.prepare(
          "SELECT coupon,person,body,home,typed FROM told WHERE typed=? AND (coupon & 16777215)=? LIMIT 1")),
      of_person_(database.prepare("SELECT coupon,person,body,home,typed FROM told WHERE person=? AND person<>0 "
                                  "ORDER BY until,coupon LIMIT 20")) {
  static_assert(kMostListed == 20);
}

void ToldCoupons::put(const ToldCoupon& coupon, std::uint32_t until_minute) {
  const std::int64_t home = coupon.home ? std::int64_t{coupon.home->packed()} : -1;
  const std::int64_t typed = coupon.typed_mac ? static_cast<std::int64_t>(*coupon.typed_mac) : -1;
  put_.with(coupon.number, coupon.person, coupon.body, home, typed, until_minute, meta_.number(kStream, 0)).run();
}

void ToldCoupons::drop(std::int64_t number) { drop_.with(number).run(); }

void ToldCoupons::drop_ended(std::uint32_t minute) {
  Statement ended = database_.prepare("DELETE FROM told WHERE until<?");
  ended.with(minute).run();
}

void ToldCoupons::begin_stream() { meta_.put_number(kStream, meta_.number(kStream, 0) + 1); }

void ToldCoupons::end_stream() {
  Statement old = database_.prepare("DELETE FROM told WHERE stream<?");
  old.with(meta_.number(kStream, 0)).run();
}

std::optional<ToldCoupon> ToldCoupons::find(std::int64_t number) {
  std::optional<ToldCoupon> found;
  if (find_.with(number).step()) found = read(find_);
  find_.rewind();
  return found;
}

std::optional<ToldCoupon> ToldCoupons::find_typed(std::uint64_t mac, std::uint32_t serial_low) {
  std::optional<ToldCoupon> found;
  if (find_typed_.with(static_cast<std::int64_t>(mac), serial_low).step()) found = read(find_typed_);
  find_typed_.rewind();
  return found;
}

std::vector<ToldCoupon> ToldCoupons::of_person(std::uint32_t person) {
  std::vector<ToldCoupon> found;
  of_person_.with(person);
  while (of_person_.step()) found.push_back(read(of_person_));
  of_person_.rewind();
  return found;
}

std::vector<std::uint32_t> ToldCoupons::persons() {
  std::vector<std::uint32_t> found;
  Statement rows = database_.prepare("SELECT DISTINCT person FROM told WHERE person<>0");
  while (rows.step()) found.push_back(static_cast<std::uint32_t>(rows.integer(0)));
  return found;
}

std::int64_t ToldCoupons::count() { return database_.integer("SELECT count(*) FROM told"); }

}  // namespace tillside::store
