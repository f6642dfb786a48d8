// What changed for a till, held open until there is something to say.
#pragma once

#include <list>
#include <mutex>
#include <string>
#include <vector>

#include "agent/domain/clock.h"
#include "sync/hq/call.h"
#include "sync/hq/ledger.h"
#include "sync/hq/marks.h"
#include "sync/hq/workers.h"

namespace tillside::hq {

struct DownlinkLimits {
  std::size_t held_open = 1024;         // long polls at a time; beyond: 503 with Retry-After
  std::int64_t longest_wait_s = 55;     // what a caller may ask for at most
  std::size_t page_bytes = 512 * 1024;  // of changes in one answer, about
};

// Any thread.
class Downlink {
 public:
  Downlink(Ledger& ledger, const HqKeys& keys, const Clock& clock, Workers& workers, DownlinkLimits limits = {})
      : ledger_(ledger), keys_(keys), clock_(clock), workers_(workers), limits_(limits) {}

  // On a worker. The till's token has been checked, while headquarters signed with this generation of its key. When
  // that has changed by the time there is an answer, it is told to make contact: it could not verify what it would be
  // told.
  void answer(const CallPtr& call, TillNumber till, std::uint8_t key_generation);
  // After a commit that grew these scopes.
  void changed(const std::vector<std::string>& scopes);
  // Now and then: answers those who have waited long enough, drops those who left.
  void tick();
  // Answers everyone who waits, and from now on at once.
  void stop();
  std::size_t held() const;

 private:
  struct Waiter {
    CallPtr call;
    TillNumber till = 0;
    std::uint8_t key_generation = 0;
    std::string store_id;
    Cursor since;
    bool reset = false;
    std::int64_t until = 0;  // monotonic ms
  };
  void restored(const CallPtr& call);
  void respond(const Waiter& waiter);
  bool try_respond(const Waiter& waiter, bool even_if_empty);
  void hold(Waiter waiter);
  void hand_over(std::list<Waiter> ready);

  Ledger& ledger_;
  const HqKeys& keys_;
  const Clock& clock_;
  Workers& workers_;
  const DownlinkLimits limits_;
  mutable std::mutex mutex_;
  std::list<Waiter> waiters_;  // guarded by mutex_
  bool stopping_ = false;      // guarded by mutex_
};

}  // namespace tillside::hq
