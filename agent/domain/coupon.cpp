#include "agent/domain/coupon.h"

#include <sodium.h>

#include <algorithm>

#include "agent/domain/bits.h"

namespace tillside {
namespace {

constexpr std::uint8_t kCodeVersion = 1;
constexpr std::uint32_t kMax24 = (1u << 24) - 1;
constexpr std::int64_t kMaxMantissa = 4095, kMaxItem = 65535;

constexpr char kSignedPrefix[] = "tillside/coupon/v1";  // its final NUL is signed too
constexpr std::size_t kSignedSize = sizeof kSignedPrefix + 16 + 32;

std::array<std::uint8_t, kSignedSize> signed_text(const CouponBytes& body, const ChainId& chain) {
  std::array<std::uint8_t, kSignedSize> text;
  auto* end = std::copy(std::begin(kSignedPrefix), std::end(kSignedPrefix), text.begin());
  end = std::copy(chain.begin(), chain.end(), end);
  std::copy(body.begin(), body.end(), end);
  return text;
}

Error too_large(const char* field) { return {ErrorCode::out_of_range, field, "does not fit the coupon code"}; }
Error malformed(const char* field) { return {ErrorCode::bad_format, field, "not a version 1 coupon code"}; }

std::optional<std::uint16_t> pack_value(RewardType reward, std::int64_t value) {
  switch (reward) {
    case RewardType::amount_off:
      return pack_amount(value);
    case RewardType::percent_off:
      return value >= 1 && value <= 9999 ? pack_amount(value) : std::nullopt;
    case RewardType::item:
      if (value < 0 || value > kMaxItem) return std::nullopt;
      return static_cast<std::uint16_t>(value);
  }
  return std::nullopt;
}

std::int64_t unpack_value(RewardType reward, std::uint16_t packed) {
  return reward == RewardType::item ? packed : unpack_amount(packed);
}

const char* field_out_of_range(const CouponBody& body) {
  if (body.key.till > kMaxTillNumber) return "key.till";
  if (body.key.generation > 15) return "key.generation";
  if (body.campaign > kMax24) return "campaign";
  if (body.issued_minute > kMax24) return "issued_minute";
  if (body.home_store > kMaxStoreNumber) return "home_store";
  return nullptr;
}

bool known(CampaignKind kind) { return kind >= CampaignKind::next_visit && kind <= CampaignKind::benefit; }
bool known(Policy policy) { return policy <= Policy::strict; }
bool known(RewardType reward) { return reward >= RewardType::amount_off && reward <= RewardType::item; }

// One value, one packing: a code that spells an amount otherwise was not made by this format.
bool canonical(const CouponBody& body, std::uint16_t value, std::uint16_t min_spend) {
  return pack_value(body.reward, body.value) == value && pack_amount(body.min_spend) == min_spend;
}

}  // namespace

std::optional<std::uint16_t> pack_amount(std::int64_t value) {
  if (value < 0) return std::nullopt;
  unsigned exponent = 0;
  for (; value > kMaxMantissa; ++exponent, value /= 10)
    if (value % 10 != 0 || exponent == 15) return std::nullopt;
  return static_cast<std::uint16_t>((exponent << 12) | static_cast<unsigned>(value));
}

std::int64_t unpack_amount(std::uint16_t packed) {
  std::int64_t value = packed & kMaxMantissa;
  for (int exponent = packed >> 12; exponent > 0; --exponent) value *= 10;
  return value;
}

Result<CouponBytes> encode_coupon(const CouponBody& body) {
  if (const char* field = field_out_of_range(body)) return too_large(field);
  if (!known(body.kind)) return too_large("kind");
  if (!known(body.policy)) return too_large("policy");
  if (!known(body.reward)) return too_large("reward");
  const auto value = pack_value(body.reward, body.value);
  if (!value) return too_large("value");
  const auto min_spend = pack_amount(body.min_spend);
  if (!min_spend) return too_large("min_spend");

  CouponBytes bytes{};
  put_bits(bytes, 0, 4, kCodeVersion);
  put_bits(bytes, 4, 4, static_cast<std::uint8_t>(body.kind));
  put_bits(bytes, 8, 24, body.key.packed());
  put_bits(bytes, 32, 32, body.serial);
  put_bits(bytes, 64, 24, body.campaign);
  put_bits(bytes, 88, 24, body.issued_minute);
  bytes[14] = body.valid_from_hours;
  bytes[15] = body.valid_days;
  put_bits(bytes, 128, 2, static_cast<std::uint8_t>(body.policy));
  put_bits(bytes, 130, 3, static_cast<std::uint8_t>(body.reward));
  put_bits(bytes, 136, 16, *value);
  put_bits(bytes, 152, 16, *min_spend);
  put_bits(bytes, 168, 24, body.home_store);
  put_bits(bytes, 192, 16, body.staff);
  put_bits(bytes, 208, 32, body.person);
  return bytes;
}

Result<CouponBody> decode_coupon(const CouponBytes& bytes) {
  const auto field = [&](std::size_t at, std::size_t count) {
    return static_cast<std::uint32_t>(take_bits(bytes, at, count));
  };
  if (field(0, 4) != kCodeVersion) return malformed("version");
  if (field(133, 3) != 0 || field(240, 16) != 0) return malformed("reserved");

  CouponBody body;
  body.kind = static_cast<CampaignKind>(field(4, 4));
  if (!known(body.kind)) return malformed("kind");
  body.key = KeyId::from_packed(field(8, 24));
  body.serial = field(32, 32);
  body.campaign = field(64, 24);
  body.issued_minute = field(88, 24);
  body.valid_from_hours = bytes[14];
  body.valid_days = bytes[15];
  body.policy = static_cast<Policy>(field(128, 2));
  if (!known(body.policy)) return malformed("policy");
  body.reward = static_cast<RewardType>(field(130, 3));
  if (!known(body.reward)) return malformed("reward");
  const auto value = static_cast<std::uint16_t>(field(136, 16));
  const auto min_spend = static_cast<std::uint16_t>(field(152, 16));
  body.value = unpack_value(body.reward, value);
  body.min_spend = unpack_amount(min_spend);
  if (!canonical(body, value, min_spend)) return malformed("value");
  body.home_store = field(168, 24);
  if (body.home_store > kMaxStoreNumber) return malformed("home_store");
  body.staff = static_cast<StaffNumber>(field(192, 16));
  body.person = field(208, 32);
  return body;
}

Signature sign_coupon(const CouponBytes& body, const ChainId& chain, const SigningKey& key) {
  const auto text = signed_text(body, chain);
  Signature signature;
  crypto_sign_detached(signature.data(), nullptr, text.data(), text.size(), key.data());
  return signature;
}

bool verify_coupon(const CouponBytes& body, const Signature& signature, const ChainId& chain, const VerifyingKey& key) {
  const auto text = signed_text(body, chain);
  return crypto_sign_verify_detached(signature.data(), text.data(), text.size(), key.data()) == 0;
}

std::string coupon_id(const CouponBody& body) {
  std::array<std::uint8_t, 7> id{};
  put_bits(id, 0, 24, body.key.packed());
  put_bits(id, 24, 32, body.serial);
  return to_hex(id);
}

Validity validity_of(const CouponBody& body, const StoreZone& zone) {
  const Instant issued = from_code_minutes(body.issued_minute);
  const LocalDate last{zone.date(issued).days + body.valid_days};
  return {issued.plus_ms(body.valid_from_hours * kHour), zone.end_of(last)};
}

}  // namespace tillside
