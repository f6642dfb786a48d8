#include "pos_adapter/escpos/code_pages.h"

#include <gtest/gtest.h>

namespace tillside::escpos {
namespace {

using namespace std::string_literals;

TEST(CodePages, OneBytePagesSayTheirOwn) {
  EXPECT_EQ(to_utf8("caf\x82 \x9c", Charset::cp437), "café £");
  EXPECT_EQ(to_utf8("\x9b\xd5", Charset::cp858), "ø€");
  EXPECT_EQ(to_utf8("\x9b\xd5", Charset::cp850), "øı");
  EXPECT_EQ(to_utf8("P\xa9li\xe7 \x9flu\x9cou\x9f"
                    "k\xec",
                    Charset::cp852),
            "Pęliš čluťoučký");
  EXPECT_EQ(to_utf8("\x8f\xe0\xa8\xa2\xa5\xe2", Charset::cp866), "Привет");
  EXPECT_EQ(to_utf8("12,50 \x80 \xfc"
                    "ber",
                    Charset::cp1252),
            "12,50 € über");
  EXPECT_EQ(to_utf8("\xb1\xb2\xdf", Charset::katakana), "ｱｲﾟ");
}

TEST(CodePages, WidePagesSayTheirOwn) {
  EXPECT_EQ(to_utf8("\xba\xcf\xbc\xc6: 28.33", Charset::gb18030), "合计: 28.33");
  EXPECT_EQ(to_utf8("\xa6X\xadp 28", Charset::big5), "合計 28");
  EXPECT_EQ(to_utf8("\x8d\x87\x8cv \\28", Charset::shift_jis), "合計 \\28");
  EXPECT_EQ(to_utf8("\x95\x32\x82\x36", Charset::gb18030), "𠀀") << "four bytes of GB18030";
  EXPECT_EQ(to_utf8("合计", Charset::utf8), "合计");
}

TEST(CodePages, WhatMeansNothingIsMarkedAndTheNextIsRead) {
  EXPECT_EQ(to_utf8("\xba\xcf\xff\xbc\xc6", Charset::gb18030), "合\uFFFD计");
  EXPECT_EQ(to_utf8("\xba\xcf\xbc", Charset::gb18030), "合\uFFFD");
  EXPECT_EQ(to_utf8("\xba\n1", Charset::gb18030), "\uFFFD\n1");
  EXPECT_EQ(to_utf8("a\xe5\x90", Charset::utf8), "a\uFFFD\uFFFD");
  EXPECT_EQ(to_utf8("\xed\xa0\x80", Charset::utf8), "\uFFFD\uFFFD\uFFFD") << "a surrogate";
  EXPECT_EQ(to_utf8("\xff\xa0", Charset::katakana), "\uFFFD\uFFFD");
  EXPECT_EQ(to_utf8(std::string(100'000, '\xff'), Charset::gb18030).size(), 300'000U);
}

TEST(CodePages, EveryByteOfEveryPageIsSomeText) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  for (int at = 0; at <= static_cast<int>(Charset::utf8); ++at) {
    const auto charset = static_cast<Charset>(at);
    const std::string text = to_utf8(all, charset);
    EXPECT_EQ(to_utf8(text, Charset::utf8), text) << name_of(charset);
    EXPECT_EQ(text.substr(0, 128), all.substr(0, 128)) << name_of(charset);
    EXPECT_EQ(charset_of(name_of(charset)), charset);
  }
}

TEST(CodePages, AreKnownByManyNames) {
  EXPECT_EQ(charset_of("WPC1252"), Charset::cp1252);
  EXPECT_EQ(charset_of("Windows-1252"), Charset::cp1252);
  EXPECT_EQ(charset_of("PC437"), Charset::cp437);
  EXPECT_EQ(charset_of("GBK"), Charset::gb18030);
  EXPECT_EQ(charset_of("Shift_JIS"), Charset::shift_jis);
  EXPECT_EQ(charset_of("UTF-8"), Charset::utf8);
  EXPECT_FALSE(charset_of("klingon"));
  EXPECT_EQ(epson_code_page(0), Charset::cp437);
  EXPECT_EQ(epson_code_page(16), Charset::cp1252);
  EXPECT_EQ(epson_code_page(17), Charset::cp866);
  EXPECT_EQ(epson_code_page(18), Charset::cp852);
  EXPECT_EQ(epson_code_page(19), Charset::cp858);
  EXPECT_FALSE(epson_code_page(255));
}

TEST(CodePages, AGuessTellsWideTextFromAccents) {
  EXPECT_EQ(guess_wide("合计: 28.33 现金 50.00"), Charset::utf8);
  EXPECT_EQ(guess_wide("\xba\xcf\xbc\xc6: 28.33 \xcf\xd6\xbd\xf0 50.00"), Charset::gb18030);
  EXPECT_EQ(guess_wide("\x8d\x87\x8cv \x82\xc8\x82\xb5 \x83\x8a"), Charset::shift_jis);
  EXPECT_EQ(guess_wide("\xa6X\xadp \xb2{\xaa\xf7 \xa7\xe4\xb9s"), Charset::big5);
  EXPECT_FALSE(guess_wide("plain"));
  EXPECT_FALSE(
      guess_wide("caf\xe9 cr\xe8me br\xfbl\xe9"
                 "e"));
  EXPECT_FALSE(guess_wide("Cr\x8ame caf\x82"));
}

}  // namespace
}  // namespace tillside::escpos
