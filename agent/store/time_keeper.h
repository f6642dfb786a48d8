// The trusted clock of this till, its mark kept in the till's database: written with whatever is committed, at most
// once a minute, at a contact and when the store closes; so a machine without a battery for its clock does not go back.
#pragma once

#include <mutex>

#include "agent/domain/clock.h"
#include "agent/domain/trusted_clock.h"

namespace tillside::store {

class Meta;

// Any thread, unless it says otherwise.
class TimeKeeper {
 public:
  explicit TimeKeeper(const Clock& clock) : clock_(clock) {}  // outlives this

  // What rules judge by.
  TrustedTime now() const;
  // Headquarters signed this time (TrustedClock::sign). Durable with the next commit.
  bool sign(Instant time, bool fresh);
  // The next commit keeps the mark, however young the one kept is.
  void keep_soon();

  void load(Meta& meta);  // before any other call: the mark of an earlier run
  void keep(Meta& meta);  // on the writer's thread, before each commit: writes the mark when it is due

 private:
  const Clock& clock_;
  mutable std::mutex mutex_;  // guards the rest
  TrustedClock trusted_;
  std::optional<std::int64_t> keep_at_;  // monotonic ms; nullopt: never in contact
};

}  // namespace tillside::store
