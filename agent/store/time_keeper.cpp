#include "agent/store/time_keeper.h"

#include "agent/store/session.h"

namespace tillside::store {
namespace {

constexpr const char* kMark = "clock_mark";

}  // namespace

TrustedTime TimeKeeper::now() const {
  const std::lock_guard lock(mutex_);
  return trusted_.judge(clock_.now(), clock_.monotonic_ms());
}

bool TimeKeeper::sign(Instant time, bool fresh) {
  const std::lock_guard lock(mutex_);
  const std::int64_t monotonic = clock_.monotonic_ms();
  if (!trusted_.sign(time, fresh, monotonic)) return false;
  keep_at_ = monotonic;
  return true;
}

void TimeKeeper::keep_soon() {
  const std::lock_guard lock(mutex_);
  if (keep_at_) keep_at_ = clock_.monotonic_ms();
}

void TimeKeeper::load(Meta& meta) {
  const std::lock_guard lock(mutex_);
  const Instant kept{meta.number(kMark, 0)};
  if (kept.ms == 0) return;
  const std::int64_t monotonic = clock_.monotonic_ms();
  trusted_ = TrustedClock(kept, monotonic);
  keep_at_ = monotonic + TrustedClock::kKeepEvery;
}

void TimeKeeper::keep(Meta& meta) {
  std::optional<Instant> mark;
  {
    const std::lock_guard lock(mutex_);
    const std::int64_t monotonic = clock_.monotonic_ms();
    if (!keep_at_ || monotonic < *keep_at_) return;
    mark = trusted_.mark(monotonic);
    keep_at_ = monotonic + TrustedClock::kKeepEvery;
  }
  if (mark) meta.put_number(kMark, mark->ms);
}

}  // namespace tillside::store
