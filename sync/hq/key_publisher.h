// When headquarters signs its key directory: soon after a key changed, and every week before it expires.
//
// A change goes to every till of the chain (12 KB for each part of 256 tills), so the larger the chain the longer
// changes are gathered: a second and one more for each part, 80 for 20,000 tills.
#pragma once

#include <atomic>
#include <mutex>

#include "agent/domain/clock.h"
#include "sync/hq/hq_keys.h"
#include "sync/hq/ledger.h"
#include "sync/hq/workers.h"

namespace tillside::hq {

inline constexpr std::int64_t kKeysLife = 35 * kDay;    // how long a till may verify others' coupons without contact
inline constexpr std::int64_t kKeysRenewed = 7 * kDay;  // signed anew, changed or not

// Any thread.
class KeyPublisher {
 public:
  KeyPublisher(Ledger& ledger, HqKeys& keys, const Clock& clock, Workers& workers)
      : ledger_(ledger), keys_(keys), clock_(clock), workers_(workers) {}

  // Now. For what must not wait: the start, a revocation.
  Status publish();
  // Headquarters signs with a new key from now on; returns its generation. Every token ends, so that tills make
  // contact, where they are led from the key they know to the newest.
  Result<std::uint8_t> rotate();
  // Now and then, on an io thread: has a worker publish what is due.
  void tick();

 private:
  Status publish_locked();
  std::string sign(KeyPart part, Instant now) const;

  Ledger& ledger_;
  HqKeys& keys_;
  const Clock& clock_;
  Workers& workers_;
  std::mutex mutex_;                                    // one at a time
  std::atomic<std::int64_t> next_ms_{0}, renew_ms_{0};  // monotonic
};

}  // namespace tillside::hq
