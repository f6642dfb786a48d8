// Whether the agent is worth asking. Any thread, no lock.
#pragma once

#include <atomic>
#include <cstdint>

namespace tillside::pos {

class Breaker {
 public:
  static constexpr std::uint32_t kFailures = 2;

  bool is_open() const { return open_.load(std::memory_order_relaxed); }
  void answered() {
    if (failures_.load(std::memory_order_relaxed) != 0) failures_.store(0, std::memory_order_relaxed);
    if (is_open()) open_.store(false, std::memory_order_relaxed);
  }
  // True when this failure opened it.
  bool failed() {
    if (failures_.fetch_add(1, std::memory_order_relaxed) + 1 < kFailures) return false;
    return !open_.exchange(true, std::memory_order_relaxed);
  }

 private:
  std::atomic<std::uint32_t> failures_{0};
  std::atomic<bool> open_{false};
};

}  // namespace tillside::pos
