// The machine's clocks, behind the domain's door.
#pragma once

#include <chrono>

#include "agent/domain/clock.h"

namespace tillside::hq {

class SystemClock : public Clock {
 public:
  Instant now() const override { return {count(std::chrono::system_clock::now())}; }
  std::int64_t monotonic_ms() const override { return count(std::chrono::steady_clock::now()); }

 private:
  template <class Point>
  static std::int64_t count(Point at) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
  }
};

}  // namespace tillside::hq
