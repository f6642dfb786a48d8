// What the shoppers' hands and the POS hold: every acknowledged answer, every coupon handed out and every redemption
// approved, apart from all databases. It says what must be true of headquarters in the end.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "agent/desk/desk.h"

namespace tillside::simulation {

// A voucher's goods without a sale have no identity: this stands for it.
std::string name_of_hand_over(const std::string& coupon, std::uint32_t till);

// Headquarters' ledger, as rows.
struct HeldRedemption {
  std::string identity;
  std::int64_t value = 0;
  std::uint32_t till = 0;
  bool reserved = false;  // granted by headquarters; else its home decided
  bool operator==(const HeldRedemption&) const = default;
};
struct HeldAtHeadquarters {
  std::unordered_set<std::string> identities;                                           // of checkouts and reversals
  std::unordered_set<std::string> coupons;                                              // ids
  std::unordered_map<std::string, std::vector<HeldRedemption>> redemptions;             // by coupon id
  std::map<std::string, std::multiset<std::pair<std::uint32_t, std::string>>> doubles;  // the report: till, identity
};

struct Terms {
  bool strict = false;
  std::int64_t issue = 0, exposure = 0;
};

class Oracle {
 public:
  struct Coupon {
    std::set<std::size_t> texts;  // hashes
    std::uint32_t campaign = 0;
    std::size_t home = 0;  // the disk that issued it
    bool revoked = false, unsteady = false, forgotten = false;
    std::string whom;                      // welcomed
    std::string issued_by;                 // the sale
    std::vector<std::size_t> redeemed_at;  // disks
  };

  // A durable answer was given by this till's disk. False: the same identity had another answer.
  bool acknowledged(std::size_t disk, const Reply& reply);
  // Headquarters issued it, at home on that disk; for `whom`, empty: whoever brings it. False: she had one before.
  bool told(const std::string& coupon, std::uint32_t campaign, std::size_t home, const std::string& whom);
  void handed_over(std::size_t disk, std::uint32_t till, const std::string& coupon, std::int64_t value);
  // A restored headquarters knows nothing of a coupon of its own any more, nor that it welcomed her.
  void headquarters_forgot_its_own(const std::string& coupon);
  // The disk was put back: what it had acknowledged and headquarters does not hold is gone with it.
  std::uint64_t disk_lost(std::size_t disk, const std::set<std::string>& held);
  // A disk that exists twice, or again: up to `units` more coupons, serials that repeat, marks that are missing.
  void rolled_back(std::size_t disk, std::int64_t units);
  // A restored headquarters forgot that it granted this coupon, or that it was redeemed.
  void headquarters_forgot(const std::string& coupon);

  // What is wrong, in words.
  std::vector<std::string> judge(const HeldAtHeadquarters& held, const std::map<std::uint32_t, Terms>& terms) const;

  const Coupon* coupon(const std::string& id) const;
  bool was_answered(const std::string& identity, const std::string& body) const;
  bool is_unsteady(std::size_t disk) const { return unsteady_disks_.contains(disk); }

  struct Totals {
    std::size_t answers = 0, redemptions = 0, twice = 0, twice_unsteady = 0;
    std::int64_t coupons = 0, allowance = 0, grants_forgotten = 0, own_forgotten = 0;
  };
  Totals totals() const;

 private:
  struct Redeemed {
    std::string coupon, identity;
    std::int64_t value = 0;
  };
  class Judge;
  void handed_out(std::size_t disk, const Reply& reply, std::string_view list, std::uint32_t count);
  bool steady(const Coupon& coupon) const;

  std::unordered_map<std::string, std::size_t> answers_;            // hashes, by identity
  std::map<std::size_t, std::vector<const std::string*>> by_disk_;  // their identities
  std::unordered_set<std::string> lost_;
  std::set<std::size_t> unsteady_disks_;
  std::unordered_map<std::string, Coupon> coupons_;
  std::vector<Redeemed> redeemed_;
  std::map<std::string, int> welcomes_;  // by person, less those that headquarters forgot
  std::int64_t handed_out_ = 0, allowance_ = 0, grants_forgotten_ = 0, own_forgotten_ = 0;
};

}  // namespace tillside::simulation
