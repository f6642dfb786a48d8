// Which groups of campaigns have had their turn: at one checkout, or on one line.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

namespace tillside {

// Keeps views: the campaigns outlive it.
class TakenGroups {
 public:
  // False when the group was taken before. Campaigns without a group never collide.
  bool take(std::string_view group) {
    if (group.empty()) return true;
    const auto at = std::lower_bound(taken_.begin(), taken_.end(), group);
    if (at != taken_.end() && *at == group) return false;
    taken_.insert(at, group);
    return true;
  }

 private:
  std::vector<std::string_view> taken_;  // sorted
};

}  // namespace tillside
