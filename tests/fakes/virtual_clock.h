// A clock that stands still until it is told to move.
#pragma once

#include <atomic>

#include "agent/domain/clock.h"

namespace tillside::fakes {

// Thread-safe.
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(Instant start = Instant{1'763'800'000'000}) : wall_(start.ms) {}
  Instant now() const override { return Instant{wall_}; }
  std::int64_t monotonic_ms() const override { return monotonic_; }
  void advance(std::int64_t ms) {
    wall_ += ms;
    monotonic_ += ms;
  }
  void jump_wall(std::int64_t ms) { wall_ += ms; }

 private:
  std::atomic<std::int64_t> wall_;
  std::atomic<std::int64_t> monotonic_{5'000};
};

}  // namespace tillside::fakes
