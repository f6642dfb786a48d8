#include "sync/hq/sqlite_ledger_scope.h"

namespace tillside::hq {
namespace {

constexpr const char* kTwice =
    "SELECT r.key_id,r.serial,r.campaign,r.till,r.store_id,r.operator_id,r.identity,r.business_date,r.at_ms,"
    "r.received_ms,r.value,r.currency,length(r.rid) FROM redeemed_twice t "
    "JOIN redemption r ON r.key_id=t.key_id AND r.serial=t.serial ORDER BY 1,2,r.received_ms,r.till,r.epoch,r.seq";
constexpr const char* kExposedOf =
    "SELECT count(*) FROM reservation WHERE key_id=? AND serial=? AND exposed=1 AND state IN (1,4)";
constexpr const char* kBound = "SELECT exposure,worth FROM campaign WHERE number=?";

Redemption redemption_from(const Query& row) {
  Redemption one;
  one.till = static_cast<TillNumber>(row.integer(3));
  one.store_id = row.text(4);
  one.operator_id = row.text(5);
  one.identity = row.text(6);
  one.date = {static_cast<std::int32_t>(row.integer(7))};
  one.at = {row.integer(8)};
  one.received = {row.integer(9)};
  one.value = row.integer(10);
  one.currency = row.text(11);
  one.reserved = row.integer(12) > 0;
  return one;
}

Minor beyond_the_largest(const std::vector<Redemption>& redemptions) {
  Minor sum = 0, largest = 0;
  for (const auto& one : redemptions) sum += one.value, largest = std::max(largest, one.value);
  return sum - largest;
}

void take_exposure(Database& db, RedeemedTwice& coupon) {
  auto exposed = db.query(kExposedOf);
  if (exposed.bind(coupon.key.packed(), coupon.serial).step()) coupon.exposed = exposed.integer(0);
  auto bound = db.query(kBound);
  if (!bound.bind(coupon.campaign).step()) return;
  coupon.bound = bound.integer(0);
  coupon.bound_value = bound.integer(0) * bound.integer(1);
}

void add_up(std::vector<RedeemedTwice>& coupons) {
  std::map<std::uint32_t, std::pair<std::int64_t, Minor>> running;
  for (auto& coupon : coupons) {
    auto& [times, value] = running[coupon.campaign];
    coupon.running = times += static_cast<std::int64_t>(coupon.redemptions.size()) - 1;
    coupon.running_value = value += coupon.lost;
  }
}

}  // namespace

Result<std::vector<RedeemedTwice>> SqliteLedger::double_redemptions() {
  return guarded([&]() -> Result<std::vector<RedeemedTwice>> {
    Read read(report_mutex_, *report_reader_, kLongRead);
    std::vector<RedeemedTwice> coupons;
    auto rows = read.db().query(kTwice);
    while (rows.step()) {
      const auto key = KeyId::from_packed(static_cast<std::uint32_t>(rows.integer(0)));
      const auto serial = static_cast<std::uint32_t>(rows.integer(1));
      if (coupons.empty() || coupons.back().key != key || coupons.back().serial != serial) {
        auto& coupon = coupons.emplace_back();
        coupon.key = key;
        coupon.serial = serial;
        coupon.campaign = static_cast<std::uint32_t>(rows.integer(2));
      }
      coupons.back().redemptions.push_back(redemption_from(rows));
    }
    for (auto& coupon : coupons) {
      coupon.lost = beyond_the_largest(coupon.redemptions);
      take_exposure(read.db(), coupon);
    }
    const auto rank = [](const RedeemedTwice& one) {
      return std::tuple(one.redemptions[1].received.ms, one.key.packed(), one.serial);
    };
    std::sort(coupons.begin(), coupons.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
    add_up(coupons);
    return coupons;
  });
}

}  // namespace tillside::hq
