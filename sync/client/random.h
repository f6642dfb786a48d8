// The door to randomness: nonces and jitter.
#pragma once

#include <cstdint>
#include <span>

#include "agent/domain/ids.h"

namespace tillside::sync {

// Thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;

  Bytes16 bytes16() {
    Bytes16 bytes{};
    fill(bytes);
    return bytes;
  }
  // Uniform in [0, bound]; bound at least 0.
  std::int64_t up_to(std::int64_t bound) {
    std::uint8_t bytes[8];
    fill(bytes);
    std::uint64_t value = 0;
    for (auto byte : bytes) value = value << 8 | byte;
    return bound <= 0 ? 0 : static_cast<std::int64_t>(value % (static_cast<std::uint64_t>(bound) + 1));
  }
};

}  // namespace tillside::sync
