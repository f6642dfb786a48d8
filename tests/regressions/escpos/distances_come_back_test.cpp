// Found by fuzzing: two distances did not come back behind a block of ours as the POS had set them.
#include <gtest/gtest.h>

#include "pos_adapter/escpos/insertion.h"

namespace tillside::escpos {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kOtherUnits = "\x1DP\x10\x20"sv, kOwnUnits = "\x1DP\0\0"sv;
constexpr std::string_view kBlock =
    "\x1B\x33\x10"
    "ours\n"
    "\x1DW\x40\x01\x1DL\x08\0"sv;

class Follower final : public Sink {
 public:
  PrinterState state;
  void text(std::uint64_t, std::string_view, bool to_display) override { state.text(to_display); }
  void command(const Command& command) override { state.command(command); }
  void data(std::uint64_t, std::string_view, bool) override {}
  void follow(std::string_view bytes) { walker_.feed(bytes, *this); }

 private:
  Walker walker_;
};

// The printer's motion units were others when `distance` was set than they are where the block goes in.
void comes_back(std::string_view distance) {
  Follower follower;
  for (const std::string_view bytes : {kOtherUnits, distance, kOwnUnits}) follower.follow(bytes);
  const PrinterState before = follower.state;
  const auto block = block_at(before, kBlock);
  ASSERT_TRUE(block);
  follower.follow(*block);
  EXPECT_TRUE(follower.state == before) << testing::PrintToString(*block);
}

// Nothing is as far in whatever units. It was kept in those of its time and set back in those of now: not the same.
TEST(DistancesComeBack, ADistanceOfNothing) {
  comes_back("\x1B\x33\0"sv);
  comes_back("\x1DW\0\0"sv);
  comes_back("\x1DL\0\0"sv);
  comes_back("\x1B \0"sv);
}

// 65,535 stands for the whole width only where a width is meant; as a margin it was set back in the wrong units.
TEST(DistancesComeBack, AMarginAsWideAsANumberGoes) { comes_back("\x1DL\xFF\xFF"sv); }

TEST(DistancesComeBack, AWidthAsWideAsThePaper) { comes_back("\x1DW\xFF\xFF"sv); }

}  // namespace
}  // namespace tillside::escpos
