// Codes that let a till in, once.
#pragma once

#include <deque>
#include <mutex>
#include <string>

#include "agent/domain/clock.h"
#include "sync/hq/hq_keys.h"
#include "sync/hq/ledger.h"

namespace tillside::hq {

struct FreshCode {
  std::string code;  // "XXXXX-XXXXX", 50 random bits in Crockford characters; headquarters keeps only its keyed hash
  Instant expires;
};

// Any thread.
class Enrolment {
 public:
  Enrolment(Ledger& ledger, const HqKeys& keys, const Clock& clock) : ledger_(ledger), keys_(keys), clock_(clock) {}

  // not_found: no such store. hours 1 to 720.
  Result<FreshCode> make_code(const std::string& store_id, int hours);

  // The answer's document. refused: wrong, used or expired code, or no proof of possession; limit: more than 20
  // failures in a minute over all callers (codes cannot be searched for).
  Result<std::string> enrol(const wire::EnrollRequest& request);

 private:
  Result<std::string> attempt(const wire::EnrollRequest& request);
  bool too_many_failures();
  void count_failure();

  Ledger& ledger_;
  const HqKeys& keys_;
  const Clock& clock_;
  std::mutex mutex_;
  std::deque<std::int64_t> failures_;  // monotonic ms; guarded by mutex_
};

}  // namespace tillside::hq
