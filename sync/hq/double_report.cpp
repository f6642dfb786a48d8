#include "sync/hq/double_report.h"

#include "agent/domain/coupon.h"
#include "sync/hq/csv.h"
#include "sync/hq/report_text.h"

namespace tillside::hq {
namespace {

std::string id_of(const RedeemedTwice& coupon) {
  CouponBody body;
  body.key = coupon.key;
  body.serial = coupon.serial;
  return coupon_id(body);
}

std::string utc(Instant at) { return format_time(at, StoreZone("UTC", {})); }

bool is_within(const RedeemedTwice& coupon) {
  return coupon.running <= coupon.bound && coupon.running_value <= coupon.bound_value;
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
                               {"value", coupon.lost},
                               {"exposed", coupon.exposed},
                               {"running", coupon.running},
                               {"running_value", coupon.running_value},
                               {"bound", coupon.bound},
                               {"bound_value", coupon.bound_value},
                               {"within_bound", is_within(coupon)},
                               {"redemptions", times}});
  }
  return json;
}

std::string double_report_csv(const std::vector<RedeemedTwice>& coupons, bool bom) {
  std::string out = bom ? "\xEF\xBB\xBF" : "";
  append_csv_row(out,
                 {"券号 coupon", "活动 campaign", "收银机 till", "门店 store", "收银员 operator", "单号 checkout",
                  "核销时间 at (UTC)", "收到时间 received (UTC)", "金额 value", "币种 currency", "异地核销 reserved",
                  "占用敞口 exposed", "多付金额 lost", "活动累计次数 running", "活动累计金额 running value",
                  "敞口上限次数 bound", "敞口上限金额 bound value", "未超限 within bound"});
  for (const auto& coupon : coupons) {
    for (const auto& one : coupon.redemptions)
      append_csv_row(
          out,
          {id_of(coupon), std::to_string(coupon.campaign), std::to_string(one.till), one.store_id, one.operator_id,
           one.identity, utc(one.at), utc(one.received), amount_text(one.value, one.currency), one.currency,
           one.reserved ? "1" : "0", std::to_string(coupon.exposed), amount_text(coupon.lost, one.currency),
           std::to_string(coupon.running), amount_text(coupon.running_value, one.currency),
           std::to_string(coupon.bound), amount_text(coupon.bound_value, one.currency), is_within(coupon) ? "1" : "0"});
  }
  return out;
}

}  // namespace tillside::hq
