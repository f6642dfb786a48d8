#include "qrcode/bitmap.h"

#include <gtest/gtest.h>

#include "tests/fakes/scanner.h"
#include "tests/qrcode/reading.h"
#include "tests/qrcode/samples.h"

namespace tillside::qr {
namespace {

using namespace std::string_view_literals;

TEST(Bitmap, PacksTheLeftmostDotIntoTheHighestBit) {
  Bitmap bitmap(10, 2);
  bitmap.darken(0, 0, 1, 1);
  bitmap.darken(8, 1, 2, 1);
  EXPECT_EQ(bitmap.row_bytes(), 2U);
  EXPECT_EQ(bitmap.row(0), "\x80\x00"sv);
  EXPECT_EQ(bitmap.row(1), "\x00\xC0"sv);
}

TEST(Bitmap, IgnoresWhatLiesOutside) {
  Bitmap bitmap(3, 3);
  bitmap.darken(-5, -5, 6, 6);
  bitmap.darken(2, 2, 100, 100);
  EXPECT_TRUE(bitmap.dark(0, 0));
  EXPECT_FALSE(bitmap.dark(1, 1));
  EXPECT_TRUE(bitmap.dark(2, 2));
  EXPECT_EQ(bitmap.row(2), "\x20"sv);  // the byte's spare bits stay light
  EXPECT_FALSE(bitmap.dark(3, 2));
  EXPECT_FALSE(bitmap.dark(-1, 0));
}

TEST(Bitmap, TakesNegativeSizesAsNone) {
  EXPECT_EQ(Bitmap(-3, 5).width(), 0);
  EXPECT_EQ(Bitmap(5, -3).height(), 0);
}

TEST(Bitmap, ShiftsToTheRight) {
  Bitmap bitmap(3, 1);
  bitmap.darken(0, 0, 1, 1);
  const Bitmap moved = shifted(bitmap, 9);
  EXPECT_EQ(moved.width(), 12);
  EXPECT_EQ(moved.row(0), "\x00\x40"sv);
  EXPECT_EQ(shifted(bitmap, 0), bitmap);
  EXPECT_EQ(shifted(bitmap, -4), bitmap);
}

// Whole bytes at a time are what single dots would be.
TEST(Bitmap, DarkensAndShiftsFromAndToAnyDot) {
  for (int left = 0; left < 18; ++left) {
    for (int width = 0; width < 20; ++width) {
      Bitmap at_once(33, 2), by_dots(33, 2);
      at_once.darken(left, 1, width, 1);
      for (int x = left; x < left + width; ++x) by_dots.darken(x, 1, 1, 1);
      ASSERT_EQ(at_once, by_dots) << left << " " << width;
      const Bitmap moved = shifted(at_once, left);
      ASSERT_EQ(moved.width(), 33 + left);
      for (int x = 0; x < 33 + left; ++x)
        ASSERT_EQ(moved.dark(x, 1), at_once.dark(x - left, 1)) << left << " " << width;
    }
  }
}

TEST(Bitmap, DrawsWithAQuietZoneAndReadsBack) {
  Dice dice(11);
  const std::string text = coupon_text(dice);
  const Symbol symbol = *encode_alphanumeric(text);
  const Bitmap drawn = draw(symbol);
  EXPECT_FALSE(drawn.dark(19, 20));
  EXPECT_FALSE(drawn.dark(20, 19));
  EXPECT_TRUE(drawn.dark(20, 20));
  EXPECT_TRUE(drawn.dark(24, 24));
  EXPECT_EQ(fakes::scan_qr(photo_of(drawn)), text);
  EXPECT_EQ(photo_of(draw(symbol, 4, 4)), photo_of(symbol, 4));
}

TEST(Bitmap, BoundsTheSizeACallerAsksFor) {
  const Symbol symbol = *encode_alphanumeric("TILL");
  EXPECT_EQ(draw(symbol, 0, -1).width(), 21);
  EXPECT_EQ(draw(symbol, 1'000'000'000, 1'000'000'000).width(), (21 + 2 * kMaxQuietModules) * kMaxDotsPerModule);
}

}  // namespace
}  // namespace tillside::qr
