#include "qrcode/symbol.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/fakes/scanner.h"
#include "tests/qrcode/reading.h"
#include "tests/qrcode/samples.h"

namespace tillside::qr {
namespace {

using fakes::scan_qr;
using namespace std::string_literals;

int version_of(const std::string& text) { return encode_alphanumeric(text).value().version(); }

TEST(Symbol, CouponIsVersion7UpToAHostOf13Characters) {
  Dice dice(7);
  ASSERT_EQ(kLongHost.size(), 13U);
  EXPECT_EQ(version_of(coupon_text(dice, kLongHost)), 7);
  EXPECT_EQ(version_of(coupon_text(dice, "A.CN")), 7);
  EXPECT_EQ(version_of(coupon_text(dice, kLongerHost)), 8);
}

TEST(Symbol, CouponReadsBack) {
  Dice dice(70);
  for (const std::string_view host : {kLongHost, kLongerHost}) {
    const std::string text = coupon_text(dice, host);
    EXPECT_EQ(scan_qr(photo_of(*encode_alphanumeric(text))), text);
  }
}

TEST(Symbol, ReferralIsVersion3UpToAHostOf20Characters) {
  Dice dice(3);
  EXPECT_EQ(version_of(referral_text(dice, "A.CN")), 3);
  EXPECT_EQ(version_of(referral_text(dice, "SHOP.EXAMPLE-MALL.CN")), 3);
  EXPECT_EQ(version_of(referral_text(dice, "SHOPS.EXAMPLE-MALL.CN")), 4);
}

TEST(Symbol, ReferralReadsBack) {
  Dice dice(30);
  for (int i = 0; i < 20; ++i) {
    const std::string text = referral_text(dice);
    EXPECT_EQ(scan_qr(photo_of(*encode_alphanumeric(text))), text);
  }
}

// Capacities of ISO/IEC 18004 table 7 at level M; a raised level would show as a lower capacity, level L as a higher
// one.
TEST(Symbol, HoldsWhatLevelMHolds) {
  const auto fits = [](std::size_t length, int version) {
    return encode_alphanumeric(std::string(length, 'A'), {.min_version = version, .max_version = version}).has_value();
  };
  EXPECT_TRUE(fits(20, 1) && !fits(21, 1));
  EXPECT_TRUE(fits(61, 3) && !fits(62, 3));
  EXPECT_TRUE(fits(178, 7) && !fits(179, 7));
  EXPECT_TRUE(fits(221, 8) && !fits(222, 8));
  EXPECT_TRUE(fits(3391, 40) && !fits(3392, 40));
}

TEST(Symbol, KeepsLevelMWhereAHigherOneWouldFit) {
  const std::optional<Symbol> symbol = encode_alphanumeric("A");
  ASSERT_TRUE(symbol);
  // Format information: the level is its two highest bits, 00 for M, xored with 10 (the first bits of 101010000010010).
  EXPECT_TRUE(symbol->dark(0, 8));
  EXPECT_FALSE(symbol->dark(1, 8));
}

TEST(Symbol, SizeFollowsTheVersion) {
  for (int version = 1; version <= 40; ++version) {
    const std::optional<Symbol> symbol = encode_alphanumeric("TILL", {.min_version = version});
    ASSERT_TRUE(symbol);
    EXPECT_EQ(symbol->version(), version);
    EXPECT_EQ(symbol->size(), 17 + 4 * version);
  }
}

TEST(Symbol, IsLightOutside) {
  const Symbol symbol = *encode_alphanumeric("TILL");
  EXPECT_TRUE(symbol.dark(0, 0));  // the corner of a finder pattern
  EXPECT_TRUE(symbol.dark(symbol.size() - 1, 0));
  EXPECT_FALSE(symbol.dark(-1, 0));
  EXPECT_FALSE(symbol.dark(0, -1));
  EXPECT_FALSE(symbol.dark(symbol.size(), 0));
  EXPECT_FALSE(symbol.dark(0, symbol.size()));
}

TEST(Symbol, UsesTheMaskItIsToldAndEveryMaskReadsBack) {
  Dice dice(8);
  const std::string text = coupon_text(dice);
  EXPECT_EQ(encode_alphanumeric(text)->mask(), kFixedMask);
  for (int mask = 0; mask <= 7; ++mask) {
    const std::optional<Symbol> symbol = encode_alphanumeric(text, {.mask = mask});
    ASSERT_TRUE(symbol);
    EXPECT_EQ(symbol->mask(), mask);
    EXPECT_EQ(scan_qr(photo_of(*symbol)), text) << mask;
  }
}

TEST(Symbol, NamesTheMaskThatWasChosenAutomatically) {
  Dice dice(9);
  const std::string text = coupon_text(dice);
  const Symbol chosen = *encode_alphanumeric(text, {.mask = kAutomaticMask});
  ASSERT_TRUE(0 <= chosen.mask() && chosen.mask() <= 7);
  EXPECT_EQ(chosen, *encode_alphanumeric(text, {.mask = chosen.mask()}));
}

TEST(Symbol, RefusesCharactersOutsideTheSet) {
  for (const std::string& text : {""s, "a"s, "HTTPS://x"s, "A,B"s, "A\0B"s, "A\n"s, "优惠"s, "A#"s}) {
    EXPECT_FALSE(encode_alphanumeric(text)) << text;
  }
  EXPECT_TRUE(encode_alphanumeric(kAlphanumericSet));
  EXPECT_TRUE(is_alphanumeric(kAlphanumericSet));
  EXPECT_FALSE(is_alphanumeric("A\0"s));
}

TEST(Symbol, RefusesOptionsOutOfRange) {
  EXPECT_FALSE(encode_alphanumeric("A", {.min_version = 0}));
  EXPECT_FALSE(encode_alphanumeric("A", {.max_version = 41}));
  EXPECT_FALSE(encode_alphanumeric("A", {.min_version = 5, .max_version = 4}));
  EXPECT_FALSE(encode_alphanumeric("A", {.mask = 8}));
  EXPECT_FALSE(encode_alphanumeric("A", {.mask = -2}));
  EXPECT_FALSE(encode_text("a", {.mask = 8}));
}

TEST(Symbol, RefusesWhatIsTooLong) {
  EXPECT_FALSE(encode_alphanumeric(std::string(1'000'000, 'A')));
  EXPECT_FALSE(encode_text(std::string(2332, 'a')));
  EXPECT_TRUE(encode_text(std::string(2331, 'a')));
  EXPECT_FALSE(encode_text(""));
}

TEST(Symbol, TextTakesTheShorterSegment) {
  EXPECT_EQ(encode_text("HTTPS://EXAMPLE.CN/"), encode_alphanumeric("HTTPS://EXAMPLE.CN/"));
  EXPECT_EQ(encode_text(std::string(61, 'A'))->version(), 3);
  EXPECT_EQ(encode_text(std::string(42, 'a'))->version(), 3);
  EXPECT_EQ(encode_text(std::string(43, 'a'))->version(), 4);
}

TEST(Symbol, LowerCaseAndChineseTextReadBack) {
  for (const std::string text : {"https://work.weixin.qq.com/gm/0123456789abcdef", "https://example.cn/入群?店=0123"}) {
    EXPECT_EQ(scan_qr(photo_of(*encode_text(text))), text);
  }
}

TEST(Symbol, RandomTextsReadBack) {
  Dice dice(20261122);
  std::uniform_int_distribution<std::size_t> length(1, 400);
  for (int i = 0; i < 60; ++i) {
    // A leading or trailing space is data too, so the ends are no special case.
    const std::string text = random_text(dice, kAlphanumericSet, length(dice));
    const std::optional<Symbol> symbol = encode_alphanumeric(text);
    ASSERT_TRUE(symbol) << text;
    EXPECT_EQ(scan_qr(photo_of(*symbol)), text);
  }
}

TEST(Symbol, AnyBytesEncodeOrAreRefusedQuietly) {
  Dice dice(5);
  std::uniform_int_distribution<int> byte(0, 255);
  std::uniform_int_distribution<std::size_t> length(0, 4000);
  for (int i = 0; i < 100; ++i) {
    std::string text(length(dice), '\0');
    for (char& character : text) character = static_cast<char>(byte(dice));
    const bool expected = !text.empty() && text.size() <= 2331;
    EXPECT_EQ(encode_text(text).has_value(), expected || is_alphanumeric(text)) << text.size();
    EXPECT_FALSE(text.size() > 20 && encode_alphanumeric(text));
  }
}

}  // namespace
}  // namespace tillside::qr
