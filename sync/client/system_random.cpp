#include "sync/client/system_random.h"

#include <sodium.h>

namespace tillside::sync {

void SystemRandom::fill(std::span<std::uint8_t> out) {
  static const int ready = sodium_init();
  (void)ready;
  randombytes_buf(out.data(), out.size());
}

}  // namespace tillside::sync
