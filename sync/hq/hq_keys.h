// Headquarters' own secrets, in a file beside the database and never inside it (hq.key, mode 0600): a database restored
// from a backup still signs with, and verifies by, the same keys.
#pragma once

#include <filesystem>
#include <string>

#include "agent/domain/referral.h"
#include "agent/domain/result.h"
#include "sync/wire/signing.h"

namespace tillside::hq {

class HqKeys {
 public:
  // Reads the file, or makes it (from the system's randomness) when it is not there. bad_format: it is damaged; the
  // file is left as it is, because everything signed hangs on it.
  static Result<HqKeys> open(const std::filesystem::path& file);

  const ChainId& chain() const { return chain_; }
  const wire::KeyPair& signing() const { return signing_; }

  MemberKey member_key(std::uint8_t generation) const { return derived("member", 0, generation); }
  ReferralKey till_referral_key(TillNumber till) const { return derived("referral", till, 0); }
  ReferralKey badge_key(StoreNumber store) const { return derived("badge", store, 0); }
  TypedKey typed_key(TillNumber till, std::uint8_t generation) const { return derived("typed", till, generation); }
  Bytes32 nonce_key() const { return derived("nonce", 0, 0); }
  Bytes32 code_key() const { return derived("enrol-code", 0, 0); }

 private:
  Bytes32 derived(std::string_view purpose, std::uint32_t number, std::uint8_t generation) const {
    return wire::derive_key(master_, purpose, number, generation);
  }
  ChainId chain_{};
  Bytes32 master_{};
  wire::KeyPair signing_;
};

// Random bytes of the system.
void fill_random(std::uint8_t* out, std::size_t count);
template <std::size_t N>
std::array<std::uint8_t, N> random_bytes() {
  std::array<std::uint8_t, N> out{};
  fill_random(out.data(), N);
  return out;
}

// Keyed BLAKE2b-256.
Bytes32 keyed_hash(const Bytes32& key, std::string_view text);

}  // namespace tillside::hq
