// What shoppers carry home, and who brings what back where.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/dice.h"

namespace tillside::simulation {

struct Carried {
  std::string id, code;
  std::size_t home = 0;  // the till that issued it
  bool photo = false;    // a picture of a coupon that somebody else carries
  bool told = false;     // found by her scan: nobody carries it
};

class Shoppers {
 public:
  Shoppers(Dice& dice, std::uint64_t photographed) : dice_(dice), photographed_(photographed) {}

  void take(Carried coupon);  // out of the shop with it; now and then a picture of it goes round
  // A coupon of this till, of any other one, or somebody's picture of one. nullopt: nobody brings such a one.
  std::optional<Carried> at_home(std::size_t till) { return out_of(pocket(till)); }
  std::optional<Carried> elsewhere(std::size_t till);
  std::optional<Carried> picture();  // often the newest
  void photograph(const Carried& coupon);

 private:
  std::vector<Carried>& pocket(std::size_t till);
  std::optional<Carried> out_of(std::vector<Carried>& some);

  Dice& dice_;
  const std::uint64_t photographed_;           // in a thousand
  std::vector<std::vector<Carried>> pockets_;  // by till
  std::vector<Carried> pictures_;
};

}  // namespace tillside::simulation
