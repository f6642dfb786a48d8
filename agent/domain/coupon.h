// The coupon code, version 1: a body of 32 bytes and an Ed25519 signature, printed as a QR code and in a short form.
//
// Layout, big-endian (docs/coupons.md has the table and a worked example):
//   0 version 4 bits, kind 4 bits | 1..3 key id | 4..7 serial | 8..10 campaign | 11..13 issued, code minutes
//   14 valid from, hours after issue | 15 valid days | 16 flags: policy 2 bits, reward 3 bits, 3 reserved zero
//   17..18 value | 19..20 minimum spend (4-bit decimal exponent, 12-bit mantissa) | 21..23 home store | 24..25 staff
//   26..29 person tag | 30..31 zero
// Signed text: "tillside/coupon/v1\0" || chain id (16) || body. The id of a coupon is bytes 1 to 7.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agent/domain/campaign.h"
#include "agent/domain/ids.h"
#include "agent/domain/result.h"
#include "agent/domain/time.h"

namespace tillside {

struct CouponBody {
  CampaignKind kind = CampaignKind::next_visit;
  KeyId key;
  std::uint32_t serial = 0;
  std::uint32_t campaign = 0;       // 24 bits
  std::uint32_t issued_minute = 0;  // code minutes, 24 bits
  std::uint8_t valid_from_hours = 0;
  std::uint8_t valid_days = 7;
  Policy policy = Policy::home;
  RewardType reward = RewardType::amount_off;
  std::int64_t value = 0;      // minor units, basis points, or an item's number
  std::int64_t min_spend = 0;  // minor units
  StoreNumber home_store = 0;
  StaffNumber staff = 0;
  std::uint32_t person = 0;  // 0: bearer
  bool operator==(const CouponBody&) const = default;
};

using CouponBytes = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;
using SigningKey = std::array<std::uint8_t, 64>;  // libsodium's secret key form
using VerifyingKey = std::array<std::uint8_t, 32>;

// value = mantissa x 10^exponent, mantissa 0 to 4095, exponent 0 to 15. nullopt when it has no such form.
std::optional<std::uint16_t> pack_amount(std::int64_t value);
std::int64_t unpack_amount(std::uint16_t packed);

// Fields out of their ranges are out_of_range (naming the field).
Result<CouponBytes> encode_coupon(const CouponBody& body);
// bad_format for another version, unknown kinds, policies or rewards, or bits set in what is reserved.
Result<CouponBody> decode_coupon(const CouponBytes& bytes);

Signature sign_coupon(const CouponBytes& body, const ChainId& chain, const SigningKey& key);
bool verify_coupon(const CouponBytes& body, const Signature& signature, const ChainId& chain, const VerifyingKey& key);

// "HTTPS://<HOST>/C/" + 154 characters of Crockford base32 of body and signature.
std::string coupon_url(std::string_view host, const CouponBytes& body, const Signature& signature);

struct CouponText {
  CouponBytes body;
  Signature signature;
};
// Takes the URL form with any host, or the bare 154 characters; lower case, blanks and hyphens and the letters O I L
// are forgiven as Crockford says. Else bad_format.
Result<CouponText> read_coupon_text(std::string_view text);

// Typed form, 79 bits: till 20, serial 24 (low bits), MAC 35 (BLAKE2b keyed with the generation's typed key, over
// "tillside/typed/v1\0" || key id 3 bytes || serial 4 bytes || campaign 3 bytes, first 35 bits).
// 16 Crockford characters; written in fours.
using TypedKey = Bytes32;
struct TypedCode {
  TillNumber till = 0;
  std::uint32_t serial_low = 0;  // 24 bits
  std::uint64_t mac = 0;         // 35 bits
  bool operator==(const TypedCode&) const = default;
};
TypedCode typed_code(const CouponBody& body, const TypedKey& key);
std::string format_typed(const TypedCode& code);         // "XXXX-XXXX-XXXX-XXXX"
std::string format_typed_digits(const TypedCode& code);  // the same 79 bits as 24 decimal digits, zero-padded
Result<TypedCode> read_typed(std::string_view text);     // either form; else bad_format
bool typed_matches(const TypedCode& code, const CouponBody& body, const TypedKey& key);

// 14 hex digits of bytes 1 to 7: key id and serial.
std::string coupon_id(const CouponBody& body);

struct Validity {
  Instant from, until;  // inclusive
};
// From issue + hours, to the last millisecond of (local issue date + days) in the verifying store's zone.
Validity validity_of(const CouponBody& body, const StoreZone& zone);

}  // namespace tillside
