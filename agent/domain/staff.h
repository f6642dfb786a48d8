// The staff of a store, as headquarters sends it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/ids.h"

namespace tillside {

enum class StaffRole : std::uint8_t { guide, cashier, manager };
const char* name_of(StaffRole role);
std::optional<StaffRole> staff_role_of(std::string_view name);

struct Staff {
  std::string staff_id;  // as the POS has it: "E2033"
  StaffNumber number = 0;
  std::string name;
  StaffRole role = StaffRole::guide;
  bool active = true;
  std::string badge_token;  // the 30 characters headquarters made for her badge; empty: none yet
};

class StaffRoster {
 public:
  StaffRoster() = default;
  explicit StaffRoster(std::vector<Staff> staff);

  // nullptr when there is none. A pointer lives as long as the roster.
  const Staff* find(std::string_view staff_id) const;
  const Staff* find(StaffNumber number) const;
  const std::vector<Staff>& all() const { return staff_; }

  // Who is credited: the guide named at the checkout, else the friend the shopper already has, when active and of this
  // store; else 0, the store itself.
  StaffNumber credited(std::string_view guide_id, std::optional<StaffNumber> friend_here) const;

 private:
  std::vector<Staff> staff_;  // sorted by staff_id
};

}  // namespace tillside
