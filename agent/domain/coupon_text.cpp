#include <sodium.h>

#include <algorithm>

#include "agent/domain/base32.h"
#include "agent/domain/bits.h"
#include "agent/domain/coupon.h"
#include "agent/domain/scanned_text.h"

namespace tillside {
namespace {

constexpr std::size_t kCodeBytes = 96, kCodeChars = 154;
constexpr std::size_t kTillBits = 20, kSerialBits = 24, kMacBits = 35;
constexpr std::size_t kTypedBits = kTillBits + kSerialBits + kMacBits, kTypedChars = 16, kTypedDigits = 24;
using TypedBytes = std::array<std::uint8_t, 10>;  // 79 bits and one zero bit at the end

Error malformed() { return {ErrorCode::bad_format, "code", "not a coupon code"}; }

// What stands before the payload: nothing, or "http[s]" symbols host symbols "C" symbols. Scanners that type through
// another keyboard layout turn ":" and "/" into other symbols; letters and digits are what counts.
bool is_prefix(std::string_view text) {
  if (text.empty()) return true;
  if (!drop_symbols_back(text) || !drop_letter_back(text, 'C') || !drop_symbols_back(text)) return false;
  if (!drop_word_front(text, "HTTPS") && !drop_word_front(text, "HTTP")) return false;
  return drop_symbols_front(text) && !text.empty();
}

// The last 154 letters and digits, hyphens not counted; shorter when another symbol comes first.
std::string_view payload_of(std::string_view text) {
  std::size_t start = text.size();
  for (std::size_t count = 0; start > 0 && count < kCodeChars; --start) {
    const char c = text[start - 1];
    if (is_alphanumeric(c))
      ++count;
    else if (c != '-')
      break;
  }
  return text.substr(start);
}

std::uint64_t typed_mac(const CouponBody& body, const TypedKey& key) {
  constexpr char prefix[] = "tillside/typed/v1";  // with its final NUL
  std::array<std::uint8_t, sizeof prefix + 10> text{};
  std::copy(std::begin(prefix), std::end(prefix), text.begin());
  const std::span<std::uint8_t> fields = std::span(text).subspan(sizeof prefix);
  put_bits(fields, 0, 24, body.key.packed());
  put_bits(fields, 24, 32, body.serial);
  put_bits(fields, 56, 24, body.campaign);
  std::array<std::uint8_t, 16> mac;
  crypto_generichash(mac.data(), mac.size(), text.data(), text.size(), key.data(), key.size());
  return take_bits(mac, 0, kMacBits);
}

TypedBytes pack_typed(const TypedCode& code) {
  TypedBytes bytes{};
  put_bits(bytes, 0, kTillBits, code.till);
  put_bits(bytes, kTillBits, kSerialBits, code.serial_low);
  put_bits(bytes, kTillBits + kSerialBits, kMacBits, code.mac);
  return bytes;
}

TypedCode unpack_typed(std::span<const std::uint8_t> bytes) {
  return {static_cast<TillNumber>(take_bits(bytes, 0, kTillBits)),
          static_cast<std::uint32_t>(take_bits(bytes, kTillBits, kSerialBits)),
          take_bits(bytes, kTillBits + kSerialBits, kMacBits)};
}

// Big-endian number by number; returns the last decimal digit.
int divide_by_ten(TypedBytes& number) {
  int rest = 0;
  for (auto& byte : number) {
    const int value = rest * 256 + byte;
    byte = static_cast<std::uint8_t>(value / 10);
    rest = value % 10;
  }
  return rest;
}

// False when the number leaves 80 bits.
bool times_plus(TypedBytes& number, int factor, int add) {
  int carry = add;
  for (auto byte = number.rbegin(); byte != number.rend(); ++byte) {
    const int value = *byte * factor + carry;
    *byte = static_cast<std::uint8_t>(value & 255);
    carry = value >> 8;
  }
  return carry == 0;
}

std::optional<TypedBytes> typed_from_digits(std::string_view text) {
  TypedBytes number{};
  for (const char c : text) {
    const int digit = digit_value(c);
    if (digit < 0 || !times_plus(number, 10, digit)) return std::nullopt;
  }
  if (!times_plus(number, 2, 0)) return std::nullopt;
  return number;
}

}  // namespace

std::string coupon_url(std::string_view host, const CouponBytes& body, const Signature& signature) {
  std::array<std::uint8_t, kCodeBytes> code;
  std::copy(signature.begin(), signature.end(), std::copy(body.begin(), body.end(), code.begin()));
  return "HTTPS://" + upper_cased(host) + "/C/" + base32_encode(code);
}

Result<CouponText> read_coupon_text(std::string_view text) {
  const auto clean = clean_scan(text);
  if (!clean) return malformed();
  const std::string_view payload = payload_of(*clean);
  if (!is_prefix(std::string_view(*clean).substr(0, clean->size() - payload.size()))) return malformed();
  const auto bytes = base32_decode(payload, kCodeBytes * 8);
  if (!bytes) return malformed();
  CouponText code;
  std::copy_n(bytes->begin(), code.body.size(), code.body.begin());
  std::copy_n(bytes->begin() + 32, code.signature.size(), code.signature.begin());
  return code;
}

TypedCode typed_code(const CouponBody& body, const TypedKey& key) {
  return {body.key.till, body.serial & 0xFFFFFF, typed_mac(body, key)};
}

std::string format_typed(const TypedCode& code) {
  std::string text = base32_encode(pack_typed(code), kTypedBits);
  for (const std::size_t at : {12u, 8u, 4u}) text.insert(at, 1, '-');
  return text;
}

std::string format_typed_digits(const TypedCode& code) {
  TypedBytes number{};
  put_bits(number, 1, kTillBits, code.till);
  put_bits(number, 1 + kTillBits, kSerialBits, code.serial_low);
  put_bits(number, 1 + kTillBits + kSerialBits, kMacBits, code.mac);
  std::string digits(kTypedDigits, '0');
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit)
    *digit = static_cast<char>('0' + divide_by_ten(number));
  return digits;
}

Result<TypedCode> read_typed(std::string_view text) {
  auto clean = clean_scan(text);
  if (!clean) return malformed();
  std::erase(*clean, '-');
  if (clean->size() == kTypedDigits) {
    if (const auto bytes = typed_from_digits(*clean)) return unpack_typed(*bytes);
  } else if (clean->size() == kTypedChars) {
    if (const auto bytes = base32_decode(*clean, kTypedBits)) return unpack_typed(*bytes);
  }
  return malformed();
}

bool typed_matches(const TypedCode& code, const CouponBody& body, const TypedKey& key) {
  const std::uint64_t difference = code.mac ^ typed_mac(body, key);
  return difference == 0 && code.till == body.key.till && code.serial_low == (body.serial & 0xFFFFFF);
}

}  // namespace tillside
