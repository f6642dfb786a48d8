#include "qrcode/print_size.h"

#include <gtest/gtest.h>

#include "qrcode/bitmap.h"
#include "tests/qrcode/samples.h"

namespace tillside::qr {
namespace {

Symbol of_version(int version) { return *encode_alphanumeric("TILL", {.min_version = version}); }

TEST(PrintSize, CouponsAre265And285Dots) {
  Dice dice(1);
  const Symbol seven = *encode_alphanumeric(coupon_text(dice, kLongHost));
  const Symbol eight = *encode_alphanumeric(coupon_text(dice, kLongerHost));
  EXPECT_EQ(printed_dots(seven), 265);
  EXPECT_EQ(printed_dots(eight), 285);
  EXPECT_EQ(draw(seven).width(), 265);
  EXPECT_EQ(draw(seven).height(), 265);
  EXPECT_EQ(draw(eight).width(), 285);
}

TEST(PrintSize, CouponsFit58MmPaperAt5Dots) {
  EXPECT_EQ(dots_per_module_for(of_version(7), kPaper58Dots), 5);
  EXPECT_EQ(dots_per_module_for(of_version(8), kPaper58Dots), 5);
}

TEST(PrintSize, GoesDownTo4DotsAndNeverBelow) {
  // 384 dots: version 13 is 69 + 8 modules, 385 at 5 dots; 4 dots end with 96 modules, so with version 17 of 85 + 8.
  EXPECT_EQ(dots_per_module_for(of_version(12), kPaper58Dots), 5);
  EXPECT_EQ(dots_per_module_for(of_version(13), kPaper58Dots), 4);
  EXPECT_EQ(dots_per_module_for(of_version(17), kPaper58Dots), 4);
  EXPECT_EQ(dots_per_module_for(of_version(18), kPaper58Dots), std::nullopt);
  EXPECT_EQ(dots_per_module_for(of_version(7), 53 * 4), 4);
  EXPECT_EQ(dots_per_module_for(of_version(7), 53 * 4 - 1), std::nullopt);
  EXPECT_EQ(dots_per_module_for(of_version(7), 0), std::nullopt);
}

TEST(PrintSize, GrowsAsFarAsThePaperAllows) {
  EXPECT_EQ(dots_per_module_for(of_version(3), kPaper58Dots, 8), 8);
  EXPECT_EQ(dots_per_module_for(of_version(3), kPaper58Dots, 20), 10);
  EXPECT_EQ(dots_per_module_for(of_version(3), kPaper80Dots, 20), 15);
  EXPECT_EQ(dots_per_module_for(of_version(3), kPaper58Dots, 1), 4);
}

}  // namespace
}  // namespace tillside::qr
