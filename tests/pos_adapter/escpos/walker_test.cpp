#include "pos_adapter/escpos/walker.h"

#include <gtest/gtest.h>

#include "tests/pos_adapter/escpos/streams.h"
#include "tests/pos_adapter/escpos/told.h"

namespace tillside::escpos {
namespace {

// Fed in the pieces that end at `ends`.
std::vector<Told> walk_in_pieces(std::string_view bytes, const std::vector<std::size_t>& ends) {
  Walker walker;
  Teller teller;
  std::size_t from = 0;
  for (const std::size_t end : ends) {
    walker.feed(bytes.substr(from, end - from), teller);
    EXPECT_LT(walker.held().size(), kHeadBytes);
    from = end;
  }
  walker.feed(bytes.substr(from), teller);
  EXPECT_EQ(walker.fed(), bytes.size());
  walker.finish(teller);
  EXPECT_TRUE(teller.gapless);
  return teller.told;
}

std::string joined(const std::vector<Told>& told) {
  std::string out;
  for (const Told& one : told) out += one.bytes;
  return out;
}

void expect_the_same_at_every_boundary(const std::string& bytes) {
  const auto whole = walk_in_pieces(bytes, {});
  ASSERT_EQ(joined(whole), bytes);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) ASSERT_EQ(walk_in_pieces(bytes, {cut}), whole) << cut;
  std::vector<std::size_t> every;
  for (std::size_t i = 1; i < bytes.size(); ++i) every.push_back(i);
  ASSERT_EQ(walk_in_pieces(bytes, every), whole);
}

std::vector<std::size_t> random_ends(std::mt19937& random, std::size_t size) {
  std::vector<std::size_t> ends;
  for (std::size_t at = random() % 40; at < size; at += 1 + random() % 40) ends.push_back(at);
  return ends;
}

TEST(Walker, TheSameWhereverTheBytesAreCut) { expect_the_same_at_every_boundary(chinese_receipt()); }

TEST(Walker, TheSameOnLikelyNonsense) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    const std::string bytes = likely_bytes(random, 400);
    const auto whole = walk_in_pieces(bytes, {});
    ASSERT_EQ(joined(whole), bytes) << seed;
    for (int i = 0; i < 10; ++i) ASSERT_EQ(walk_in_pieces(bytes, random_ends(random, bytes.size())), whole) << seed;
  }
}

TEST(Walker, NothingInAPictureIsACommand) {
  int cuts = 0, questions = 0;
  for (const Told& one : walk(chinese_receipt())) {
    cuts += one.kind == Kind::cut;
    questions += one.kind == Kind::ask_status;
  }
  EXPECT_EQ(cuts, 1);
  EXPECT_EQ(questions, 0);
}

TEST(Walker, HugeLengthsPassInPieces) {
  Walker walker;
  Teller teller;
  walker.feed(hex("1d 38 4c ff ff ff ff 30 70"), teller);
  const std::string piece(1 << 16, 'x');
  for (int i = 0; i < 1000; ++i) {
    walker.feed(piece, teller);
    ASSERT_LE(walker.held().size(), kHeadBytes);
    for (Told& one : teller.told) one.bytes.clear();
  }
  EXPECT_TRUE(teller.gapless);
  ASSERT_EQ(teller.told.size(), 1U);
  EXPECT_EQ(teller.told[0].kind, Kind::graphics);
  EXPECT_FALSE(walker.between_commands());
}

TEST(Walker, AStreamThatEndsWithinACommandBeginsAfresh) {
  Walker walker;
  Teller teller;
  walker.feed("A" + hex("1d 76 30"), teller);
  walker.finish(teller);
  walker.feed(hex("1b 69"), teller);
  ASSERT_EQ(teller.told.size(), 3U);
  EXPECT_EQ(teller.told[1].kind, Kind::unknown);
  EXPECT_EQ(teller.told[2].kind, Kind::cut);
  EXPECT_EQ(teller.told[2].at, 4U);
  EXPECT_TRUE(teller.gapless);
}

TEST(Walker, RealStreams) {
  const auto files = shared_streams();
  if (files.empty()) GTEST_SKIP() << "the folder of real inputs is not here";
  std::mt19937 random(20261122);
  for (const auto& file : files) {
    const std::string bytes = read_whole(file);
    const auto whole = walk_in_pieces(bytes, {});
    ASSERT_EQ(joined(whole), bytes) << file;
    int unknown = 0;
    for (const Told& one : whole) unknown += !one.is_text && one.kind == Kind::unknown;
    EXPECT_EQ(unknown, 0) << file;
    for (std::size_t cut = 0; cut <= bytes.size(); cut += 1 + bytes.size() / 300) {
      ASSERT_EQ(walk_in_pieces(bytes, {cut}), whole) << file << " " << cut;
    }
    for (int i = 0; i < 20; ++i) ASSERT_EQ(walk_in_pieces(bytes, random_ends(random, bytes.size())), whole) << file;
  }
}

TEST(Walker, TheRealThreeReceiptsAreCutThrice) {
  for (const auto& file : shared_streams()) {
    if (file.filename() != "openbravo-3-receipts.bin") continue;
    int cuts = 0, kicks = 0;
    for (const Told& one : walk(read_whole(file))) {
      cuts += one.kind == Kind::cut;
      kicks += one.kind == Kind::pulse;
    }
    EXPECT_EQ(cuts, 3);
    EXPECT_EQ(kicks, 3);
    return;
  }
  GTEST_SKIP() << "the folder of real inputs is not here";
}

}  // namespace
}  // namespace tillside::escpos
