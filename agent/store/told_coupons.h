// Coupons headquarters told this till of: live ones of this store's members, and those it issued itself for the store.
//
// A filter in memory says in a few nanoseconds that a person has none here, so that nothing is read for most shoppers.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "agent/domain/coupon.h"
#include "agent/store/sqlite.h"

namespace tillside::store {

class Meta;

struct ToldCoupon {
  std::int64_t number = 0;   // coupon_number()
  std::uint32_t person = 0;  // whose; 0: nobody's
  CouponBytes body{};
  std::optional<KeyId> home;  // decides it alone while this is its live key; nullopt: headquarters, online
  std::optional<std::uint64_t> typed_mac;
};

// Persons who may have a coupon here: no false "none", one false "maybe" in 50 at 20,000 coupons. Any thread.
class PersonFilter {
 public:
  void add(std::uint32_t person);
  bool may_have(std::uint32_t person) const;

 private:
  static constexpr std::uint32_t kWords = 1u << 14;  // of 64 bits: 128 KiB
  std::array<std::atomic<std::uint64_t>, kWords> words_{};
};

class ToldCoupons {
 public:
  static constexpr int kMostListed = 20;  // of one person

  ToldCoupons(Database& database, Meta& meta);

  // Replaces what was told of this coupon.
  void put(const ToldCoupon& coupon, std::uint32_t until_minute);
  void drop(std::int64_t number);
  void drop_ended(std::uint32_t minute);  // surely over before this minute
  // The downlink begins from nothing: what does not come again until it has ended is dropped then.
  void begin_stream();
  void end_stream();

  std::optional<ToldCoupon> find(std::int64_t number);
  // By its short form: the check, and the low 24 bits of its serial.
  std::optional<ToldCoupon> find_typed(std::uint64_t mac, std::uint32_t serial_low);
  // Of one person, those that end first; at most kMostListed.
  std::vector<ToldCoupon> of_person(std::uint32_t person);
  std::vector<std::uint32_t> persons();
  std::int64_t count();

 private:
  Database& database_;
  Meta& meta_;
  Statement put_, drop_, find_, find_typed_, of_person_;
};

}  // namespace tillside::store
