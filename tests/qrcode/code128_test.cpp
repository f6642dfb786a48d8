#include "qrcode/code128.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/fakes/scanner.h"
#include "tests/qrcode/reading.h"
#include "tests/qrcode/samples.h"

namespace tillside::qr {
namespace {

std::string modules_of(const Code128& barcode) {
  std::string modules;
  for (int x = 0; x < barcode.size(); ++x) modules.push_back(barcode.dark(x) ? '1' : '0');
  return modules;
}

TEST(Code128, TypedCouponIs334DotsAnd374WithQuietZones) {
  Dice dice(18);
  const Code128 barcode = *encode_code128c(typed_digits(dice));
  EXPECT_EQ(barcode.size(), 167);
  EXPECT_EQ(draw(barcode, {.quiet_modules = 0}).width(), 334);
  EXPECT_EQ(draw(barcode).width(), 374);
  EXPECT_LE(draw(barcode).width(), kPaper58Dots);
}

TEST(Code128, IsStartPairsCheckStop) {
  // 105 + 1 * 12 + 2 * 34 = 185, 185 mod 103 = 82.
  EXPECT_EQ(modules_of(*encode_code128c("1234")),
            "11010011100"    // start C
            "10110011100"    // 12
            "10001011000"    // 34
            "10010011110"    // check character 82
            "1100011101011"  // stop
  );
}

TEST(Code128, EveryPairReadsBack) {
  for (int tens = 0; tens < 100; tens += 4) {
    std::string digits;
    for (int pair = tens; pair < tens + 4; ++pair) digits += {char('0' + pair / 10), char('0' + pair % 10)};
    EXPECT_EQ(fakes::scan_code128(photo_of(draw(*encode_code128c(digits)))), digits);
  }
}

// 9801 has check character 102, 9800 100, 9900 101, 9901 0, 9802 1: the ends of the table, which no pair reaches.
TEST(Code128, CheckCharactersBeyondThePairsReadBack) {
  for (const std::string digits : {"9800", "9900", "9801", "9901", "9802"}) {
    EXPECT_EQ(fakes::scan_code128(photo_of(draw(*encode_code128c(digits)))), digits);
  }
}

TEST(Code128, RandomTypedCodesReadBack) {
  Dice dice(19);
  for (int i = 0; i < 100; ++i) {
    const std::string digits = typed_digits(dice);
    EXPECT_EQ(fakes::scan_code128(photo_of(draw(*encode_code128c(digits)))), digits);
  }
}

TEST(Code128, RefusesWhatIsNotPairsOfDigits) {
  for (const char* digits : {"", "1", "123", "12A4", "12 4", "１２"}) EXPECT_FALSE(encode_code128c(digits)) << digits;
  EXPECT_TRUE(encode_code128c(std::string(kCode128MaxDigits, '7')));
  EXPECT_FALSE(encode_code128c(std::string(kCode128MaxDigits + 2, '7')));
}

TEST(Code128, BarsRunFromTopToBottomBetweenQuietZones) {
  const Code128 barcode = *encode_code128c("12");
  const Bitmap picture = draw(barcode, {.dots_per_module = 3, .height_dots = 50});
  EXPECT_EQ(picture.height(), 50);
  EXPECT_FALSE(picture.dark(29, 0));
  EXPECT_TRUE(picture.dark(30, 0));
  EXPECT_TRUE(picture.dark(30, 49));
  EXPECT_TRUE(picture.dark(picture.width() - 31, 25));
  EXPECT_FALSE(picture.dark(picture.width() - 30, 25));
}

TEST(Code128, BoundsTheSizeACallerAsksFor) {
  const Code128 barcode = *encode_code128c("12");
  const Bitmap huge =
      draw(barcode, {.dots_per_module = 1'000'000, .height_dots = 1'000'000, .quiet_modules = 1'000'000});
  EXPECT_EQ(huge.width(), (barcode.size() + 2 * kMaxQuietModules) * kMaxDotsPerModule);
  EXPECT_EQ(huge.height(), kCode128MaxHeightDots);
  EXPECT_EQ(draw(barcode, {.dots_per_module = -1, .height_dots = -1, .quiet_modules = -1}).width(), barcode.size());
}

}  // namespace
}  // namespace tillside::qr
