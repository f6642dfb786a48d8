// The staff file: store_id,staff_id,staff_number,name,role,active.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/staff.h"
#include "sync/hq/hq_keys.h"

namespace tillside::hq {

struct BadRow {
  std::uint64_t line = 0;
  std::string reason;  // never holds the field's content
};

struct StaffRows {
  std::map<std::string, std::vector<Staff>> by_store;
  std::vector<BadRow> bad;
};
StaffRows read_staff_csv(std::string_view csv);

// The token of her badge: valid for two years from `now`.
std::string badge_token(const HqKeys& keys, StoreNumber store, StaffNumber staff, Instant now);

}  // namespace tillside::hq
