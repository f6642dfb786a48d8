// Crockford's base32 (https://www.crockford.com/base32.html): 0-9 A-Z without I L O U.
// Reading takes lower case, I and L for 1, O for 0, and ignores hyphens; anything else fails.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tillside {

// Bits are taken from the first byte's highest bit on; the last character is padded with zero bits.
std::string base32_encode(std::span<const std::uint8_t> bytes, std::size_t bits);
inline std::string base32_encode(std::span<const std::uint8_t> bytes) { return base32_encode(bytes, bytes.size() * 8); }

// Exactly `bits` bits: ceil(bits/5) characters whose padding bits are zero. nullopt otherwise.
std::optional<std::vector<std::uint8_t>> base32_decode(std::string_view text, std::size_t bits);

}  // namespace tillside
