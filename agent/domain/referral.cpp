#include "agent/domain/referral.h"

#include <sodium.h>

#include <algorithm>

#include "agent/domain/base32.h"
#include "agent/domain/bits.h"
#include "agent/domain/scanned_text.h"

namespace tillside {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kFactBits = 86, kMacBits = 64, kTokenBits = kFactBits + kMacBits, kTokenChars = 30;
using Facts = std::array<std::uint8_t, 11>;  // 86 bits and two zero bits

Facts facts_of(const Referral& referral) {
  Facts facts{};
  put_bits(facts, 0, 3, referral.version);
  put_bits(facts, 3, 1, referral.checkout ? 1 : 0);
  put_bits(facts, 4, 20, referral.till_or_store);
  put_bits(facts, 24, 16, referral.staff);
  put_bits(facts, 40, 24, referral.minute);
  put_bits(facts, 64, 22, referral.ordinal);
  return facts;
}

std::uint64_t mac_of(const Facts& facts, const ReferralKey& key) {
  constexpr char prefix[] = "tillside/referral/v1";  // with its final NUL
  std::array<std::uint8_t, sizeof prefix + std::tuple_size_v<Facts>> text;
  std::copy(facts.begin(), facts.end(), std::copy(std::begin(prefix), std::end(prefix), text.begin()));
  std::array<std::uint8_t, 8> mac;
  crypto_generichash_blake2b(mac.data(), mac.size(), text.data(), text.size(), key.data(), key.size());
  return take_bits(mac, 0, kMacBits);
}

Error malformed() { return {ErrorCode::bad_format, "token", "not a referral token of version 1"}; }

struct Token {
  Referral referral;
  std::uint64_t mac = 0;
};

Result<Token> unpack(std::string_view text) {
  if (text.size() != kTokenChars) return malformed();
  const auto bytes = base32_decode(text, kTokenBits);
  if (!bytes || take_bits(*bytes, 0, 3) != kVersion) return malformed();
  Token token;
  token.referral.version = kVersion;
  token.referral.checkout = take_bits(*bytes, 3, 1) == 1;
  token.referral.till_or_store = static_cast<std::uint32_t>(take_bits(*bytes, 4, 20));
  token.referral.staff = static_cast<StaffNumber>(take_bits(*bytes, 24, 16));
  token.referral.minute = static_cast<std::uint32_t>(take_bits(*bytes, 40, 24));
  token.referral.ordinal = static_cast<std::uint32_t>(take_bits(*bytes, 64, 22));
  token.mac = take_bits(*bytes, kFactBits, kMacBits);
  return token;
}

}  // namespace

std::string encode_referral(const Referral& referral, const ReferralKey& key) {
  const Facts facts = facts_of(referral);
  std::array<std::uint8_t, 19> token{};
  std::copy(facts.begin(), facts.end(), token.begin());
  put_bits(token, kFactBits, kMacBits, mac_of(facts, key));
  return base32_encode(token, kTokenBits);
}

Result<Referral> read_referral(std::string_view text) {
  const auto token = unpack(text);
  if (!token) return token.error();
  return token->referral;
}

Result<Referral> verify_referral(std::string_view text, const ReferralKey& key) {
  const auto token = unpack(text);
  if (!token) return token.error();
  const std::uint64_t difference = token->mac ^ mac_of(facts_of(token->referral), key);
  if (difference != 0) return Error{ErrorCode::bad_signature, "token", "the referral token's MAC does not hold"};
  return token->referral;
}

std::string referral_url(std::string_view host, std::string_view token) {
  return "HTTPS://" + upper_cased(host) + "/R/" + upper_cased(token);
}

}  // namespace tillside
