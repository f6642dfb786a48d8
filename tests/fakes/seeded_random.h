// Randomness that repeats itself with the same seed.
#pragma once

#include <mutex>
#include <random>

#include "sync/client/random.h"

namespace tillside::fakes {

// Thread-safe.
class SeededRandom final : public sync::Random {
 public:
  explicit SeededRandom(std::uint64_t seed = 1) : engine_(seed) {}
  void fill(std::span<std::uint8_t> out) override {
    const std::lock_guard lock(mutex_);
    for (auto& byte : out) byte = static_cast<std::uint8_t>(engine_() >> 24);
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

}  // namespace tillside::fakes
