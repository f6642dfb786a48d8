// The coupon of docs/coupons.md and the made-up keys it is signed with.
#pragma once

#include <sodium.h>

#include "agent/domain/coupon.h"

namespace tillside::samples {

template <class Bytes>
Bytes counting_from(std::uint8_t first) {
  Bytes bytes{};
  for (auto& byte : bytes) byte = first++;
  return bytes;
}

inline const ChainId kChain = counting_from<ChainId>(0x00);
inline const TypedKey kTypedKey = counting_from<TypedKey>(0x40);

struct KeyPair {
  SigningKey signing;
  VerifyingKey verifying;
};

inline KeyPair key_pair(std::uint8_t first) {
  const auto seed = counting_from<Bytes32>(first);
  KeyPair pair;
  crypto_sign_seed_keypair(pair.verifying.data(), pair.signing.data(), seed.data());
  return pair;
}

// 20 yuan off from 100 yuan, of till 17 (generation 2), issued 2026-11-22T09:15+08:00, valid 7 days.
inline CouponBody coupon() {
  CouponBody body;
  body.key = {17, 2};
  body.serial = 451;
  body.campaign = 1;
  body.issued_minute = code_minutes(Instant{1'795'310'100'000});
  body.value = 2000;
  body.min_spend = 10000;
  body.home_store = 123;
  body.staff = 33;
  body.person = 0xC0FFEE01;
  return body;
}

}  // namespace tillside::samples
