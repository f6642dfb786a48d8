#include "qrcode/svg.h"

#include <gtest/gtest.h>

#include <pugixml.hpp>

#include "tests/fakes/scanner.h"
#include "tests/qrcode/reading.h"
#include "tests/qrcode/samples.h"

namespace tillside::qr {
namespace {

std::string attribute_of(const std::string& document, const char* name) {
  pugi::xml_document xml;
  return xml.load_string(document.c_str()) ? xml.child("svg").attribute(name).value() : "not XML";
}

TEST(Svg, CouponAndReferralReadBackDotForDot) {
  Dice dice(15);
  for (const std::string& text : {coupon_text(dice), referral_text(dice)}) {
    const Symbol symbol = *encode_alphanumeric(text);
    const Picture picture = read_svg(svg(symbol), 4);
    EXPECT_EQ(picture, photo_of(symbol, 4));
    EXPECT_EQ(fakes::scan_qr(picture), text);
  }
}

TEST(Svg, BarcodeReadsBack) {
  Dice dice(16);
  const std::string digits = typed_digits(dice);
  const std::string document = svg(*encode_code128c(digits));
  EXPECT_EQ(attribute_of(document, "width"), "374");
  EXPECT_EQ(attribute_of(document, "height"), "60");
  EXPECT_EQ(fakes::scan_code128(read_svg(document, 2)), digits);
}

TEST(Svg, SizesFollowTheOptions) {
  const Symbol symbol = *encode_alphanumeric("TILL");
  const std::string plain = svg(symbol);
  EXPECT_EQ(attribute_of(plain, "viewBox"), "0 0 29 29");
  EXPECT_EQ(attribute_of(plain, "width"), "116");
  EXPECT_EQ(attribute_of(plain, "shape-rendering"), "crispEdges");
  const std::string tight = svg(symbol, {.module_size = 10, .quiet_modules = 0});
  EXPECT_EQ(attribute_of(tight, "viewBox"), "0 0 21 21");
  EXPECT_EQ(attribute_of(tight, "height"), "210");
  EXPECT_EQ(attribute_of(svg(symbol, {.module_size = -1, .quiet_modules = -1}), "width"), "21");
}

TEST(Svg, TitleIsReadOutAndCannotBreakOut) {
  const std::string document =
      svg(*encode_alphanumeric("TILL"), {.title = "扫码入群 </title><script>\x01\x7f & \"more\""});
  pugi::xml_document xml;
  ASSERT_TRUE(xml.load_string(document.c_str()));
  EXPECT_STREQ(xml.child("svg").child("title").child_value(), "扫码入群 </title><script> & \"more\"");
  EXPECT_EQ(document.find("<script"), std::string::npos);
  EXPECT_EQ(attribute_of(document, "role"), "img");
}

TEST(Svg, HasNoTitleUnlessGiven) { EXPECT_EQ(svg(*encode_alphanumeric("TILL")).find("<title"), std::string::npos); }

}  // namespace
}  // namespace tillside::qr
