#include "sync/wire/signing.h"

#include <gtest/gtest.h>

namespace tillside::wire {
namespace {

const KeyPair kTill = key_pair_from_seed(Bytes32{1});
const KeyPair kHq = key_pair_from_seed(Bytes32{2});

ContactRequest contact() {
  ContactRequest request;
  request.till = 7;
  request.server_nonce = "nonce";
  request.request_nonce = Bytes16{3};
  request.contact = {5, Bytes16{4}};
  request.version = "0.1.0";
  sign(request, kTill.secret_key);
  return request;
}

TEST(Signing, EnrolmentProvesPossessionOfItsKey) {
  EnrollRequest request{"code", kTill.public_key, Bytes16{1}, {}, "0.1.0"};
  sign(request, kTill.secret_key);
  EXPECT_TRUE(verify(request));
  auto other_code = request, other_key = request;
  other_code.code = "codf";
  other_key.public_key = kHq.public_key;
  EXPECT_FALSE(verify(other_code));
  EXPECT_FALSE(verify(other_key));
}

TEST(Signing, AContactIsSignedInEveryField) {
  const auto good = contact();
  EXPECT_TRUE(verify(good, kTill.public_key));
  EXPECT_FALSE(verify(good, kHq.public_key));
  const auto changed = [&](auto change) {
    auto request = good;
    change(request);
    return verify(request, kTill.public_key);
  };
  EXPECT_FALSE(changed([](auto& r) { ++r.till; }));
  EXPECT_FALSE(changed([](auto& r) { r.epoch[0] = 1; }));
  EXPECT_FALSE(changed([](auto& r) { r.server_nonce += "x"; }));
  EXPECT_FALSE(changed([](auto& r) { r.request_nonce[15] = 1; }));
  EXPECT_FALSE(changed([](auto& r) { ++r.contact.counter; }));
  EXPECT_FALSE(changed([](auto& r) { r.contact.random[1] = 1; }));
  EXPECT_FALSE(changed([](auto& r) { ++r.last_seq; }));
  EXPECT_FALSE(changed([](auto& r) { ++r.acked_seq; }));
  EXPECT_FALSE(changed([](auto& r) { r.version = "0.2.0"; }));
  EXPECT_FALSE(changed([](auto& r) { r.next_public_key[0] = 1; }));
}

TEST(Signing, ContactTextIsAsThePageSays) {
  const std::string text = contact_text(contact());
  EXPECT_EQ(text.size(), 20u + 4 + 8 + 2 + 5 + 16 + 8 + 16 + 8 + 8 + 2 + 5 + 32);
  EXPECT_EQ(text.substr(0, 24), std::string("tillside/contact/v1\0\0\0\0\7", 24));
  EXPECT_EQ(text.substr(32, 7), std::string("\0\5nonce", 7));
}

TEST(Signing, TimeIsBoundToTheTillsNonce) {
  ContactAnswer answer;
  answer.time = Instant{1'763'800'000'000};
  sign_time(answer, Bytes16{9}, kHq.secret_key);
  EXPECT_TRUE(verify_time(answer, Bytes16{9}, kHq.public_key));
  EXPECT_FALSE(verify_time(answer, Bytes16{8}, kHq.public_key));
  ++answer.time.ms;
  EXPECT_FALSE(verify_time(answer, Bytes16{9}, kHq.public_key));
}

TEST(Token, ComesBackAndHoldsOnlyUnderItsKey) {
  const Token token{77, {1, 2, 3}, 1'000'000'000'007, Instant{1'763'800'600'000}, Bytes16{5}};
  const std::string text = write_token(token, kHq.secret_key);
  auto back = read_token(text, kHq.public_key);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->till, token.till);
  EXPECT_EQ(back->epoch, token.epoch);
  EXPECT_EQ(back->counter, token.counter);
  EXPECT_EQ(back->expires, token.expires);
  EXPECT_EQ(back->hq_incarnation, token.hq_incarnation);
  EXPECT_EQ(read_token(text, kTill.public_key).error().code, ErrorCode::bad_signature);
}

// As docs/wire.md shows it.
TEST(HqKeyLink, FollowsFromTheKeyBefore) {
  Bytes32 seed{};
  for (std::size_t i = 0; i < seed.size(); ++i) seed[i] = static_cast<std::uint8_t>(i + 1);
  const auto before = key_pair_from_seed(seed);
  ChainId chain{};
  ASSERT_TRUE(from_hex("504070226eb3858ee8b6356455410d71", chain));
  HqKeyLink link;
  link.generation = 1;
  ASSERT_TRUE(from_hex("adc14011f82d1c56d956aa4f9d73d8858361a606048525e0d08c638dc75dd8c7", link.key));
  sign(link, chain, before.secret_key);
  EXPECT_EQ(
      to_hex(link.proof),
      "09a529ec88e89f04bfbf1d3c0ae793ca9635ff20779116369d985c1632a3932412f3c2a4229112c97260386813d12ed680a1f2dd0daba"
      "827258fa0b045b1d303");
  EXPECT_EQ(follow(chain, before.public_key, {&link, 1}), link.key);
  EXPECT_EQ(follow(chain, before.public_key, {}), before.public_key);
  EXPECT_EQ(follow(chain, link.key, {&link, 1}), std::nullopt);
  auto other = chain;
  other[0] ^= 1;
  EXPECT_EQ(follow(other, before.public_key, {&link, 1}), std::nullopt);
}

TEST(Token, ADamagedOneIsRefused) {
  const std::string text = write_token({}, kHq.secret_key);
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string damaged = text;
    damaged[at] = damaged[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(read_token(damaged, kHq.public_key)) << at;
  }
  for (const std::string& bad :
       {std::string(), text.substr(1), text + "A", text + "=", std::string(5000, 'A'), std::string("é")})
    EXPECT_EQ(read_token(bad, kHq.public_key).error().code, ErrorCode::bad_format);
}

TEST(DeriveKey, DependsOnEveryPart) {
  const Bytes32 master{1};
  const auto key = derive_key(master, "referral", 7, 0);
  EXPECT_EQ(key, derive_key(master, "referral", 7, 0));
  EXPECT_NE(key, derive_key(Bytes32{2}, "referral", 7, 0));
  EXPECT_NE(key, derive_key(master, "typed", 7, 0));
  EXPECT_NE(key, derive_key(master, "referral", 8, 0));
  EXPECT_NE(key, derive_key(master, "referral", 7, 1));
}

}  // namespace
}  // namespace tillside::wire
