#include "sync/hq/double_report.h"

#include <algorithm>

#include "agent/domain/coupon.h"
#include "agent/domain/money.h"
#include "sync/hq/csv.h"

namespace tillside::hq {
namespace {

std::string id_of(const RedeemedTwice& coupon) {
  CouponBody body;
  body.key = coupon.key;
  body.serial = coupon.serial;
  return coupon_id(body);
}

std::string utc(Instant at) { return format_time(at, StoreZone("UTC", {})); }

// What was given away beyond the one redemption it was good for: all but the largest.
Minor lost(const RedeemedTwice& coupon) {
  Minor sum = 0, largest = 0;
  for (const auto& one : coupon.redemptions) sum += one.value, largest = std::max(largest, one.value);
  return sum - largest;
}

std::string amount(Minor value, const std::string& currency) {
  const auto known = currency_of(currency);
  return format_amount(value, known ? known->exponent : 2);
}

}  // namespace

Json double_report_json(const std::vector<RedeemedTwice>& coupons) {
  Json json{{"coupons", Json::array()}, {"count", coupons.size()}};
  for (const auto& coupon : coupons) {
    Json times = Json::array();
    for (const auto& one : coupon.redemptions)
      times.push_back({{"till", one.till},
                       {"store_id", one.store_id},
                       {"operator_id", one.operator_id},
                       {"identity", one.identity},
                       {"at", utc(one.at)},
                       {"received", utc(one.received)},
                       {"value", one.value},
                       {"currency", one.currency},
                       {"reserved", one.reserved}});
    json["coupons"].push_back({{"coupon", id_of(coupon)},
                               {"campaign", coupon.campaign},
                               {"times", coupon.redemptions.size()},
                               {"value", lost(coupon)},
                               {"redemptions", times}});
  }
  return json;
}

std::string double_report_csv(const std::vector<RedeemedTwice>& coupons, bool bom) {
  std::string out = bom ? "\xEF\xBB\xBF" : "";
  append_csv_row(out,
                 {"券号 coupon", "活动 campaign", "收银机 till", "门店 store", "收银员 operator", "单号 checkout",
                  "核销时间 at (UTC)", "收到时间 received (UTC)", "金额 value", "币种 currency", "异地核销 reserved"});
  for (const auto& coupon : coupons) {
    for (const auto& one : coupon.redemptions)
      append_csv_row(out, {id_of(coupon), std::to_string(coupon.campaign), std::to_string(one.till), one.store_id,
                           one.operator_id, one.identity, utc(one.at), utc(one.received),
                           amount(one.value, one.currency), one.currency, one.reserved ? "1" : "0"});
  }
  return out;
}

}  // namespace tillside::hq
