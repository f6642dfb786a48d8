#include "qrcode/png.h"

#include <gtest/gtest.h>

#include "qrcode/code128.h"
#include "tests/fakes/scanner.h"
#include "tests/qrcode/reading.h"
#include "tests/qrcode/samples.h"

namespace tillside::qr {
namespace {

TEST(Png, CouponReadsBackDotForDot) {
  Dice dice(12);
  const std::string text = coupon_text(dice);
  const Bitmap drawn = draw(*encode_alphanumeric(text));
  const Picture picture = read_png(png(drawn));
  EXPECT_EQ(picture.width, 265);
  EXPECT_EQ(picture.height, 265);
  EXPECT_EQ(picture, photo_of(drawn));
  EXPECT_EQ(fakes::scan_qr(picture), text);
}

TEST(Png, ReferralAndBarcodeReadBack) {
  Dice dice(13);
  const std::string referral = referral_text(dice);
  const std::string digits = typed_digits(dice);
  EXPECT_EQ(fakes::scan_qr(read_png(png(draw(*encode_alphanumeric(referral), 8)))), referral);
  EXPECT_EQ(fakes::scan_code128(read_png(png(draw(*encode_code128c(digits))))), digits);
}

TEST(Png, HoldsPicturesOfAnySize) {
  for (const int width : {1, 7, 8, 9, 64, 383}) {
    Bitmap bitmap(width, 3);
    bitmap.darken(width - 1, 1, 1, 1);
    EXPECT_EQ(read_png(png(bitmap)), photo_of(bitmap)) << width;
  }
}

TEST(Png, SameSymbolGivesSameBytes) {
  Dice dice(14);
  const std::string text = coupon_text(dice);
  EXPECT_EQ(png(draw(*encode_alphanumeric(text))), png(draw(*encode_alphanumeric(text))));
}

TEST(Png, NothingOfNothing) {
  EXPECT_TRUE(png(Bitmap(0, 5)).empty());
  EXPECT_TRUE(png(Bitmap(5, 0)).empty());
}

}  // namespace
}  // namespace tillside::qr
