// One true time for everyone, and the clocks that tell it, rightly or wrongly.
#pragma once

#include "agent/domain/clock.h"

namespace tillside::simulation {

class TrueTime final : public Clock {
 public:
  explicit TrueTime(Instant start) : now_ms_(start.ms) {}
  Instant now() const override { return Instant{now_ms_}; }
  std::int64_t monotonic_ms() const override { return now_ms_; }
  void advance(std::int64_t ms) { now_ms_ += ms; }

 private:
  std::int64_t now_ms_;
};

// A till's clock: off by `error_ms`; its monotonic side counts from its last start.
class TillClock final : public Clock {
 public:
  explicit TillClock(const TrueTime& time) : time_(time), started_ms_(time.monotonic_ms()) {}
  Instant now() const override { return Instant{time_.now().ms + error_ms}; }
  std::int64_t monotonic_ms() const override { return time_.monotonic_ms() - started_ms_ + 1000; }
  void restart() { started_ms_ = time_.monotonic_ms(); }

  std::int64_t error_ms = 0;

 private:
  const TrueTime& time_;
  std::int64_t started_ms_;
};

}  // namespace tillside::simulation
