// Chooses how long to wait after a trouble: soon after a passing one, seldom after a no.
#pragma once

#include "sync/client/backoff.h"
#include "sync/client/trouble.h"

namespace tillside::sync {

class Patience {
 public:
  struct Limits {
    Backoff::Limits passing{1000, 120'000, 0};           // unreachable, busy, garbled, storage
    Backoff::Limits refused{60'000, 3'600'000, 30'000};  // 403, 426 and their like
    Backoff::Limits unauthorised{1000, 600'000, 0};      // 401 again after a contact that went well
  };
  Patience(const Limits& limits, Random& random)
      : passing_(limits.passing, random),
        refused_(limits.refused, random),
        unauthorised_(limits.unauthorised, random) {}

  std::int64_t after(const Trouble& trouble);  // milliseconds
  void reset();                                // it went well

 private:
  Backoff passing_, refused_, unauthorised_;
};

}  // namespace tillside::sync
