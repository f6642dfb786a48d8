#include "agent/domain/base32.h"

#include <array>
#include <cstdint>

namespace tillside {
namespace {

constexpr char kAlphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

constexpr std::array<std::int8_t, 256> kValues = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  const auto put = [&values](char letter, std::int8_t value) {
    values[static_cast<unsigned char>(letter)] = value;
    if (letter >= 'A') values[static_cast<unsigned char>(letter - 'A' + 'a')] = value;
  };
  for (std::int8_t value = 0; value < 32; ++value) put(kAlphabet[value], value);
  put('O', 0);
  put('I', 1);
  put('L', 1);
  return values;
}();

int value_of(char c) { return kValues[static_cast<unsigned char>(c)]; }

}  // namespace

std::string base32_encode(std::span<const std::uint8_t> bytes, std::size_t bits) {
  std::string text;
  text.reserve((bits + 4) / 5);
  unsigned pending = 0, held = 0;
  for (std::size_t done = 0; done < bits; done += 8) {
    const std::size_t take = bits - done < 8 ? bits - done : 8;
    pending = (pending << take) | (static_cast<unsigned>(bytes[done / 8]) >> (8 - take));
    held += static_cast<unsigned>(take);
    for (; held >= 5; held -= 5) text.push_back(kAlphabet[(pending >> (held - 5)) & 31]);
  }
  if (held > 0) text.push_back(kAlphabet[(pending << (5 - held)) & 31]);
  return text;
}

std::optional<std::vector<std::uint8_t>> base32_decode(std::string_view text, std::size_t bits) {
  std::vector<std::uint8_t> bytes((bits + 7) / 8, 0);
  std::size_t at = 0;
  for (const char c : text) {
    if (c == '-') continue;
    const int value = value_of(c);
    if (value < 0 || at >= bits) return std::nullopt;
    const std::size_t beyond = at + 5 > bits ? at + 5 - bits : 0;
    if ((static_cast<unsigned>(value) & ((1u << beyond) - 1)) != 0) return std::nullopt;
    const unsigned placed = static_cast<unsigned>(value) << 11 >> (at % 8);
    bytes[at / 8] = static_cast<std::uint8_t>(bytes[at / 8] | placed >> 8);
    if ((placed & 0xFF) != 0) bytes[at / 8 + 1] = static_cast<std::uint8_t>(placed & 0xFF);
    at += 5;
  }
  if (at < bits) return std::nullopt;
  return bytes;
}

}  // namespace tillside
