// What can go wrong, how often it is asked to, and how often it really did.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace tillside::simulation {

struct Faults {  // chances in a thousand
  // of each exchange
  std::uint64_t request_lost = 15, answer_lost = 15, delivered_twice = 20, delivered_late = 10;
  // of each quarter of a till's day
  std::uint64_t partition = 250, till_crash = 30, clock_back = 25, clock_ahead = 25;
  // of each hold that is about to become a sale
  std::uint64_t crash_with_hold = 8;
  // of each till's day: it loses its power at one of its next writes
  std::uint64_t power_cut = 100;
  // of each till's day
  std::uint64_t disk_copied = 10, switched_off = 120, disk_rolled_back = 8, call_repeated_later = 200;
  std::uint64_t disk_backed_up = 30;  // what a disk may be rolled back to
  std::uint64_t disk_gone = 600;      // of each disk that is put back: its newer life is called gone
  std::uint64_t gone_disk_returns = 700;
  // of each day of a group of tills
  std::uint64_t headquarters_crash = 500, headquarters_power_cut = 300;
  // of each day of the chain
  std::uint64_t headquarters_restored = 40;
};

// A defect put in on purpose, which the invariants must catch.
enum class Defect : std::uint8_t {
  none,
  acknowledges_before_durable,  // headquarters says it holds a batch and forgets it
  reclaims_by_timeout,          // headquarters lends again what a silent till was lent
  hold_lapses_at_grantor,       // headquarters forgets what it granted and was not told of since
  welcomes_again,               // headquarters forgets whom it has welcomed
  grants_what_home_keeps,       // headquarters takes it that home let go, and did not hear it say so
  keeps_gone_exposure,          // what a disk that is gone had out stays out
};

class Tally {
 public:
  void count(const std::string& what, std::uint64_t by = 1) { counts_[what] += by; }
  std::uint64_t of(const std::string& what) const {
    const auto found = counts_.find(what);
    return found == counts_.end() ? 0 : found->second;
  }
  const std::map<std::string, std::uint64_t>& all() const { return counts_; }

 private:
  std::map<std::string, std::uint64_t> counts_;
};

}  // namespace tillside::simulation
