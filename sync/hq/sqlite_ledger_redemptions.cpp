#include "sync/hq/sqlite_ledger_scope.h"

namespace tillside::hq {
namespace {

constexpr const char* kTwice =
    "SELECT r.key_id,r.serial,r.campaign,r.till,r.store_id,r.operator_id,r.identity,r.business_date,r.at_ms,"
    "r.received_ms,r.value,r.currency,length(r.rid) FROM redeemed_twice t "
    "JOIN redemption r ON r.key_id=t.key_id AND r.serial=t.serial ORDER BY 1,2,r.received_ms,r.till,r.epoch,r.seq";

}  // namespace

Result<std::vector<RedeemedTwice>> SqliteLedger::double_redemptions() {
  return guarded([&]() -> Result<std::vector<RedeemedTwice>> {
    Read read(report_mutex_, *report_reader_, kLongRead);
    std::vector<RedeemedTwice> coupons;
    auto rows = read.db().query(kTwice);
    while (rows.step()) {
      const auto key = KeyId::from_packed(static_cast<std::uint32_t>(rows.integer(0)));
      const auto serial = static_cast<std::uint32_t>(rows.integer(1));
      if (coupons.empty() || coupons.back().key != key || coupons.back().serial != serial)
        coupons.push_back({key, serial, static_cast<std::uint32_t>(rows.integer(2)), {}});
      Redemption one;
      one.till = static_cast<TillNumber>(rows.integer(3));
      one.store_id = rows.text(4);
      one.operator_id = rows.text(5);
      one.identity = rows.text(6);
      one.date = {static_cast<std::int32_t>(rows.integer(7))};
      one.at = {rows.integer(8)};
      one.received = {rows.integer(9)};
      one.value = rows.integer(10);
      one.currency = rows.text(11);
      one.reserved = rows.integer(12) > 0;
      coupons.back().redemptions.push_back(std::move(one));
    }
    return coupons;
  });
}

}  // namespace tillside::hq
