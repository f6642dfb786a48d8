#include "pos_adapter/journal/waiter.h"

#include <chrono>

namespace tillside::journal {

void RealWaiter::wait(std::int64_t ms) {
  std::unique_lock lock(mutex_);
  woken_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return wake_; });
  wake_ = false;
}

void RealWaiter::wake() {
  const std::lock_guard lock(mutex_);
  wake_ = true;
  woken_.notify_all();
}

}  // namespace tillside::journal
