#include "qrcode/text_blocks.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "qrcode/bitmap.h"
#include "tests/fakes/scanner.h"
#include "tests/qrcode/reading.h"
#include "tests/qrcode/samples.h"

namespace tillside::qr {
namespace {

TEST(TextBlocks, ReadBackOnBothGrounds) {
  Dice dice(17);
  for (const std::string& text : {coupon_text(dice), referral_text(dice)}) {
    const Symbol symbol = *encode_alphanumeric(text);
    EXPECT_EQ(fakes::scan_qr(read_blocks(text_blocks(symbol), true, 4)), text);
    EXPECT_EQ(fakes::scan_qr(read_blocks(text_blocks(symbol, Ground::dark), false, 4)), text);
  }
}

TEST(TextBlocks, ShowTheSamePictureOnBothGrounds) {
  const Symbol symbol = *encode_alphanumeric("TILL");
  EXPECT_EQ(read_blocks(text_blocks(symbol), true, 1), read_blocks(text_blocks(symbol, Ground::dark), false, 1));
}

TEST(TextBlocks, MatchTheModulesExactly) {
  const Symbol symbol = *encode_alphanumeric("TILL");
  const Picture picture = read_blocks(text_blocks(symbol, Ground::light, 0), true, 1);
  ASSERT_EQ(picture.width, 21);
  ASSERT_EQ(picture.height, 22);
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) EXPECT_EQ(picture.dark(x, y), symbol.dark(x, y)) << x << ' ' << y;
  }
}

TEST(TextBlocks, HaveOneLineForTwoRowsOfModules) {
  const std::string text = text_blocks(*encode_alphanumeric("TILL", {.min_version = 7}));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 27);
  EXPECT_EQ(text.substr(0, text.find('\n')), std::string(53, ' '));
  EXPECT_EQ(text.back(), '\n');
}

TEST(TextBlocks, BoundTheQuietZone) {
  const Symbol symbol = *encode_alphanumeric("TILL");
  EXPECT_EQ(text_blocks(symbol, Ground::light, -5), text_blocks(symbol, Ground::light, 0));
  EXPECT_EQ(text_blocks(symbol, Ground::light, 1'000'000), text_blocks(symbol, Ground::light, kMaxQuietModules));
}

}  // namespace
}  // namespace tillside::qr
