// What time it is, for rules that money hangs on: a mark that only headquarters moves, and the wall clock as far as the
// mark bears it out. docs/redemption.md, "Trusted clock".
//
// The mark M is the newest time headquarters signed, plus the monotonic time run since. A run that begins from a kept
// mark does not know how long the machine was off: M is then the earliest it can be. Pure: clocks are read outside.
#pragma once

#include <cstdint>
#include <optional>

#include "agent/domain/time.h"

namespace tillside {

enum class ClockState : std::uint8_t {
  wall,    // the wall clock agrees with the mark and counts
  mark,    // it does not, but headquarters signed the time in this run: the mark counts
  behind,  // it is more than 10 minutes before the mark: not trusted
  ahead,   // it is more than 35 days after the mark: not trusted
  never,   // no mark: headquarters never signed a time for this till
};
const char* name_of(ClockState state);

// The time validity is judged by.
struct TrustedTime {
  Instant now;          // untrusted: the newest time that is certain; unknown: what the wall clock says
  bool trusted = true;  // false: nothing is issued, and whatever is elsewhere is asked for as `strict`
  bool known = true;    // false: nothing is certain
  ClockState state = ClockState::wall;
  std::int64_t skew_ms = 0;  // the wall clock minus the mark; 0 when there is none
};

// A value; not thread-safe.
class TrustedClock {
 public:
  static constexpr std::int64_t kMostBehind = 10 * kMinute, kMostAhead = 35 * kDay;
  static constexpr std::int64_t kKeepEvery = kMinute;  // of run time: how much of M a power cut may cost

  TrustedClock() = default;  // never in contact
  // A run begins: `kept` is the mark an earlier one left.
  TrustedClock(Instant kept, std::int64_t monotonic_ms) : base_(kept), base_monotonic_(monotonic_ms) {}

  // Headquarters signed this time. `fresh`: over a nonce made for this very exchange, so that it is the present and the
  // mark follows it either way; else it may be an old answer and only moves the mark on. false: a time no headquarters
  // can mean (before 2024 or beyond what coupons can carry) is left out.
  bool sign(Instant time, bool fresh, std::int64_t monotonic_ms);

  std::optional<Instant> mark(std::int64_t monotonic_ms) const;
  TrustedTime judge(Instant wall, std::int64_t monotonic_ms) const;

 private:
  std::optional<Instant> base_;
  std::int64_t base_monotonic_ = 0;
  bool signed_in_this_run_ = false;
};

}  // namespace tillside
