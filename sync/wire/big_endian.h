// Fixed-width big-endian numbers and length-prefixed texts, for what is signed and for snapshots.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace tillside::wire {

template <std::unsigned_integral U>
void append_big_endian(std::string& out, U value) {
  for (int shift = static_cast<int>(sizeof(U)) * 8 - 8; shift >= 0; shift -= 8)
    out.push_back(static_cast<char>((value >> shift) & 0xff));
}

// `bytes` holds at least sizeof(U).
template <std::unsigned_integral U>
U read_big_endian(const char* bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(U); ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return static_cast<U>(value);
}

template <std::size_t N>
void append_bytes(std::string& out, const std::array<std::uint8_t, N>& bytes) {
  out.append(reinterpret_cast<const char*>(bytes.data()), N);
}

// Length (u16) and bytes; texts beyond 65,535 bytes are cut there.
inline void append_text(std::string& out, std::string_view text) {
  text = text.substr(0, 0xffff);
  append_big_endian(out, static_cast<std::uint16_t>(text.size()));
  out += text;
}

inline const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace tillside::wire
