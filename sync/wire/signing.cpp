#include "sync/wire/signing.h"

#include <sodium.h>

#include <algorithm>

#include "sync/wire/big_endian.h"

namespace tillside::wire {
namespace {

Signature sign_text(std::string_view text, const SigningKey& key) {
  Signature signature{};
  crypto_sign_detached(signature.data(), nullptr, bytes_of(text), text.size(), key.data());
  return signature;
}

bool holds(const Signature& signature, std::string_view text, const VerifyingKey& key) {
  return crypto_sign_verify_detached(signature.data(), bytes_of(text), text.size(), key.data()) == 0;
}

std::string enroll_text(const EnrollRequest& request) {
  std::string text("tillside/enroll/v1\0", 19);
  text += request.code;
  append_bytes(text, request.public_key);
  append_bytes(text, request.request_nonce);
  return text;
}

std::string time_text(const Bytes16& request_nonce, Instant time) {
  std::string text("tillside/time/v1\0", 17);
  append_bytes(text, request_nonce);
  append_big_endian(text, static_cast<std::uint64_t>(time.ms));
  return text;
}

std::string link_text(const HqKeyLink& link, const ChainId& chain) {
  std::string text("tillside/hq-key/v1\0", 19);
  append_bytes(text, chain);
  append_big_endian(text, link.generation);
  append_bytes(text, link.key);
  return text;
}

}  // namespace

KeyPair key_pair_from_seed(const Bytes32& seed) {
  KeyPair pair;
  crypto_sign_seed_keypair(pair.public_key.data(), pair.secret_key.data(), seed.data());
  return pair;
}

void sign(EnrollRequest& request, const SigningKey& key) { request.proof = sign_text(enroll_text(request), key); }

bool verify(const EnrollRequest& request) { return holds(request.proof, enroll_text(request), request.public_key); }

void sign(ContactRequest& request, const SigningKey& key) { request.signature = sign_text(contact_text(request), key); }

bool verify(const ContactRequest& request, const VerifyingKey& key) {
  return holds(request.signature, contact_text(request), key);
}

void sign_time(ContactAnswer& answer, const Bytes16& request_nonce, const SigningKey& hq_key) {
  answer.time_signature = sign_text(time_text(request_nonce, answer.time), hq_key);
}

bool verify_time(const ContactAnswer& answer, const Bytes16& request_nonce, const VerifyingKey& hq_key) {
  return holds(answer.time_signature, time_text(request_nonce, answer.time), hq_key);
}

void sign(HqKeyLink& link, const ChainId& chain, const SigningKey& key_before) {
  link.proof = sign_text(link_text(link, chain), key_before);
}

std::optional<VerifyingKey> follow(const ChainId& chain, const VerifyingKey& known, std::span<const HqKeyLink> links) {
  VerifyingKey newest = known;
  for (const auto& link : links) {
    if (!holds(link.proof, link_text(link, chain), newest)) return std::nullopt;
    newest = link.key;
  }
  return newest;
}

void take_hq_keys(Identity& identity, const std::optional<Identity>& before, const ContactAnswer& answer) {
  if (!answer.identity && !answer.hq_keys.empty()) {
    identity.hq_key = answer.hq_keys.back().key;
    if (!answer.certificate.empty()) identity.certificate = answer.certificate;
  }
  if (!before) return;
  auto earlier = before->earlier_hq_keys;
  if (before->hq_key != identity.hq_key) earlier.push_back(before->hq_key);
  std::erase(earlier, identity.hq_key);
  identity.earlier_hq_keys = std::move(earlier);
}

Bytes32 derive_key(const Bytes32& master, std::string_view purpose, std::uint32_t number, std::uint8_t generation) {
  std::string text = "tillside/" + std::string(purpose);
  append_big_endian(text, number);
  append_big_endian(text, generation);
  Bytes32 key{};
  crypto_generichash(key.data(), key.size(), bytes_of(text), text.size(), master.data(), master.size());
  return key;
}

}  // namespace tillside::wire
