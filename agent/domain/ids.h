// Names and numbers of the field.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "agent/domain/result.h"

namespace tillside {

using StoreNumber = std::uint32_t;  // below 2^20, given by headquarters; codes carry it
using TillNumber = std::uint32_t;   // 1 to 2^20-1; 0 is headquarters itself
using StaffNumber = std::uint16_t;  // within a store; 0 is the store itself

inline constexpr std::uint32_t kMaxTillNumber = (1u << 20) - 1;
inline constexpr std::uint32_t kMaxStoreNumber = (1u << 20) - 1;

// Which key signed: till number and the generation of its key (0 to 15).
struct KeyId {
  TillNumber till = 0;
  std::uint8_t generation = 0;
  std::uint32_t packed() const { return (till << 4) | generation; }  // 24 bits
  static KeyId from_packed(std::uint32_t bits) { return {bits >> 4, static_cast<std::uint8_t>(bits & 15)}; }
  auto operator<=>(const KeyId&) const = default;
};

using Bytes16 = std::array<std::uint8_t, 16>;
using Bytes32 = std::array<std::uint8_t, 32>;

using ChainId = Bytes16;  // random, made once by headquarters; part of what every coupon signs

std::string to_hex(const std::uint8_t* bytes, std::size_t count);
template <std::size_t N>
std::string to_hex(const std::array<std::uint8_t, N>& bytes) {
  return to_hex(bytes.data(), N);
}
bool from_hex(std::string_view text, std::uint8_t* out, std::size_t count);  // false unless exactly 2*count hex digits
template <std::size_t N>
bool from_hex(std::string_view text, std::array<std::uint8_t, N>& out) {
  return from_hex(text, out.data(), N);
}

// Store, lane, operator and staff ids as the POS writes them: 1 to 32 of A-Z a-z 0-9 _ . -
bool is_plain_id(std::string_view text);

}  // namespace tillside
