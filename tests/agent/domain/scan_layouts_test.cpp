#include "agent/domain/scan_layouts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "agent/domain/redemption.h"
#include "agent/domain/scanned_text.h"
#include "tests/agent/domain/coupon_samples.h"
#include "tests/agent/domain/keyboards.h"

namespace tillside {
namespace {

using samples::key_pair;
using samples::Layout;
using samples::typed_through;
using Form = ShownCode::Form;

constexpr std::array kAll = {samples::kUs,    samples::kAzerty, samples::kBelgian, samples::kQwertz,
                             samples::kCzech, samples::kDvorak, samples::kNordic};

struct Printed {
  CouponBytes body;
  std::string url;
  TypedCode typed;
};

Printed printed(std::uint32_t serial) {
  CouponBody body = samples::coupon();
  body.serial = serial;
  const CouponBytes bytes = encode_coupon(body).value();
  return {bytes, coupon_url("go.example.cn", bytes, sign_coupon(bytes, samples::kChain, key_pair(1).signing)),
          typed_code(body, samples::kTypedKey)};
}

std::string in_lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(tolower(c)); });
  return text;
}

bool holds(const ShownCode& code) {
  return verify_coupon(code.full.body, code.full.signature, samples::kChain, key_pair(1).verifying);
}

// Of all readings exactly the right one is borne out.
void expect_found(const std::string& scan, const CouponBytes& body) {
  int borne_out = 0;
  for (const ShownCode& code : read_shown_codes(scan)) {
    if (code.form != Form::full || !holds(code)) continue;
    EXPECT_EQ(code.full.body, body) << scan;
    ++borne_out;
  }
  EXPECT_EQ(borne_out, 1) << scan;
}

TEST(ScanLayouts, AUrlIsFoundThroughEveryKeyboard) {
  std::mt19937 random(11);
  for (int round = 0; round < 50; ++round) {
    const Printed coupon = printed(static_cast<std::uint32_t>(random()));
    for (const Layout& layout : kAll) {
      expect_found(typed_through(layout, coupon.url), coupon.body);
      expect_found(typed_through(layout, in_lower_case(coupon.url)) + "\r\n", coupon.body);
    }
  }
}

// The first coupons of a till have no Y or Z in what they say, only in their signature.
TEST(ScanLayouts, ACouponWhoseSignatureAloneIsGarbled) {
  CouponBody body = samples::coupon();
  body.person = 0;
  body.key = {17, 0};
  for (std::uint32_t serial = 1; serial < 30; ++serial) {
    body.serial = serial;
    const CouponBytes bytes = encode_coupon(body).value();
    const std::string url = coupon_url("t.example.cn", bytes, sign_coupon(bytes, samples::kChain, key_pair(1).signing));
    expect_found(typed_through(samples::kQwertz, url), bytes);
    expect_found(typed_through(samples::kNordic, url), bytes);
  }
}

TEST(ScanLayouts, DigitsOfALaserScannerAreFoundThroughEveryKeyboard) {
  std::mt19937 random(12);
  for (int round = 0; round < 50; ++round) {
    const Printed coupon = printed(static_cast<std::uint32_t>(random()));
    for (const Layout& layout : kAll) {
      const auto codes = read_shown_codes(typed_through(layout, format_typed_digits(coupon.typed)));
      ASSERT_EQ(codes.size(), 1u);
      EXPECT_EQ(codes.front().form, Form::typed);
      EXPECT_EQ(codes.front().typed, coupon.typed);
    }
  }
}

// Caps Lock on a French keyboard turns its digits upright, and the letters small.
TEST(ScanLayouts, CapsLockOnAFrenchKeyboard) {
  const Printed coupon = printed(451);
  std::string scan;
  for (const char c : coupon.url) {
    const bool digit = c >= '0' && c <= '9';
    scan += digit ? std::string(1, c) : typed_through(samples::kAzerty, in_lower_case(std::string(1, c)));
  }
  expect_found(scan, coupon.body);
}

TEST(ScanLayouts, AChineseInputMethodChangesSignsOnly) {
  Printed coupon = printed(452);
  std::string scan = coupon.url;
  for (const auto& [sign, other] : {std::pair{":", "："}, {"//", "、、"}, {"/C/", "、C、"}, {".", "。"}}) {
    for (std::size_t at = scan.find(sign); at != std::string::npos; at = scan.find(sign))
      scan.replace(at, std::string(sign).size(), other);
  }
  EXPECT_TRUE(scan.starts_with("HTTPS：、、GO。EXAMPLE。CN、C、")) << scan;
  expect_found(scan, coupon.body);
}

TEST(ScanLayouts, WhatArrivedWholeIsReadAsItStandsOnly) {
  const Printed coupon = printed(453);
  for (const std::string& scan : {coupon.url, in_lower_case(coupon.url), "http://127.0.0.1/c/" + coupon.url.substr(24),
                                  format_typed(coupon.typed), format_typed_digits(coupon.typed)}) {
    EXPECT_EQ(read_shown_codes(scan).size(), 1u) << scan;
  }
}

TEST(ScanLayouts, NoCodeIsMadeOfWhatIsNone) {
  for (const std::string& scan :
       {std::string(), std::string("hello"), std::string("6901234567892"), std::string("HTTPSM!!GO:EXQ?PLE:CN"),
        std::string(4096, '\xC3'), std::string(9000, '&')}) {
    EXPECT_TRUE(read_shown_codes(scan).empty()) << scan;
  }
  EXPECT_TRUE(undo_layouts(std::string(513, '&')).empty());
  EXPECT_TRUE(undo_layouts("").empty());
}

TEST(ScanLayouts, AGarbledUrlIsTold) {
  EXPECT_FALSE(is_garbled_url("HTTPS://GO.EXAMPLE.CN/C/"));
  EXPECT_FALSE(is_garbled_url("http://x"));
  EXPECT_FALSE(is_garbled_url("240024G0000W6"));
  EXPECT_TRUE(is_garbled_url("HTTPSÖ--GO.EXAMPLE.CN"));
  EXPECT_TRUE(is_garbled_url("httpsm!!"));
}

}  // namespace
}  // namespace tillside
