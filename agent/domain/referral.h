// The referral token: 150 bits, 30 Crockford characters, that credits a join to a store, a guide and a checkout.
//
//   version 3 | kind 1 (0 badge or standee, 1 checkout) | till 20 (badge: store) | staff 16 | minute 24 (badge: expiry)
//   | ordinal of the checkout at the till 22 | MAC 64
// The MAC is BLAKE2b-64 keyed with the till's referral key over the first 86 bits in 11 bytes (last 2 bits zero),
// prefixed "tillside/referral/v1\0". Only headquarters verifies. QR: HTTPS://<host>/R/<token>.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/domain/ids.h"
#include "agent/domain/result.h"

namespace tillside {

struct Referral {
  std::uint8_t version = 1;         // 0 to 7
  bool checkout = true;             // false: badge or standee
  std::uint32_t till_or_store = 0;  // 20 bits
  StaffNumber staff = 0;
  std::uint32_t minute = 0;   // code minutes (time.h): shown at, or a badge's expiry
  std::uint32_t ordinal = 0;  // 22 bits
  bool operator==(const Referral&) const = default;
};

inline constexpr std::uint32_t kMaxOrdinal = (1u << 22) - 1;
using ReferralKey = Bytes32;

std::string encode_referral(const Referral& referral, const ReferralKey& key);

// bad_format for anything but 30 characters of version 1; does not check the MAC.
Result<Referral> read_referral(std::string_view token);
// The same, and bad_signature unless the MAC holds under `key`.
Result<Referral> verify_referral(std::string_view token, const ReferralKey& key);

// "HTTPS://HOST/R/<token>", all in the QR alphanumeric set; host is upper-cased.
std::string referral_url(std::string_view host, std::string_view token);

}  // namespace tillside
