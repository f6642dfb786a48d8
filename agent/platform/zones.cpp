#include "agent/platform/zones.h"

#include <date/tz.h>

#include <chrono>
#include <stdexcept>

namespace tillside {

Result<StoreZone> load_zone(const std::string& iana_name) {
  using namespace std::chrono;
  if (iana_name == "Asia/Shanghai") return StoreZone();
  try {
    const date::time_zone* zone = date::locate_zone(iana_name);
    std::vector<StoreZone::Shift> shifts;
    const date::sys_seconds end = date::sys_days{date::year{2050} / 1 / 1};
    for (date::sys_seconds at = date::sys_days{date::year{2000} / 1 / 1}; at < end;) {
      const date::sys_info info = zone->get_info(at);
      const Instant from{duration_cast<milliseconds>(at.time_since_epoch()).count()};
      shifts.push_back({from, static_cast<std::int32_t>(info.offset.count())});
      at = info.end;
    }
    return StoreZone(iana_name, std::move(shifts));
  } catch (const std::exception& problem) {
    return Error{ErrorCode::not_found, "zone", problem.what()};
  }
}

}  // namespace tillside
