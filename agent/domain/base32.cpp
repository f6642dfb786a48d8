#include "agent/domain/base32.h"

namespace tillside {
namespace {

constexpr char kAlphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

int value_of(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'O') return 0;
  if (c == 'I' || c == 'L') return 1;
  for (int value = 0; value < 32; ++value)
    if (kAlphabet[value] == c) return value;
  return -1;
}

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
    for (int shift = 4; shift >= 0; --shift, ++at) {
      if (((value >> shift) & 1) == 0) continue;
      if (at >= bits) return std::nullopt;
      bytes[at / 8] = static_cast<std::uint8_t>(bytes[at / 8] | (0x80u >> (at % 8)));
    }
  }
  if (at < bits) return std::nullopt;
  return bytes;
}

}  // namespace tillside
