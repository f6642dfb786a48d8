#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "agent/domain/coupon.h"
#include "tests/agent/domain/coupon_samples.h"

namespace tillside {
namespace {

using samples::coupon;
using samples::kTypedKey;

struct Example {
  CouponBytes body;
  Signature signature;
  std::string url;
};

Example example() {
  const CouponBytes body = encode_coupon(coupon()).value();
  const Signature signature = sign_coupon(body, samples::kChain, samples::key_pair(1).signing);
  return {body, signature, coupon_url("go.example.cn", body, signature)};
}

std::string payload() { return example().url.substr(std::string("HTTPS://GO.EXAMPLE.CN/C/").size()); }

std::string lowered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(tolower(c)); });
  return text;
}

std::string full_width(const std::string& text) {
  std::string wide;
  for (const char c : text) {
    const unsigned code = 0xFF00u + static_cast<unsigned char>(c) - 0x20u;
    wide += static_cast<char>(0xE0 | (code >> 12));
    wide += static_cast<char>(0x80 | ((code >> 6) & 63));
    wide += static_cast<char>(0x80 | (code & 63));
  }
  return wide;
}

void expect_reads(const std::string& text) {
  const auto read = read_coupon_text(text);
  ASSERT_TRUE(read.ok()) << text;
  EXPECT_EQ(to_hex(read->body), to_hex(example().body));
  EXPECT_EQ(to_hex(read->signature), to_hex(example().signature));
}

void expect_refused(const std::string& text) {
  const auto read = read_coupon_text(text);
  ASSERT_FALSE(read.ok()) << text;
  EXPECT_EQ(read.error().code, ErrorCode::bad_format);
}

TEST(CouponUrl, IsTheDocumentedExample) {
  EXPECT_EQ(example().url,
            "HTTPS://GO.EXAMPLE.CN/C/"
            "240024G0000W600004BK8JR00W40FM0KX0000YR0470FZVG10007GABYBW6TVS7WT9BJ9WWXM63SHK5R3CNMXBK0TKCH0KJ7HZP87BQ310"
            "EGVAG2PWPWEGPN7VTRKSPY292HFAB7C3FHR9DBRKAFAKFP14");
  EXPECT_EQ(payload().size(), 154u);
}

TEST(CouponUrl, IsAllInTheAlphanumericSetOfQrCodes) {
  EXPECT_EQ(example().url.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"), std::string::npos);
}

TEST(CouponText, ReadsWhatScannersAndPeopleHandIn) {
  const std::string url = example().url;
  expect_reads(url);
  expect_reads(payload());
  expect_reads(lowered(url));
  expect_reads("http://shop.example:8443/c/" + payload());
  expect_reads("HtTpS://a-host.with-hyphens/C/" + lowered(payload()));
  expect_reads("  " + url + "\r\n");
  expect_reads(full_width(url));
  expect_reads("\u3000" + full_width(lowered(url)));
}

TEST(CouponText, ReadsWhatAForeignKeyboardLayoutMadeOfTheSigns) {
  expect_reads("HTTPSö--GO.EXAMPLE.CN-C-" + payload());
  expect_reads("HTTPS;&&GO.EXAMPLE.CN&C&" + payload());
}

TEST(CouponText, ForgivesHyphensBlanksAndLookAlikes) {
  std::string grouped;
  for (std::size_t at = 0; at < payload().size(); at += 4) grouped += payload().substr(at, 4) + (at % 8 ? " " : "-");
  expect_reads(grouped);
  std::string alike = payload();
  std::replace(alike.begin(), alike.end(), '0', 'O');
  std::replace(alike.begin(), alike.end(), '1', 'l');
  ASSERT_NE(alike, payload());
  expect_reads(alike);
  std::replace(alike.begin(), alike.end(), 'l', 'i');
  expect_reads(alike);
}

TEST(CouponText, RefusesWhatIsNotOne) {
  const std::string code = payload();
  for (std::size_t length = 0; length < code.size(); ++length) expect_refused(code.substr(0, length));
  for (std::size_t cut = 1; cut < 10; ++cut) expect_refused(example().url.substr(0, example().url.size() - cut));
  expect_refused(code + "0");
  expect_refused("0" + code);
  expect_refused("C/" + code);
  expect_refused("/C/" + code);
  expect_refused("HTTPS:///C/" + code);
  expect_refused("HTTPS://HOST/R/" + code);
  expect_refused("HTTPS://HOST/" + code);
  expect_refused("FTP://HOST/C/" + code);
  expect_refused("HTTPSX://HOST/C/" + code);
  expect_refused(example().url + "?a=1");
  expect_refused(std::string(100000, 'A'));
  std::string wrong_letter = code;
  wrong_letter[20] = 'U';
  expect_refused(wrong_letter);
}

TEST(CouponText, RefusesPaddingBitsThatAreSet) {
  const std::string alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const std::size_t last = alphabet.find(payload().back());
  ASSERT_EQ(last % 4, 0u);
  for (std::size_t spoilt = 1; spoilt < 4; ++spoilt) expect_refused(payload().substr(0, 153) + alphabet[last + spoilt]);
}

TEST(TypedCode, IsTheDocumentedExample) {
  const TypedCode code = typed_code(coupon(), kTypedKey);
  EXPECT_EQ(code.till, 17u);
  EXPECT_EQ(code.serial_low, 451u);
  EXPECT_EQ(format_typed(code), "000H-000W-6QSA-MW1E");
  EXPECT_EQ(format_typed_digits(code), "000009799848298173249559");
}

TEST(TypedCode, BothFormsComeBack) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 2000; ++round) {
    const TypedCode code{static_cast<TillNumber>(random() & 0xFFFFF), static_cast<std::uint32_t>(random() & 0xFFFFFF),
                         random() & ((1ull << 35) - 1)};
    const std::string letters = format_typed(code), digits = format_typed_digits(code);
    ASSERT_EQ(letters.size(), 19u);
    ASSERT_EQ(digits.size(), 24u);
    for (const auto& text : {letters, lowered(letters), digits, " " + digits + "\n", full_width(letters)}) {
      const auto read = read_typed(text);
      ASSERT_TRUE(read.ok()) << text;
      ASSERT_EQ(*read, code) << text;
    }
  }
}

