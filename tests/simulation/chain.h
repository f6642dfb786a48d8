// A chain of shops on a virtual clock: many real tills, one real headquarters, and everything that goes wrong between
// them. One thread, one seed: the same seed gives the same run.
#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/disk.h"
#include "tests/simulation/oracle.h"
#include "tests/simulation/shoppers.h"
#include "tests/simulation/till.h"

namespace tillside::simulation {

inline constexpr std::uint64_t kMembers = 40;
std::string member_phone(std::uint64_t number);

struct Plan {
  std::uint64_t seed = 1;
  std::size_t tills = 24;
  int days = 3;
  int checkouts_a_day = 100;                                                         // of each till
  int coupons_brought = 310;                                                         // in a thousand checkouts
  std::uint64_t pictures_brought = 40, brought_elsewhere = 80, held_for_later = 40;  // in a thousand coupons brought
  std::uint64_t photographed = 60;                                                   // in a thousand coupons
  std::int64_t exposure_a_day = 3;                                                   // of each till and campaign
  std::size_t open_at_once = 25;                                                     // tills
  int stretch = 5;  // days in a row these stay in business, before others have their turn
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
  struct Sold {  // a sale that may be taken back
    std::string identity;
    std::int64_t sequence = 0;
    LocalDate date;
    Minor net = 0;
  };
  struct Held {  // a coupon that is approved and waits for its sale
    Carried coupon;
    std::string hold_id;
    Minor discount = 0;
    KeyId key;  // of the till, when it was approved
  };
  struct Counter {  // what the people at one till remember
    std::deque<Sold> sold;
    std::optional<Held> waiting;
    std::vector<Carried> patient;  // shoppers who were told to ask again once home has answered
    std::string repeat_identity;   // a call to repeat another day
    Checkout repeat;
  };

  // chain.cpp: the days
  void found();  // stores, campaigns, members, tills
  void found_members(hq::Ledger& ledger);
  void stretch(int days);
  void group_day(std::size_t first, std::size_t end);
  void day_of_headquarters();
  void restore_headquarters();
  void hear_everybody();
  void begin_day(std::size_t number);
  void quarter(std::size_t number);
  void end_day(std::size_t number);
  void break_by_defect(Till& till);
  void copy_disk(std::size_t number);
  void roll_back_disk(std::size_t number);
  void disturb_clock(Till& till);
  bool happens(const char* what, std::uint64_t in_thousand);
  void violated(std::string what);
  Till& add_till(const std::string& lane);

  // chain_counter.cpp: what goes over the counter
  void sell(std::size_t number);
  void take_back(std::size_t number);
  void repeat_later(std::size_t number);
  Checkout checkout_of(Till& till, CheckoutState state);
  Shopper shopper();
  void check_verdict(const Reply& reply, const Shopper& shopper);
  void took(std::size_t number, const Reply& reply, const char* what);
  void carry_away(std::size_t number, const Reply& reply);

  // chain_coupons.cpp: coupons that come back
  std::optional<Carried> brought(std::size_t number);
  std::optional<Held> present(std::size_t number, Checkout& checkout, const Carried& coupon);
  std::optional<Held> hold(std::size_t number, const Checkout& checkout, const Carried& coupon);
  void let_go(std::size_t number, const Held& held);
  void settle(std::size_t number, const Reply& reply, const Carried& coupon, const Held* held);
  void refused(std::size_t number, const Carried& coupon, std::string_view reason);
  bool is_home(std::size_t number, const std::string& coupon) const;

  // chain_judge.cpp: the end
  void heal();
  void judge();
  HeldAtHeadquarters held() const;
  std::set<std::string> held_of(const Till& till) const;  // its identities

  const Plan plan_;
  const std::filesystem::path folder_;
  Disk disk_;
  Dice dice_;
  TrueTime time_;
  Outcome outcome_;
  Oracle oracle_;
  Shoppers shoppers_;
  Defect defect_;
  std::unique_ptr<Headquarters> headquarters_;
  std::vector<std::unique_ptr<Till>> tills_;
  std::vector<Counter> counters_;  // by till
  std::map<std::uint32_t, Terms> terms_;
  std::uint64_t holds_ = 0;
};

}  // namespace tillside::simulation
