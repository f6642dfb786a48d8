// How long to wait before trying again: full jitter, so that a thousand tills do not come back as one.
#pragma once

#include <cstdint>
#include <optional>

#include "sync/client/random.h"

namespace tillside::sync {

class Backoff {
 public:
  struct Limits {
    std::int64_t base_ms = 1000;
    std::int64_t cap_ms = 120'000;
    std::int64_t floor_ms = 0;  // never shorter
  };
  Backoff(Limits limits, Random& random) : limits_(limits), random_(random) {}

  // The n-th call since reset(): uniform in [floor, max(floor, min(cap, base * 2^n))], n from 0.
  // With a Retry-After of r seconds (taken as at most an hour): uniform in [r, r + r/2 + base], never shorter than r,
  // so that those who were told the same do not come back together.
  std::int64_t next_ms(std::optional<int> retry_after_s = std::nullopt);
  void reset() { tries_ = 0; }

 private:
  std::int64_t ceiling() const;

  Limits limits_;
  Random& random_;
  int tries_ = 0;
};

}  // namespace tillside::sync
