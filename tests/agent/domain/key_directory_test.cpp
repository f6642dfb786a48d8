#include "agent/domain/key_directory.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <random>

namespace tillside {
namespace {

constexpr Instant kToday{1'795'310'100'000};
constexpr ChainId kOwnChain{1, 2, 3};
constexpr Bytes16 kLife{7};

struct Pair {
  VerifyingKey open{};
  SigningKey secret{};
};
Pair pair_of(std::uint8_t seed) {
  Pair pair;
  const Bytes32 bytes{seed};
  crypto_sign_seed_keypair(pair.open.data(), pair.secret.data(), bytes.data());
  return pair;
}
const Pair kHq = pair_of(1);

KeyRow row(TillNumber till, std::uint8_t generation = 0) {
  KeyRow made{{till, generation}, {}};
  made.facts.key = pair_of(static_cast<std::uint8_t>(till + 16 * generation)).open;
  return made;
}

KeyPart part(std::uint64_t version, std::vector<KeyRow> rows, KeyPartNumber number = 0) {
  return {kOwnChain, kLife, number, version, kToday.plus_ms(35 * kDay), std::move(rows)};
}

std::string written(const KeyPart& made) { return write_key_part(made, kHq.secret); }
auto read(std::string_view bytes) { return read_key_part(bytes, kOwnChain, kHq.open); }

TEST(KeyDirectoryTest, APartIsReadAsItWasWritten) {
  KeyRow gone = row(17, 1), stolen = row(18);
  gone.facts.status = KeyFacts::Status::retired;
  gone.facts.until = from_code_minutes(1'500'000);
  stolen.facts.status = KeyFacts::Status::revoked;
  stolen.facts.good_to = 451;
  stolen.facts.ceiling = 70'000;
  const KeyPart made = part(9, {row(0), gone, row(17, 2), stolen, row(255, 15)});
  const auto again = read(written(made));
  ASSERT_TRUE(again) << again.error().detail;
  EXPECT_EQ(*again, made);
  EXPECT_EQ(written(made).size(), 57 + 5 * 48 + 64u);
}

TEST(KeyDirectoryTest, RowsMayComeInAnyOrderToBeWritten) {
  const auto again = read(written(part(1, {row(9), row(3, 2), row(3)})));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->rows[0].id, (KeyId{3, 0}));
  EXPECT_EQ(again->rows[2].id, (KeyId{9, 0}));
}

TEST(KeyDirectoryTest, AnyBitFlippedAnythingCutOffOrAddedIsRefused) {
  const std::string good = written(part(1, {row(1), row(2)}));
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    ASSERT_FALSE(read(bad)) << "bit " << bit;
  }
  for (std::size_t length = 0; length < good.size(); ++length) ASSERT_FALSE(read(good.substr(0, length))) << length;
  EXPECT_FALSE(read(good + '\0'));
  EXPECT_FALSE(read(good + good));
}

TEST(KeyDirectoryTest, OnlyThisHeadquartersAndThisChainCount) {
  const KeyPart made = part(1, {row(1)});
  EXPECT_EQ(read(write_key_part(made, pair_of(2).secret)).error().code, ErrorCode::bad_signature);
  const auto other_chain = read_key_part(written(made), ChainId{9}, kHq.open);
  ASSERT_FALSE(other_chain);
  EXPECT_EQ(other_chain.error().code, ErrorCode::bad_signature);
}

TEST(KeyDirectoryTest, WhatHeadquartersSignedWronglyIsRefusedAllTheSame) {
  EXPECT_EQ(read(written(part(1, {row(1), row(1)}))).error().code, ErrorCode::bad_format) << "twice";
  EXPECT_EQ(read(written(part(1, {row(1)}, 3))).error().code, ErrorCode::bad_format) << "of another part";
  KeyRow odd = row(1);
  odd.facts.status = static_cast<KeyFacts::Status>(7);
  EXPECT_EQ(read(written(part(1, {odd}))).error().code, ErrorCode::bad_format);
}

TEST(KeyDirectoryTest, ALaterFormatIsNamed) {
  std::string later = written(part(1, {}));
  later[2] = '2';
  EXPECT_EQ(read(later).error().code, ErrorCode::too_new);
}

TEST(KeyDirectoryTest, AnOlderPartPlayedAgainChangesNothing) {
  KeyDirectory directory;
  KeyRow stolen = row(17);
  stolen.facts.status = KeyFacts::Status::revoked;
  EXPECT_TRUE(directory.take(part(2, {stolen}), kLife));
  EXPECT_FALSE(directory.take(part(1, {row(17)}), kLife));
  EXPECT_FALSE(directory.take(part(2, {row(17)}), kLife));
  EXPECT_EQ(directory.find({17, 0})->status, KeyFacts::Status::revoked);
  EXPECT_TRUE(directory.take(part(3, {row(17)}), kLife));
  EXPECT_EQ(directory.version_of(0), 3u);
}

TEST(KeyDirectoryTest, ARestoredHeadquartersCountsAnewAndItsEarlierLifeIsOver) {
  KeyDirectory directory;
  const Bytes16 new_life{8};
  ASSERT_TRUE(directory.take(part(900, {row(1)}), kLife));
  KeyPart after = part(1, {row(1), row(2)});
  after.incarnation = new_life;
  EXPECT_FALSE(directory.take(after, kLife)) << "of a life the last contact did not name";
  EXPECT_TRUE(directory.take(after, new_life));
  EXPECT_FALSE(directory.take(part(901, {row(1)}), new_life)) << "of the life before";
  EXPECT_TRUE(directory.find({2, 0}));
}

