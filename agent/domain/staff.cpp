#include "agent/domain/staff.h"

#include <algorithm>
#include <utility>

namespace tillside {

StaffRoster::StaffRoster(std::vector<Staff> staff) : staff_(std::move(staff)) {
  std::sort(staff_.begin(), staff_.end(), [](const Staff& a, const Staff& b) { return a.staff_id < b.staff_id; });
}

const Staff* StaffRoster::find(std::string_view staff_id) const {
  const auto at = std::lower_bound(staff_.begin(), staff_.end(), staff_id,
                                   [](const Staff& one, std::string_view id) { return one.staff_id < id; });
  return at != staff_.end() && at->staff_id == staff_id ? &*at : nullptr;
}

const Staff* StaffRoster::find(StaffNumber number) const {
  const auto at = std::find_if(staff_.begin(), staff_.end(), [&](const Staff& one) { return one.number == number; });
  return at != staff_.end() ? &*at : nullptr;
}

StaffNumber StaffRoster::credited(std::string_view guide_id, std::optional<StaffNumber> friend_here) const {
  if (const Staff* guide = find(guide_id); guide != nullptr && guide->active) return guide->number;
  if (!friend_here) return 0;
  const Staff* known = find(*friend_here);
  return known != nullptr && known->active ? known->number : StaffNumber{0};
}

}  // namespace tillside
