#include "qrcode/escpos.h"

#include <gtest/gtest.h>

#include "qrcode/code128.h"
#include "tests/fakes/paper.h"
#include "tests/fakes/scanner.h"
#include "tests/qrcode/reading.h"
#include "tests/qrcode/samples.h"

namespace tillside::qr {
namespace {

using namespace std::string_literals;
using fakes::print_on_paper;
using Kind = fakes::PaperItem::Kind;

int left_margin(const Picture& picture) {
  for (int x = 0; x < picture.width; ++x) {
    for (int y = 0; y < picture.height; ++y) {
      if (picture.dark(x, y)) return x;
    }
  }
  return picture.width;
}

TEST(EscposRaster, IsGsV0WithLittleEndianSizes) {
  Bitmap bitmap(12, 2);
  bitmap.darken(0, 0, 1, 1);
  bitmap.darken(11, 1, 1, 1);
  EXPECT_EQ(escpos_raster(bitmap), "\x1dv0\0\x02\0\x02\0\x80\x00\x00\x10"s);
}

TEST(EscposRaster, CouponReadsBackFromPaper) {
  Dice dice(21);
  for (const std::string_view host : {kLongHost, kLongerHost}) {
    const std::string text = coupon_text(dice, host);
    const Bitmap drawn = draw(*encode_alphanumeric(text));
    for (const int paper : {kPaper58Dots, kPaper80Dots}) {
      const auto pictures = print_on_paper(*escpos_raster(drawn, {.paper_dots = paper}), paper).pictures();
      ASSERT_EQ(pictures.size(), 1U);
      EXPECT_EQ(pictures[0].height, drawn.height());
      EXPECT_EQ(fakes::scan_qr(pictures[0]), text);
    }
  }
}

TEST(EscposRaster, StartsAtTheLeftUnlessCentred) {
  const Bitmap drawn = draw(*encode_alphanumeric("TILL"));
  EXPECT_EQ(left_margin(print_on_paper(*escpos_raster(drawn)).pictures().at(0)), 20);
}

TEST(EscposRaster, CentresOnThePaper) {
  Dice dice(22);
  const Bitmap drawn = draw(*encode_alphanumeric(coupon_text(dice)));
  const std::string bytes = *escpos_raster(drawn, {.paper_dots = kPaper58Dots});
  EXPECT_EQ(left_margin(print_on_paper(bytes, kPaper58Dots).pictures().at(0)), (384 - 265) / 2 + 20);
  for (const fakes::RasterCommand& command : fakes::raster_commands(bytes)) EXPECT_LE(command.row_bytes * 8, 384);
}

TEST(EscposRaster, CutsHighPicturesIntoBandsAPrinterCanBuffer) {
  for (const int width : {1, 265, 384, 512, 576, 5000}) {
    Bitmap bitmap(width, 700);
    bitmap.darken(0, 0, 1, 700);
    const std::string bytes = *escpos_raster(bitmap);
    int lines = 0;
    for (const fakes::RasterCommand& command : fakes::raster_commands(bytes)) {
      EXPECT_LE(command.command_bytes, kRasterCommandBytes);
      EXPECT_LE(command.lines, kRasterCommandLines);
      lines += command.lines;
    }
    EXPECT_EQ(lines, 700);
    EXPECT_EQ(print_on_paper(bytes, 5000).pictures().size(), 1U);
  }
}

TEST(EscposRaster, RefusesWhatDoesNotFit) {
  EXPECT_FALSE(escpos_raster(Bitmap(385, 10), {.paper_dots = 384}));
  EXPECT_TRUE(escpos_raster(Bitmap(384, 10), {.paper_dots = 384}));
  EXPECT_FALSE(escpos_raster(Bitmap(0, 10)));
  EXPECT_FALSE(escpos_raster(Bitmap(10, 0)));
  EXPECT_FALSE(escpos_raster(Bitmap(10, 10), {.paper_dots = -1}));
}

TEST(EscposRaster, BarcodeReadsBackFromPaper) {
  Dice dice(23);
  const std::string digits = typed_digits(dice);
  const std::string bytes = *escpos_raster(draw(*encode_code128c(digits)), {.paper_dots = kPaper58Dots});
  EXPECT_EQ(fakes::scan_code128(print_on_paper(bytes, kPaper58Dots).pictures().at(0)), digits);
}

TEST(EscposRaster, StandsBetweenTextWithoutDisturbingIt) {
  const std::string raster = *escpos_raster(draw(*encode_alphanumeric("TILL")));
  const fakes::Paper paper = print_on_paper("before\n" + raster + "after\n");
  EXPECT_EQ(paper.lines(), (std::vector<std::string>{"before", "after"}));
  EXPECT_EQ(paper.items.at(1).kind, Kind::picture);
}

TEST(EscposNativeQr, IsTheFiveFunctionsAsEpsonDocumentsThem) {
  EXPECT_EQ(escpos_native_qr("TILL", 5),
            "\x1d(k\x04\0\x31\x41\x32\0"    // 165: model 2
            "\x1d(k\x03\0\x31\x43\x05"      // 167: 5 dots a module
            "\x1d(k\x03\0\x31\x45\x31"      // 169: level M
            "\x1d(k\x07\0\x31\x50\x30TILL"  // 180: store, 4 + 3 bytes
            "\x1d(k\x03\0\x31\x51\x30"s);   // 181: print
}

TEST(EscposNativeQr, CarriesLengthsOver255IntoTheHighByte) {
  const std::string store = "\x1d(k"s;
  EXPECT_NE(escpos_native_qr(std::string(252, 'A'))->find(store + "\xff\x00\x31\x50\x30"s + "A"), std::string::npos);
  EXPECT_NE(escpos_native_qr(std::string(253, 'A'))->find(store + "\x00\x01\x31\x50\x30"s + "A"), std::string::npos);
  EXPECT_NE(escpos_native_qr(std::string(1000, 'A'))->find(store + "\xeb\x03\x31\x50\x30"s + "A"), std::string::npos);
}

TEST(EscposNativeQr, PrintsTheTextAtLevelM) {
  Dice dice(24);
  const std::string text = coupon_text(dice);
  const auto printed = print_on_paper(*escpos_native_qr(text)).of(Kind::qr);
  ASSERT_EQ(printed.size(), 1U);
  EXPECT_EQ(printed[0].text, text);
  EXPECT_EQ(printed[0].dots_per_module, kDotsPerModule);
  EXPECT_EQ(printed[0].level, 'M');
}

TEST(EscposNativeQr, RefusesWhatThePrinterWould) {
  EXPECT_FALSE(escpos_native_qr(""));
  EXPECT_TRUE(escpos_native_qr(std::string(7089, '1')));
  EXPECT_FALSE(escpos_native_qr(std::string(7090, '1')));
  EXPECT_FALSE(escpos_native_qr("A", 0));
  EXPECT_FALSE(escpos_native_qr("A", 17));
}

TEST(EscposNativeCode128, IsGsK73InCodeSetC) {
  EXPECT_EQ(escpos_native_code128c("001234567890123456789901"),
            "\x1dh\x50"
            "\x1dw\x02"
            "\x1dH\0"
            "\x1dkI\x0e{C\x00\x0c\x22\x38\x4e\x5a\x0c\x22\x38\x4e\x63\x01"s);
}

TEST(EscposNativeCode128, PrintsTheDigits) {
  Dice dice(25);
  const std::string digits = typed_digits(dice);
  const auto printed = print_on_paper(*escpos_native_code128c(digits, {.height_dots = 120})).of(Kind::code128);
  ASSERT_EQ(printed.size(), 1U);
  EXPECT_EQ(printed[0].text, digits);
  EXPECT_EQ(printed[0].dots_per_module, 2);
  EXPECT_EQ(printed[0].height_dots, 120);
}

TEST(EscposNativeCode128, RefusesWhatIsOutOfRange) {
  EXPECT_FALSE(escpos_native_code128c("123"));
  EXPECT_FALSE(escpos_native_code128c("12A4"));
  EXPECT_FALSE(escpos_native_code128c("1234", {.dots_per_module = 1}));
  EXPECT_FALSE(escpos_native_code128c("1234", {.dots_per_module = 7}));
  EXPECT_FALSE(escpos_native_code128c("1234", {.height_dots = 0}));
  EXPECT_FALSE(escpos_native_code128c("1234", {.height_dots = 256}));
}

}  // namespace
}  // namespace tillside::qr
