// The door to sleeping: tests wake at once, the agent waits.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace tillside::journal {

// Thread-safe.
class Waiter {
 public:
  virtual ~Waiter() = default;
  virtual void wait(std::int64_t ms) = 0;  // returns after `ms`, or sooner when woken
  virtual void wake() = 0;                 // ends the wait under way, or else the next
};

class RealWaiter : public Waiter {
 public:
  void wait(std::int64_t ms) override;
  void wake() override;

 private:
  std::mutex mutex_;
  std::condition_variable woken_;
  bool wake_ = false;  // guarded by mutex_
};

}  // namespace tillside::journal
