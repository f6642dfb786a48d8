// The door to time. Rules take an Instant; only the outer rooms hold a Clock.
#pragma once

#include <cstdint>

#include "agent/domain/time.h"

namespace tillside {

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;                // the wall clock, may jump
  virtual std::int64_t monotonic_ms() const = 0;  // never goes back; origin arbitrary
};

}  // namespace tillside
