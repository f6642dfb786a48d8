// Randomness from the system, for the outer rooms; rules take it as an argument. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tillside {

// libsodium looks what this CPU can do; once, before its first use. false: it cannot work here.
bool prepare_cryptography();

void fill_random(void* out, std::size_t bytes);  // cryptographic (libsodium)

template <class Array>
Array random_bytes() {
  Array array{};
  fill_random(array.data(), array.size());
  return array;
}

}  // namespace tillside
