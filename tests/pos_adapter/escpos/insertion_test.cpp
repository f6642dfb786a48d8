#include "pos_adapter/escpos/insertion.h"

#include <gtest/gtest.h>

#include "tests/pos_adapter/escpos/streams.h"

namespace tillside::escpos {
namespace {

// The printer's state all along a stream, and where between two commands it stands.
class Follower final : public Sink {
 public:
  explicit Follower(PrinterState begin = PrinterState()) : state(begin) {}
  PrinterState state;

  void text(std::uint64_t, std::string_view, bool to_display) override { state.text(to_display); }
  void command(const Command& command) override { state.command(command); }
  void data(std::uint64_t, std::string_view, bool) override {}
  void follow(std::string_view bytes) { walker_.feed(bytes, *this); }
  bool between_commands() const { return walker_.between_commands(); }

 private:
  Walker walker_;
};

PrinterState after(std::string_view bytes) {
  Follower follower;
  follower.follow(bytes);
  return follower.state;
}

std::string our_block() {
  return hex("1c 26 1b 61 01 1d 21 11") + "\xc8\xab\xb3\xa1" + hex("0a 1d 21 00") +
         hex("1d 76 30 00 02 00 01 00 ff ff") + hex("1b 61 00") + "0008-G000\n";
}

// A block with everything that may stand in one.
std::string rich_block() {
  return hex("1b 21 b9 1d 21 33 1b 45 01 1b 47 01 1b 2d 02 1b 7b 01 1b 56 01 1d 42 01 1d 62 01 1b 4d 01 1b 72 01") +
         hex("1b 20 04 1b 74 11 1b 52 03 1c 2e 1c 43 01 1c 21 8c 1c 2d 01 1c 57 01 1c 53 02 03 1b 33 50 1b 61 02") +
         hex("1d 4c 08 00 1d 57 40 01 1b 24 10 00 1b 5c 02 00 09") + "x" +
         hex("0a 1d 48 02 1d 66 01 1d 68 40 1d 77 02") + hex("1d 6b 49 04 7b 43 01 02 1c 28 43 02 00 30 02") +
         hex("1d 28 6b 04 00 31 41 31 00 1d 28 6b 03 00 31 43 05 1d 28 6b 03 00 31 45 31 1d 28 6b 04 00 31 50 30 41") +
         hex("1d 28 6b 03 00 31 51 30") + "no line end";
}

void expect_restored(const std::string& before, const std::string& content) {
  Follower follower;
  follower.follow(before);
  const PrinterState at = follower.state;
  const auto block = block_at(at, content);
  ASSERT_TRUE(block) << testing::PrintToString(before);
  follower.follow(*block);
  PrinterState expected = at;
  expected.mid_line = false;
  EXPECT_TRUE(follower.between_commands());
  EXPECT_TRUE(follower.state == expected) << testing::PrintToString(before) << "\n" << testing::PrintToString(*block);
}

TEST(Insertion, ABlockAloneAddsNothingToItself) { EXPECT_EQ(*block_at(PrinterState(), our_block()), our_block()); }

TEST(Insertion, EachSettingIsPutBack) {
  for (const char* before : {"1b 21 ff",
                             "1b 21 01",
                             "1d 21 77",
                             "1b 45 01",
                             "1b 47 01",
                             "1b 2d 01",
                             "1b 2d 32",
                             "1b 61 01",
                             "1b 61 32",
                             "1b 4d 01",
                             "1b 7b 01",
                             "1b 56 01",
                             "1d 42 01",
                             "1b 74 13",
                             "1b 52 0f",
                             "1c 26",
                             "1c 2e",
                             "1c 43 02",
                             "1c 21 8c",
                             "1c 2d 02",
                             "1c 57 01",
                             "1c 53 04 05",
                             "1b 33 18",
                             "1d 4c 20 00",
                             "1d 57 00 01",
                             "1b 20 08",
                             "1d 50 b4 b4",
                             "1b 72 01",
                             "1b 25 01",
                             "1d 48 02",
                             "1d 68 50",
                             "1d 77 02",
                             "1d 66 01",
                             "1c 28 43 02 00 30 32",
                             "1b 3d 03",
                             "1d 28 6b 03 00 31 43 08",
                             "1d 28 6b 03 00 31 45 33",
                             "1d 28 6b 04 00 31 41 31 00"}) {
    expect_restored(hex(before), our_block());
    expect_restored(hex(before), rich_block());
  }
}

// ESC ! 0x80 underlines as thick as ESC - said last, also after ESC - 0.
TEST(Insertion, TheThicknessOfUnderliningIsRemembered) { expect_restored(hex("1b 2d 02 1b 2d 00"), rich_block()); }

// Sizes of letters and of Kanji come apart in three ways.
TEST(Insertion, SizesThatDifferArePutBack) {
  for (const char* before : {"1d 21 33 1b 21 30", "1d 21 77 1c 21 0c", "1c 21 04", "1d 21 22 1b 21 00",
                             "1c 57 01 1b 21 10", "1d 21 55 1c 21 80"}) {
    expect_restored(hex(before), our_block());
    expect_restored(hex(before), rich_block());
  }
}

// A margin was set in the motion units of its time.
TEST(Insertion, DistancesComeBackInTheirUnits) {
  const std::string before = hex("1d 50 b4 b4 1d 4c 10 00 1b 33 20 1d 50 cb cb");
  expect_restored(before, our_block());
  const std::string block = *block_at(after(before), our_block());
  EXPECT_NE(block.find(hex("1d 50 b4 b4 1d 4c 10 00 1d 50 cb cb")), std::string::npos);
}

TEST(Insertion, AResetForgetsWhatWasSet) {
  EXPECT_EQ(*block_at(after(hex("1b 21 ff 1d 4c 20 00 1b 74 13 1c 2e 1b 40")), our_block()), our_block());
}

TEST(Insertion, ALineThatWasBegunIsEndedFirst) {
  EXPECT_EQ(block_at(after("total"), our_block())->front(), '\n');
  EXPECT_EQ(*block_at(after("total\n"), our_block()), our_block());
  EXPECT_EQ(block_at(after("total" + hex("1b 3d 02") + "pole"), our_block())->substr(0, 4), hex("1b 3d 01 0a"));
  expect_restored("total" + hex("1b 45 01 1b 3d 02") + "pole", our_block());
}

TEST(Insertion, NowhereWhereItWouldNotComeOutAsItself) {
  EXPECT_FALSE(block_at(after(hex("1b 4c")), our_block()));
  EXPECT_TRUE(block_at(after(hex("1b 4c 0c")), our_block()));
  EXPECT_TRUE(block_at(after(hex("1b 4c 1b 53")), our_block()));
  EXPECT_FALSE(block_at(after(hex("1b 4c 1b 0c")), our_block()));
  EXPECT_FALSE(block_at(after(hex("1d 3a")), our_block()));
  EXPECT_TRUE(block_at(after(hex("1d 3a 1d 3a")), our_block()));
  EXPECT_FALSE(block_at(after(hex("1b 63 30 04")), our_block()));
  EXPECT_FALSE(block_at(after(hex("1d 28 45 03 00 01 49 4e")), our_block()));
  EXPECT_FALSE(block_at(PrinterState(), ""));
}

TEST(Insertion, ACodeThatWaitsToBePrintedIsNotOverwritten) {
  const std::string stored = hex("1d 28 6b 04 00 31 50 30 41");
  EXPECT_FALSE(block_at(after(stored), rich_block()));
  expect_restored(stored, our_block());
  expect_restored(stored + hex("1d 28 6b 03 00 31 51 30"), rich_block());
}

TEST(Insertion, OnlyHarmlessContentFits) {
  EXPECT_TRUE(fits_a_block(our_block()));
  EXPECT_TRUE(fits_a_block(rich_block()));
  for (const char* bytes :
       {"1b 40", "1b 69", "1d 56 00", "1b 70 00 01 01", "10 04 01", "1d 72 01", "1d 49 01", "1d 61 ff", "1b 4c",
        "1b 3d 02", "1d 3a", "1c 71 01 01 00 01 00 01 02 03 04 05 06 07 08", "1d 50 01 01", "1d 76 30 00 02", "1b",
        "1d 28 6b 03 00 31 52 30", "1d 28 6b 04 00 31 50 30 41", "00"}) {
    EXPECT_FALSE(fits_a_block(hex(bytes))) << bytes;
  }
  EXPECT_FALSE(fits_a_block(std::string(kBlockLimit + 1, 'a')));
}

// On likely nonsense, at every place between two commands: the state behind our block is the state before it.
TEST(Insertion, WhateverTheStreamTheStateIsPutBack) {
  int tried = 0;
  for (unsigned seed = 0; seed < 120; ++seed) {
    std::mt19937 random(seed);
    const std::string bytes = likely_bytes(random, 300);
    Follower follower;
    for (const char byte : bytes) {
      follower.follow(std::string_view(&byte, 1));
      if (!follower.between_commands() || follower.state.peripheral == 2) continue;
      const std::string content = random() % 2 == 0 ? our_block() : rich_block();
      const auto block = block_at(follower.state, content);
      if (!block) continue;
      Follower behind(follower.state);
      behind.follow(*block);
      PrinterState expected = follower.state;
      expected.mid_line = false;
      ASSERT_TRUE(behind.state == expected) << seed << " " << testing::PrintToString(*block);
      ++tried;
    }
  }
  EXPECT_GT(tried, 3000);
}

}  // namespace
}  // namespace tillside::escpos
