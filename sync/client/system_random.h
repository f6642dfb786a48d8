// Randomness from the operating system (libsodium).
#pragma once

#include "sync/client/random.h"

namespace tillside::sync {

class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace tillside::sync
