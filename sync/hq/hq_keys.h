// Headquarters' own secrets, in a file beside the database and never inside it (hq.key, mode 0600): a database restored
// from a backup still signs with, and verifies by, the same keys.
//
// Headquarters signs with one pair at a time. Each begins with a generation of till number 0 and signs those that
// follow until the next pair begins: generations are skipped without a new pair (recovering), a rotation takes both.
// Which generation is now, the ledger knows (HqState::key_generation). Pairs are added, never changed.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

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

  // The pair that signs this generation. Any thread, as all below.
  wire::KeyPair signing(std::uint8_t generation) const;
  // The generation that the newest pair begins with.
  std::uint8_t newest() const;
  // The generation that this key begins with; nullopt: none of ours.
  std::optional<std::uint8_t> begins(const VerifyingKey& key) const;
  // The pair that signs `generation` signs all below it down to this one.
  std::uint8_t begins(std::uint8_t generation) const;
  // From the pair that signs `from` to the one that signs `to`, each key vouched for by the one before.
  std::vector<wire::HqKeyLink> links(std::uint8_t from, std::uint8_t to) const;
  // A new pair that begins with this generation, durable on return; there already: nothing changes.
  // out_of_range: not above newest().
  Status add(std::uint8_t generation);

  MemberKey member_key(std::uint8_t generation) const { return derived("member", 0, generation); }
  ReferralKey till_referral_key(TillNumber till) const { return derived("referral", till, 0); }
  ReferralKey badge_key(StoreNumber store) const { return derived("badge", store, 0); }
  TypedKey typed_key(TillNumber till, std::uint8_t generation) const { return derived("typed", till, generation); }
  Bytes32 nonce_key() const { return derived("nonce", 0, 0); }
  Bytes32 mark_key() const { return derived("mark", 0, 0); }  // sync/hq/marks.h
  Bytes32 code_key() const { return derived("enrol-code", 0, 0); }

 private:
  Bytes32 derived(std::string_view purpose, std::uint32_t number, std::uint8_t generation) const {
    return wire::derive_key(master_, purpose, number, generation);
  }
  struct Ring;  // the pairs
  ChainId chain_{};
  Bytes32 master_{};
  std::shared_ptr<Ring> ring_;
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
