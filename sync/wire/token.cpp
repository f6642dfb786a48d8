#include <sodium.h>

#include <algorithm>

#include "sync/wire/big_endian.h"
#include "sync/wire/signing.h"

namespace tillside::wire {
namespace {

constexpr std::string_view kVersion = "T1";
constexpr std::size_t kBodyBytes = 2 + 4 + 8 + 8 + 8 + 16;
constexpr std::size_t kTokenBytes = kBodyBytes + sizeof(Signature);
constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

std::string signed_text(std::string_view body) { return std::string("tillside/token/v1\0", 18).append(body); }

std::string body_of(const Token& token) {
  std::string body(kVersion);
  append_big_endian(body, token.till);
  append_bytes(body, token.epoch);
  append_big_endian(body, token.counter);
  append_big_endian(body, static_cast<std::uint64_t>(token.expires.ms));
  append_bytes(body, token.hq_incarnation);
  return body;
}

std::string to_base64url(std::string_view bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes_of(bytes), bytes.size(), kVariant);
  text.pop_back();  // the terminating zero
  return text;
}

Token fields_of(const std::array<unsigned char, kTokenBytes>& raw) {
  const char* at = reinterpret_cast<const char*>(raw.data());
  Token token;
  token.till = read_big_endian<std::uint32_t>(at + 2);
  std::copy_n(raw.begin() + 6, 8, token.epoch.begin());
  token.counter = read_big_endian<std::uint64_t>(at + 14);
  token.expires.ms = static_cast<std::int64_t>(read_big_endian<std::uint64_t>(at + 22));
  std::copy_n(raw.begin() + 30, 16, token.hq_incarnation.begin());
  return token;
}

}  // namespace

std::string write_token(const Token& token, const SigningKey& hq_key) {
  std::string body = body_of(token);
  const std::string text = signed_text(body);
  Signature signature{};
  crypto_sign_detached(signature.data(), nullptr, bytes_of(text), text.size(), hq_key.data());
  append_bytes(body, signature);
  return to_base64url(body);
}

Result<Token> read_token(std::string_view text, const VerifyingKey& hq_key) {
  std::array<unsigned char, kTokenBytes> raw{};
  std::size_t length = 0;
  if (sodium_base642bin(raw.data(), raw.size(), text.data(), text.size(), nullptr, &length, nullptr, kVariant) != 0 ||
      length != raw.size() || !std::equal(kVersion.begin(), kVersion.end(), raw.begin()))
    return Error{ErrorCode::bad_format, "token", "not a token"};
  const std::string body = signed_text({reinterpret_cast<const char*>(raw.data()), kBodyBytes});
  if (crypto_sign_verify_detached(raw.data() + kBodyBytes, bytes_of(body), body.size(), hq_key.data()) != 0)
    return Error{ErrorCode::bad_signature, "token", "not signed by this headquarters"};
  return fields_of(raw);
}

}  // namespace tillside::wire
