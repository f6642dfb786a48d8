#include "sync/hq/token_reader.h"

#include <gtest/gtest.h>

namespace tillside::hq {
namespace {

const wire::KeyPair kHq = wire::key_pair_from_seed(Bytes32{1}), kOther = wire::key_pair_from_seed(Bytes32{2});

std::string token_of(std::uint32_t till) { return wire::write_token({till, {}, 1, {}, {}}, kHq.secret_key); }

TEST(TokenReader, SaysTheSameEachTime) {
  TokenReader reader;
  const std::string text = token_of(7);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(reader.read(text, kHq.public_key)->till, 7u);
}

TEST(TokenReader, WhatOneKeySignedIsNotKnownUnderAnother) {
  TokenReader reader;
  const std::string text = token_of(7);
  ASSERT_TRUE(reader.read(text, kHq.public_key));
  EXPECT_EQ(reader.read(text, kOther.public_key).error().code, ErrorCode::bad_signature);
  EXPECT_TRUE(reader.read(text, kHq.public_key));
}

TEST(TokenReader, ADamagedOneIsRefusedBesideTheWholeOne) {
  TokenReader reader;
  const std::string text = token_of(7);
  ASSERT_TRUE(reader.read(text, kHq.public_key));
  std::string damaged = text;
  damaged.back() = damaged.back() == 'A' ? 'Q' : 'A';
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(reader.read(damaged, kHq.public_key));
}

TEST(TokenReader, ForgetsRatherThanGrows) {
  TokenReader reader(2);
  for (std::uint32_t till = 1; till <= 5; ++till) EXPECT_EQ(reader.read(token_of(till), kHq.public_key)->till, till);
  EXPECT_EQ(reader.read(token_of(1), kHq.public_key)->till, 1u);
}

}  // namespace
}  // namespace tillside::hq