TEST(KeyDirectoryTest, KeysAreFoundByTillAndGeneration) {
  KeyDirectory directory;
  ASSERT_TRUE(directory.take(part(1, {row(0), row(17), row(17, 3)}), kLife));
  ASSERT_TRUE(directory.take(part(2, {row(300)}, 1), kLife));
  EXPECT_EQ(directory.find({17, 3})->key, row(17, 3).facts.key);
  EXPECT_EQ(directory.find({300, 0})->key, row(300).facts.key);
  for (const KeyId nobody : {KeyId{17, 1}, KeyId{18, 0}, KeyId{299, 0}, KeyId{1, 0}, KeyId{kMaxTillNumber, 15}})
    EXPECT_FALSE(directory.find(nobody));
  EXPECT_EQ(directory.keys(), 4u);
}

TEST(KeyDirectoryTest, ExpiresPartByPart) {
  KeyDirectory directory;
  EXPECT_TRUE(directory.expired({17, 0}, kToday)) << "nothing is held";
  ASSERT_TRUE(directory.take(part(1, {row(17)}), kLife));
  KeyPart newer = part(2, {row(300)}, 1);
  newer.expires = kToday.plus_ms(40 * kDay);
  ASSERT_TRUE(directory.take(newer, kLife));
  EXPECT_FALSE(directory.expired({17, 0}, kToday.plus_ms(35 * kDay)));
  EXPECT_TRUE(directory.expired({17, 0}, kToday.plus_ms(35 * kDay + 1)));
  EXPECT_FALSE(directory.expired({300, 0}, kToday.plus_ms(35 * kDay + 1)));
  EXPECT_EQ(directory.expires(), kToday.plus_ms(35 * kDay));
}

TEST(KeyDirectoryTest, HowFarAKeyVouches) {
  KeyFacts facts;
  EXPECT_EQ(judge_key(facts, 4'000'000'000, kToday), KeyFinding::good);
  facts.ceiling = 1000;
  EXPECT_EQ(judge_key(facts, 1000, kToday), KeyFinding::good);
  EXPECT_EQ(judge_key(facts, 1001, kToday), KeyFinding::beyond);
  facts.status = KeyFacts::Status::retired;
  facts.until = kToday;
  EXPECT_EQ(judge_key(facts, 1, kToday), KeyFinding::good);
  EXPECT_EQ(judge_key(facts, 1, kToday.plus_ms(kMinute)), KeyFinding::beyond) << "issued after the key's end";
  facts = {};
  facts.status = KeyFacts::Status::revoked;
  facts.good_to = 451;
  EXPECT_EQ(judge_key(facts, 451, kToday), KeyFinding::good);
  EXPECT_EQ(judge_key(facts, 452, kToday), KeyFinding::beyond);
  facts.good_to = 0;
  EXPECT_EQ(judge_key(facts, 1, kToday), KeyFinding::beyond) << "nothing of it holds";
}

TEST(KeyDirectoryTest, TwentyThousandTillsAreUnderOneMegabyteAndQuickToAsk) {
  KeyDirectory directory;
  std::size_t bytes = 0;
  for (KeyPartNumber number = 0; number <= 20'000 / kTillsAPart; ++number) {
    std::vector<KeyRow> rows;
    for (TillNumber till = number * kTillsAPart; till < (number + 1u) * kTillsAPart && till <= 20'000; ++till)
      rows.push_back({{till, 0}, {}});
    const std::string document = written(part(1, std::move(rows), number));
    bytes += document.size();
    EXPECT_LE(document.size(), 57 + 256 * 48 + 64u);
    auto made = read(document);
    ASSERT_TRUE(made);
    ASSERT_TRUE(directory.take(std::move(*made), kLife));
  }
  EXPECT_EQ(directory.keys(), 20'001u);
  EXPECT_LT(bytes, 1'000'000u);
  std::mt19937 dice(7);
  const auto begun = std::chrono::steady_clock::now();
  std::size_t found = 0;
  for (int i = 0; i < 100'000; ++i)
    found += directory.find({static_cast<TillNumber>(dice() % 20'001), 0}).has_value() ? 1 : 0;
  EXPECT_EQ(found, 100'000u);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
  RecordProperty("ms_for_100000_lookups", static_cast<int>(ms.count()));
  EXPECT_LT(ms.count(), 5000);
}

TEST(KeyDirectoryTest, TheWorkedExampleOfTheWirePageIsOne) {
  std::ifstream file(TILLSIDE_SOURCE_DIR "/docs/wire.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto at = text.find("\"document\": \"") + 13, end = text.find('"', at);
  std::string bytes((end - at) / 2, '\0');
  ASSERT_TRUE(from_hex(std::string_view(text).substr(at, end - at), reinterpret_cast<std::uint8_t*>(bytes.data()),
                       bytes.size()));
  ChainId chain{};
  ASSERT_TRUE(from_hex("504070226eb3858ee8b6356455410d71", chain));
  const auto example = read_key_part(bytes, chain, pair_of(2).open);
  ASSERT_TRUE(example) << example.error().detail;
  ASSERT_EQ(example->rows.size(), 2u);
  EXPECT_EQ(example->version, 12u);
  EXPECT_EQ(example->rows[0].facts.status, KeyFacts::Status::retired);
  EXPECT_EQ(example->rows[1].id, (KeyId{17, 1}));
  EXPECT_EQ(example->rows[1].facts.ceiling, 131'072u);
  EXPECT_EQ(write_key_part(*example, pair_of(2).secret), bytes);
}

}  // namespace
}  // namespace tillside
