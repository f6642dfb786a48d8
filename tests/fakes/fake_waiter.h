// Waiting that takes no time: the virtual clock is moved on instead.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <utility>

#include "pos_adapter/journal/waiter.h"
#include "tests/fakes/virtual_clock.h"

namespace tillside::fakes {

// Thread-safe as far as `on_wait` is. Set `on_wait` before use; it plays what happens meanwhile.
class FakeWaiter : public journal::Waiter {
 public:
  explicit FakeWaiter(VirtualClock& clock, std::function<void()> on_wait = {})
      : clock_(clock), on_wait_(std::move(on_wait)) {}
  void wait(std::int64_t ms) override {
    ++waits;
    clock_.advance(ms);
    if (on_wait_) on_wait_();
  }
  void wake() override { ++wakes; }

  std::atomic<int> waits = 0, wakes = 0;

 private:
  VirtualClock& clock_;
  std::function<void()> on_wait_;
};

}  // namespace tillside::fakes
