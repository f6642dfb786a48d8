#include "agent/platform/random.h"

#include <sodium.h>

namespace tillside {

bool prepare_cryptography() {
  static const int ready = sodium_init();
  return ready >= 0;
}

void fill_random(void* out, std::size_t bytes) {
  if (prepare_cryptography()) randombytes_buf(out, bytes);
}

}  // namespace tillside
