// Fields of any width in a run of bytes, highest bit first: what codes and tokens are packed with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace tillside {

// Puts the low `count` bits (at most 64) of `value` at bit `at`. The bits there must be zero, and there must be room.
inline void put_bits(std::span<std::uint8_t> bytes, std::size_t at, std::size_t count, std::uint64_t value) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto bit = static_cast<std::uint8_t>((value >> (count - 1 - i)) & 1);
    bytes[(at + i) / 8] = static_cast<std::uint8_t>(bytes[(at + i) / 8] | (bit << (7 - (at + i) % 8)));
  }
}

inline std::uint64_t take_bits(std::span<const std::uint8_t> bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = at; i < at + count; ++i) value = (value << 1) | ((bytes[i / 8] >> (7 - i % 8)) & 1u);
  return value;
}

}  // namespace tillside
