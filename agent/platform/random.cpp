#include "agent/platform/random.h"

#include <sodium.h>

namespace tillside {

void fill_random(void* out, std::size_t bytes) {
  static const int ready = sodium_init();
  if (ready >= 0) randombytes_buf(out, bytes);
}

}  // namespace tillside
