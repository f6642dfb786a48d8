#include "sync/client/waiter.h"

#include <chrono>

namespace tillside::sync {

void ThreadWaiter::wait(std::int64_t ms) {
  std::unique_lock lock(mutex_);
  condition_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return woken_; });
  woken_ = false;
}

void ThreadWaiter::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  condition_.notify_one();
}

}  // namespace tillside::sync
