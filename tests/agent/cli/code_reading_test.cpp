#include "agent/cli/code_reading.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/agent/domain/coupon_samples.h"
#include "tests/agent/domain/keyboards.h"

namespace tillside::cli {
namespace {

using What = CodeReading::What;

CouponBytes bytes() { return encode_coupon(samples::coupon()).value(); }

std::string url(const CouponBytes& body = bytes()) {
  return coupon_url("go.example.cn", body, sign_coupon(body, samples::kChain, samples::key_pair(1).signing));
}

std::string bare() { return url().substr(url().size() - 154); }

std::string token(bool checkout) {
  Referral referral;
  referral.checkout = checkout;
  referral.till_or_store = 17;
  referral.staff = 33;
  referral.minute = 1'520'715;
  referral.ordinal = checkout ? 451 : 0;
  return encode_referral(referral, ReferralKey{});
}

TEST(CodeReading, TellsTheFormsApart) {
  const TypedCode typed = typed_code(samples::coupon(), samples::kTypedKey);
  const struct {
    std::string text;
    What what;
    const char* form;
  } cases[] = {
      {url(), What::coupon, "url"},
      {"  " + url() + "\r\n", What::coupon, "url"},
      {bare(), What::coupon, "bare"},
      {format_typed(typed), What::typed, "typed"},
      {format_typed_digits(typed), What::typed, "digits"},
      {referral_url("go.example.cn", token(true)), What::referral, "url"},
      {token(true), What::referral, "token"},
      {referral_url("go.example.cn", token(false)), What::badge, "url"},
      {token(false), What::badge, "token"},
      {"", What::unknown, ""},
      {"6901234567892", What::unknown, ""},
      {"HTTPS://GO.EXAMPLE.CN/C/" + token(true), What::unknown, ""},
      {"HTTPS://GO.EXAMPLE.CN/R/" + bare(), What::unknown, ""},
      {std::string(5000, '0'), What::unknown, ""},
  };
  for (const auto& one : cases) {
    const CodeReading reading = read_code(one.text);
    EXPECT_EQ(reading.what, one.what) << one.text;
    EXPECT_EQ(reading.form, one.form) << one.text;
    EXPECT_EQ(reading.why_en.empty(), one.what != What::unknown) << one.text;
    EXPECT_EQ(reading.why_zh.empty(), reading.why_en.empty());
  }
}

TEST(CodeReading, GivesWhatStandsInIt) {
  const CodeReading coupon = read_code(url());
  EXPECT_EQ(coupon.coupon, samples::coupon());
  EXPECT_EQ(coupon.host, "GO.EXAMPLE.CN");
  const CodeReading referral = read_code(referral_url("go.example.cn", token(true)));
  ASSERT_TRUE(referral.referral);
  EXPECT_EQ(referral.referral->ordinal, 451U);
}

TEST(CodeReading, SaysWhichFieldIsNoCouponOfVersion1) {
  CouponBytes body = bytes();
  body[31] = 1;
  const CodeReading reading = read_code(url(body));
  EXPECT_EQ(reading.what, What::coupon);
  EXPECT_FALSE(reading.coupon);
  EXPECT_EQ(reading.field, "reserved");
  EXPECT_THAT(reading.why_en, ::testing::HasSubstr("reserved"));
}

TEST(CodeReading, CountsWhatWasLost) {
  EXPECT_THAT(read_code(url().substr(0, url().size() - 4)).why_en,
              ::testing::HasSubstr("154 letters and digits, this one 150"));
  EXPECT_THAT(read_code(bare() + "00").why_en, ::testing::HasSubstr("this one 156"));
  EXPECT_THAT(read_code(url().replace(40, 1, "U")).why_en, ::testing::HasSubstr("no place in a code"));
}

TEST(CodeReading, UndoesTheKeyboardAndSaysSo) {
  const TypedCode typed = typed_code(samples::coupon(), samples::kTypedKey);
  const CodeReading french = read_code(samples::typed_through(samples::kAzerty, url()));
  EXPECT_EQ(french.what, What::coupon);
  EXPECT_EQ(french.host, "GO.EXAMPLE.CN");
  ASSERT_TRUE(french.coupon.has_value());
  EXPECT_EQ(french.coupon->serial, samples::coupon().serial);
  EXPECT_THAT(french.hint_en, testing::HasSubstr("keyboard"));
  const CodeReading digits = read_code(samples::typed_through(samples::kBelgian, format_typed_digits(typed)));
  EXPECT_EQ(digits.what, What::typed);
  EXPECT_EQ(digits.typed, typed);
  EXPECT_THAT(digits.hint_zh, testing::HasSubstr("键盘"));
  EXPECT_EQ(read_code(samples::typed_through(samples::kDvorak, referral_url("go.example.cn", token(true)))).what,
            What::referral);
}

TEST(CodeReading, SuspectsTheKeyboardWhereTheSignsChanged) {
  EXPECT_TRUE(read_code(url()).hint_en.empty());
  EXPECT_TRUE(read_code(bare()).hint_en.empty());
  EXPECT_FALSE(read_code(samples::typed_through(samples::kQwertz, url())).hint_en.empty());
}

}  // namespace
}  // namespace tillside::cli
