// The door to waiting, so that a test can let hours pass at once.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace tillside::sync {

// wait(): one thread; wake(): any.
class Waiter {
 public:
  virtual ~Waiter() = default;
  // Returns after `ms`, or at once when woken, also when that happened since the last wait ended.
  virtual void wait(std::int64_t ms) = 0;
  virtual void wake() = 0;
};

class ThreadWaiter final : public Waiter {
 public:
  void wait(std::int64_t ms) override;
  void wake() override;

 private:
  std::mutex mutex_;
  std::condition_variable condition_;
  bool woken_ = false;
};

}  // namespace tillside::sync