TEST(TypedCode, HoldsItsLargestValues) {
  const TypedCode all{0xFFFFF, 0xFFFFFF, (1ull << 35) - 1};
  EXPECT_EQ(format_typed_digits(all), "604462909807314587353087");  // 2^79 - 1
  EXPECT_EQ(format_typed(all), "ZZZZ-ZZZZ-ZZZZ-ZZZY");
  EXPECT_EQ(read_typed("604462909807314587353087").value(), all);
  EXPECT_EQ(format_typed_digits({}), "000000000000000000000000");
  EXPECT_EQ(read_typed("0000-0000-0000-0000").value(), TypedCode{});
}

TEST(TypedCode, ForgivesBlanksHyphensAndLookAlikes) {
  const TypedCode code{17, 451, 0};
  std::string text = format_typed(code);
  std::replace(text.begin(), text.end(), '0', 'o');
  std::replace(text.begin(), text.end(), '1', 'L');
  EXPECT_EQ(read_typed(text).value(), code);
  std::erase(text, '-');
  EXPECT_EQ(read_typed(text).value(), code);
  std::string digits = format_typed_digits(code);
  std::replace(digits.begin(), digits.end(), '0', 'O');
  EXPECT_EQ(read_typed(digits.substr(0, 6) + " " + digits.substr(6, 6) + "-" + digits.substr(12)).value(), code);
}

TEST(TypedCode, RefusesWhatIsNotOne) {
  for (const char* text : {"", "0000-0000-0000-000", "0000-0000-0000-0000-0", "0000-0000-0000-000U",
                           "0000-0000-0000-0001",       // the padding bit
                           "604462909807314587353088",  // 2^79
                           "999999999999999999999999", "00000000000000000000000", "0000000000000000000000000",
                           "00000000000000000000000A", "*000-0000-0000-0000"}) {
    const auto read = read_typed(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().code, ErrorCode::bad_format);
  }
}

TEST(TypedCode, MatchesOnlyItsOwnCoupon) {
  const TypedCode code = typed_code(coupon(), kTypedKey);
  EXPECT_TRUE(typed_matches(code, coupon(), kTypedKey));
  const auto matches_with = [&](auto change) {
    CouponBody other = coupon();
    change(other);
    return typed_matches(code, other, kTypedKey);
  };
  EXPECT_FALSE(matches_with([](auto& b) { b.key.till = 18; }));
  EXPECT_FALSE(matches_with([](auto& b) { b.key.generation = 3; }));
  EXPECT_FALSE(matches_with([](auto& b) { b.serial = 452; }));
  EXPECT_FALSE(matches_with([](auto& b) { b.serial += 1u << 24; }));
  EXPECT_FALSE(matches_with([](auto& b) { b.campaign = 2; }));
  EXPECT_FALSE(typed_matches(code, coupon(), samples::counting_from<TypedKey>(0x41)));
  for (int bit = 0; bit < 35; ++bit) {
    TypedCode flipped = code;
    flipped.mac ^= 1ull << bit;
    EXPECT_FALSE(typed_matches(flipped, coupon(), kTypedKey)) << bit;
  }
}

TEST(TypedCode, GuessesDoNotMatch) {
  std::mt19937_64 random(11);
  for (int guess = 0; guess < 10000; ++guess) {
    const TypedCode code{17, 451, random() & ((1ull << 35) - 1)};
    ASSERT_FALSE(typed_matches(code, coupon(), kTypedKey)) << code.mac;
  }
}

}  // namespace
}  // namespace tillside
