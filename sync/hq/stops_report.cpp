#include "sync/hq/stops_report.h"

#include "sync/hq/csv.h"
#include "sync/hq/report_text.h"

namespace tillside::hq {

Json stops_json(const std::vector<StopAwaited>& awaited) {
  Json tills = Json::array();
  Minor in_hand = 0, live = 0;
  for (const auto& one : awaited) {
    tills.push_back({{"campaign", one.campaign},
                     {"till", one.till},
                     {"store_id", one.store_id},
                     {"currency", one.currency},
                     {"in_hand", one.in_hand},
                     {"in_hand_value", one.in_hand_value},
                     {"live_coupons", one.live},
                     {"live_value", one.live_value},
                     {"last_heard", one.heard.ms == 0 ? Json() : Json(utc_text(one.heard))}});
    in_hand += one.in_hand_value;
    live += one.live_value;
  }
  return {{"tills", std::move(tills)}, {"count", awaited.size()}, {"in_hand_value", in_hand}, {"live_value", live}};
}

std::string stops_csv(const std::vector<StopAwaited>& awaited, bool bom) {
  std::string out = bom ? "\xEF\xBB\xBF" : "";
  append_csv_row(
      out, {"活动 campaign", "收银机 till", "门店 store", "币种 currency", "手中额度 units in hand",
            "额度面值 in hand value", "在外有效券 live coupons", "有效券面值 live value", "最近联系 last heard (UTC)"});
  for (const auto& one : awaited)
    append_csv_row(
        out, {std::to_string(one.campaign), std::to_string(one.till), one.store_id, one.currency,
              std::to_string(one.in_hand), amount_text(one.in_hand_value, one.currency), std::to_string(one.live),
              amount_text(one.live_value, one.currency), one.heard.ms == 0 ? std::string() : utc_text(one.heard)});
  return out;
}

}  // namespace tillside::hq
