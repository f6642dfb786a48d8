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
// Campaigns: coupons of the next visit under both policies, what newcomers get, goods to fetch.
inline constexpr std::uint32_t kHome = 1, kStrict = 2, kWelcome = 3, kVoucher = 4;
std::string member_phone(std::uint64_t number);

struct Plan {
  std::uint64_t seed = 1;
  std::size_t tills = 24;
  int days = 3;
  int checkouts_a_day = 100;  // of each till
  std::size_t tills_a_store = 4;
  int coupons_brought = 340;                                                         // in a thousand checkouts
  std::uint64_t pictures_brought = 40, brought_elsewhere = 80, held_for_later = 40;  // in a thousand coupons brought
  std::uint64_t photographed = 60;                                                   // in a thousand coupons
  std::uint64_t joins = 300, voucher_orders = 60;                                    // in a thousand days of a till
  std::uint64_t vouchers_brought = 350;  // in a thousand quarters of its days
  std::int64_t exposure_a_day = 3;       // of each till and campaign
  std::size_t open_at_once = 25;         // tills
  int stretch = 5;                       // days in a row these stay in business, before others have their turn
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
    bool member = false, newcomer = false;
  };
  struct GoneDisk {  // called gone, and lying somewhere
    std::filesystem::path folder;
    std::size_t number = 0;  // of the till it was in
    std::uint32_t key = 0;
    std::vector<Carried> spent;  // its coupons that were redeemed elsewhere since; somebody has pictures of them
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
    std::size_t store = 0;
    std::uint32_t till = 0;  // its number at headquarters
    std::deque<Sold> sold;
    std::optional<Held> waiting;
    std::vector<Carried> patient;  // shoppers who were told to ask again once home has answered
    std::string repeat_identity;   // a call to repeat another day
    Checkout repeat;
    std::optional<std::size_t> stands_for;  // a disk that came back: the till it was in
    std::optional<std::uint32_t> gone_key;  // and the key it must not keep
    std::vector<Carried> pictures;          // that are brought to it
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
  void disturb_clock(Till& till);
  bool happens(const char* what, std::uint64_t in_thousand);
  void violated(std::string what);
  Till& add_till(std::size_t store, const std::string& lane);
  static std::string store_name(std::size_t store);

  // chain_disks.cpp: disks that are copied, put back, called gone, and found again
  void copy_disk(std::size_t number);
  void roll_back_disk(std::size_t number);
  void call_gone(std::size_t number, std::uint32_t key, const std::filesystem::path& newer_life);
  void find_gone_disk();
  bool is_fenced(std::size_t number);
  void remember_for_gone_disk(const Carried& coupon);

  // chain_vouchers.cpp: what headquarters issues itself
  void somebody_joins(std::size_t number);
  void order_vouchers(std::size_t number);
  void hand_over(std::size_t number);
  void handed_over(std::size_t number, const Carried& voucher, const CouponCall& call, const Reply& reply);
  std::optional<Carried> welcome_of(const Reply& advised) const;
  std::set<std::string> own_coupons() const;  // as headquarters knows them
  void told(const std::string& id, std::uint32_t campaign, const std::string& home, const std::string& whom);

  // chain_counter.cpp: what goes over the counter
  void sell(std::size_t number);
  void take_back(std::size_t number);
  void repeat_later(std::size_t number);
  Checkout checkout_of(Till& till, CheckoutState state);
  Shopper shopper(std::size_t number);
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
  void judge_vouchers(const HeldAtHeadquarters& held);
  HeldAtHeadquarters held() const;
  std::set<std::string> held_of(std::size_t number) const;  // a disk's identities

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
  std::vector<GoneDisk> gone_;
  std::size_t ever_gone_ = 0;                          // names their folders
  std::map<std::uint32_t, std::size_t> disk_of_till_;  // by its number
  std::vector<std::vector<std::string>> newcomers_;    // by store: phones
  std::vector<std::vector<Carried>> vouchers_;         // by store: in shoppers' hands
  std::uint64_t holds_ = 0, orders_ = 0, newcomers_ever_ = 0;
};

}  // namespace tillside::simulation
