// Proofs between edge and headquarters: Ed25519 (libsodium) over the texts named in messages.h, and access tokens that
// any receiver holding headquarters' public key can verify without a database.
#pragma once

#include <string>
#include <string_view>

#include "agent/domain/coupon.h"
#include "sync/wire/messages.h"

namespace tillside::wire {

struct KeyPair {
  VerifyingKey public_key{};
  SigningKey secret_key{};
};
KeyPair key_pair_from_seed(const Bytes32& seed);  // pure: the seed comes from outside

void sign(EnrollRequest& request, const SigningKey& key);
bool verify(const EnrollRequest& request);
void sign(ContactRequest& request, const SigningKey& key);
bool verify(const ContactRequest& request, const VerifyingKey& key);
void sign_time(ContactAnswer& answer, const Bytes16& request_nonce, const SigningKey& hq_key);
bool verify_time(const ContactAnswer& answer, const Bytes16& request_nonce, const VerifyingKey& hq_key);

void sign(HqKeyLink& link, const ChainId& chain, const SigningKey& key_before);
// The key that follows from `known` by these links; `known` itself when there is none. nullopt: one of them is not
// vouched for by the key before it.
std::optional<VerifyingKey> follow(const ChainId& chain, const VerifyingKey& known, std::span<const HqKeyLink> links);
// What a till keeps of a contact's answer whose links were followed: the newest key and the certificate by it, and the
// keys it knew before. `identity`: the one it is about to store, `before`: the one it had.
void take_hq_keys(Identity& identity, const std::optional<Identity>& before, const ContactAnswer& answer);

// Token: base64url( body || signature ) without padding; body = "T1" || till 4 || epoch 8 || contact counter 8 ||
// expires ms 8 || hq incarnation 16, signature over "tillside/token/v1\0" || body. A token lives while its counter is
// the till's newest; that much only the ledger knows.
struct Token {
  TillNumber till = 0;
  Epoch epoch{};
  std::uint64_t counter = 0;
  Instant expires;
  Bytes16 hq_incarnation{};
};
std::string write_token(const Token& token, const SigningKey& hq_key);
Result<Token> read_token(std::string_view text, const VerifyingKey& hq_key);  // bad_format, bad_signature; not expiry

// Keys derived from a master: BLAKE2b-256(master, "tillside/" purpose || till || generation).
Bytes32 derive_key(const Bytes32& master, std::string_view purpose, std::uint32_t number, std::uint8_t generation);

}  // namespace tillside::wire
