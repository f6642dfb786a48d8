#include "sync/wire/signing.h"

#include <sodium.h>

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

Bytes32 derive_key(const Bytes32& master, std::string_view purpose, std::uint32_t number, std::uint8_t generation) {
  std::string text = "tillside/" + std::string(purpose);
  append_big_endian(text, number);
  append_big_endian(text, generation);
  Bytes32 key{};
  crypto_generichash(key.data(), key.size(), bytes_of(text), text.size(), master.data(), master.size());
  return key;
}

}  // namespace tillside::wire
