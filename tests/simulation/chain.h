// A chain of shops on a virtual clock: many real tills, one real headquarters, and everything that goes wrong between
// them. One thread, one seed: the same seed gives the same run.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/simulation/oracle.h"
#include "tests/simulation/till.h"

namespace tillside::simulation {

struct Plan {
  std::uint64_t seed = 1;
  std::size_t tills = 24;
  int days = 3;
  int checkouts_a_day = 100;  // of each till
  std::size_t open_at_once = 24;
  Faults faults;
  Defect defect = Defect::none;
};

struct Outcome {
  Tally tally;
  std::vector<std::string> violations;  // of the house's invariants, in words; empty: they hold
  std::uint64_t store_days = 0;
};

class Chain {
 public:
  Chain(Plan plan, std::filesystem::path folder);
  Outcome run();

 private:
  struct Shopper {
    std::string phone;  // empty: nobody is named
    bool member = false;
  };
  void found();  // stores, campaigns, members, tills
  void day();
  void day_of_headquarters();
  void begin_day(std::size_t number);
  void quarter(std::size_t number);
  void reclaim_from(const Till& till);
  void sell(std::size_t number);
  void take_back(std::size_t number);
  void repeat_later(std::size_t number);
  void end_day(std::size_t number);
  void copy_disk(std::size_t number);
  void roll_back_disk(std::size_t number);
  void disturb_clock(Till& till);
  void heal();
  void judge();

  Checkout checkout_of(Till& till, CheckoutState state);
  Shopper shopper();
  void check_verdict(const Reply& reply, const Shopper& shopper);
  void took(std::size_t number, const Reply& reply, const char* what);
  std::set<std::string> held_at_headquarters() const;
  bool happens(const char* what, std::uint64_t in_thousand);
  void violated(std::string what);
  Till& add_till(const std::string& lane);

  const Plan plan_;
  const std::filesystem::path folder_;
  Dice dice_;
  TrueTime time_;
  Outcome outcome_;
  Oracle oracle_;
  Defect defect_;
  std::unique_ptr<Headquarters> headquarters_;
  std::vector<std::unique_ptr<Till>> tills_;
  std::vector<std::string> last_sold_;  // by till: the identity of its newest sale that was not taken back
  std::vector<std::pair<std::string, Checkout>> remembered_;  // by till: a call to repeat another day
  std::int64_t budget_ = 0;
};

}  // namespace tillside::simulation
