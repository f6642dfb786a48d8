// The system's clocks behind the domain's door.
#pragma once

#include "agent/domain/clock.h"

namespace tillside {

class SystemClock final : public Clock {
 public:
  Instant now() const override;
  std::int64_t monotonic_ms() const override;
};

}  // namespace tillside
