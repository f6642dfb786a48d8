// What the shoppers' hands and the POS hold: every acknowledged answer and every coupon handed out, apart from all
// databases. It says what must be true of headquarters in the end.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "agent/desk/desk.h"

namespace tillside::simulation {

class Oracle {
 public:
  // A durable answer was given by this till's disk. False: the same identity had another answer.
  bool acknowledged(std::size_t disk, const Reply& reply);
  // The disk was put back: what it had acknowledged and headquarters does not hold is gone with it.
  std::uint64_t disk_lost(std::size_t disk, const std::set<std::string>& held);
  // A disk that exists twice, or again: up to `units` more coupons, and serials that repeat.
  void rolled_back(std::size_t disk, std::int64_t units);

  struct Findings {
    std::vector<std::string> missing;   // acknowledged, and not at headquarters
    std::vector<std::string> invented;  // at headquarters, and never acknowledged
    std::vector<std::string> twice;     // one coupon id, two coupons, on disks that were never rolled back
    std::int64_t coupons = 0, allowance = 0;
  };
  Findings judge(const std::set<std::string>& held) const;

  std::size_t answers() const { return answers_.size(); }
  const std::vector<std::string>& of(std::size_t disk) { return by_disk_[disk]; }
  const std::string* answer_of(const std::string& identity) const;

 private:
  struct Coupon {
    std::set<std::string> texts;
    bool rolled_back = false;
  };
  std::unordered_map<std::string, std::string> answers_;  // by identity
  std::map<std::size_t, std::vector<std::string>> by_disk_;
  std::set<std::string> lost_;
  std::set<std::size_t> unsteady_disks_;
  std::unordered_map<std::string, Coupon> coupons_;
  std::int64_t handed_out_ = 0, allowance_ = 0;
};

}  // namespace tillside::simulation
