#include "pos_adapter/escpos/paper_text.h"

#include <gtest/gtest.h>

#include "tests/pos_adapter/escpos/reading_support.h"

namespace tillside::escpos::testing {
namespace {

using namespace std::string_literals;
using Texts = std::vector<std::string>;

Paper paper_of(std::string_view stream, const PaperSettings& settings = {}) {
  PaperText text(settings);
  Walker walker;
  walker.feed(stream, text);
  walker.finish(text);
  return text.take();
}

Texts texts_of(const Paper& paper) {
  Texts out;
  for (const PaperLine& line : paper.lines) {
    switch (line.kind) {
      case PaperLine::Kind::text:
        out.push_back(line.text);
        break;
      case PaperLine::Kind::picture:
        out.emplace_back("<picture>");
        break;
      case PaperLine::Kind::symbol:
        out.push_back("<symbol " + line.text + ">");
        break;
      case PaperLine::Kind::barcode:
        out.push_back("<barcode " + line.text + ">");
        break;
    }
  }
  return out;
}

Texts lines(std::string_view stream, const PaperSettings& settings = {}) {
  return texts_of(paper_of(stream, settings));
}

TEST(PaperText, LinesEndWithLfOrCrLfOrAFeed) {
  EXPECT_EQ(lines("one\r\ntwo\n\nfour\x1B\x64\x01"
                  "five\x1BJ\x20six"),
            (Texts{"one", "two", "", "four", "five", "six"}));
  EXPECT_EQ(lines("a\rb\r\nc\n"), (Texts{"a", "b", "c"})) << "a printer that takes CR for a line feed";
}

TEST(PaperText, ALongFeedIsAShortOne) {
  EXPECT_EQ(lines("a\n\n\n\n\n\n\nb\n\x1B\x64\xFF"
                  "c\n"),
            (Texts{"a", "", "", "b", "", "", "c"}));
}

TEST(PaperText, ColumnsStandWhereThePaperHasThem) {
  EXPECT_EQ(lines("ab\tcd\n"), Texts{"ab      cd"});
  EXPECT_EQ(lines("\x1B"
                  "D\x05\x0A\0a\tb\tc\n"s),
            Texts{"a    b    c"});
  EXPECT_EQ(lines("a\x1B$\x78\0b\n"s), Texts{"a         b"}) << "120 dots are 10 columns";
  EXPECT_EQ(lines("a\x1B\\\x18\0b\n"s), Texts{"a  b"});
  EXPECT_EQ(lines(encoded("品名") + "\x1B$\x78\0"s + encoded("金额") + "\n"), Texts{"品名      金额"});
  EXPECT_EQ(lines("\x1D!\x10"
                  "Total\x1D!\0\x1B$\xC0\0"
                  "9\n"s),
            Texts{"Total      9"})
      << "letters twice as wide take their room";
}

TEST(PaperText, LargeLettersAreWrittenOnceAndNoted) {
  const Paper paper = paper_of("\x1B!\x30" + encoded("合计") + "\x1B!\0\n"s + "small\n");
  EXPECT_EQ(texts_of(paper), (Texts{"合计", "small"}));
  EXPECT_TRUE(paper.lines[0].large);
  EXPECT_FALSE(paper.lines[1].large);
}

TEST(PaperText, PicturesAndCodesAreLinesOfTheirOwn) {
  EXPECT_EQ(lines("a\n\x1Dv0\0\x01\0\x01\0\xFF\x1Dv0\0\x01\0\x01\0\xFF"
                  "b\n"s),
            (Texts{"a", "<picture>", "b"}))
      << "bands are one picture";
  EXPECT_EQ(lines("\x1D(k\x07\0\x31\x50\x30TILL\x1D(k\x03\0\x31\x51\x30"s), Texts{"<symbol TILL>"});
  EXPECT_EQ(lines("\x1DkI\x05{B123\x1Dk\x02"
                  "690\0"s),
            (Texts{"<barcode {B123>", "<barcode 690>"}));
  EXPECT_EQ(lines("\x1B*\0\x02\0\xFF\xFF\n"s), Texts{"<picture>"});
}

TEST(PaperText, TheCodePageIsTheOneInForce) {
  EXPECT_EQ(lines("\x1B.\x1C.caf\x82 \x1Bt\x10"
                  "caf\xE9\n"),
            Texts{"café café"});
  PaperSettings other;
  other.code_pages[6] = Charset::cp1251;
  EXPECT_EQ(lines("\x1C.\x1Bt\x06\xC8\xF2\xEE\xE3\xEE\n", other), Texts{"Итого"});
  PaperSettings all;
  all.charset = Charset::cp866;
  EXPECT_EQ(lines("\x8F\xE0\n", all), Texts{"Пр"});
}

TEST(PaperText, KanjiIsOnWhereThePosSaysSoOrTheBytesDo) {
  const std::string total = encoded("合计 现金 找零");
  EXPECT_EQ(lines("\x1C&" + total + "\n"), Texts{"合计 现金 找零"});
  EXPECT_EQ(lines(total + "\n"), Texts{"合计 现金 找零"}) << "no FS &";
  EXPECT_EQ(paper_of(total + "\n").guessed, Charset::gb18030);
  EXPECT_EQ(lines("合计 现金 找零\n"), Texts{"合计 现金 找零"}) << "a printer set to UTF-8";
  EXPECT_EQ(lines("\x1C&合计 现金\n"), Texts{"合计 现金"}) << "FS & before UTF-8";
  EXPECT_EQ(lines("\x1C.\xBA\xCF\n"), Texts{"║╧"}) << "the POS turned Kanji off: code page 437";
  EXPECT_EQ(lines("\x1C(C\x02\0\x30\x02\xE5\x90\x88\n"s), Texts{"合"});
  PaperSettings taiwan;
  taiwan.kanji = Charset::big5;
  EXPECT_EQ(lines("\x1C&\xA6X\xADp\n", taiwan), Texts{"合計"});
}

TEST(PaperText, WhatThePoleDisplayIsToldIsNotOnPaper) {
  EXPECT_EQ(lines("a\n\x1B=\x02"
                  "Welcome\n\x1B=\x01"
                  "b\n"),
            (Texts{"a", "b"}));
}

TEST(PaperText, AnyPiecesGiveTheSamePaper) {
  const std::string stream = "\x1B@\x1B!\x30" + encoded("欢迎光临") + "\x1B!\0\n"s + encoded("品名\t金额") +
                             "\n\x1D(k\x07\0\x31\x50\x30TILL\x1D(k\x03\0\x31\x51\x30\x1DkI\x05{B123\n"s +
                             encoded("合计") +
                             "\x1B$\x78\0"
                             "9.90\n"s;
  const Texts whole = lines(stream);
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    PaperText text;
    Walker walker;
    walker.feed(std::string_view(stream).substr(0, cut), text);
    walker.feed(std::string_view(stream).substr(cut), text);
    walker.finish(text);
    EXPECT_EQ(texts_of(text.take()), whole) << cut;
  }
}

TEST(PaperText, MemoryIsBounded) {
  const Paper letters = paper_of(std::string(2 * kMaxPaperBytes, 'a'));
  EXPECT_TRUE(letters.truncated);
  std::string many;
  for (std::size_t line = 0; line < kMaxPaperLines + 10; ++line) many += "a\n";
  const Paper paper = paper_of(many);
  EXPECT_TRUE(paper.truncated);
  EXPECT_EQ(paper.lines.size(), kMaxPaperLines);
  EXPECT_LE(lines("\x1D(k\xFF\x10\x31\x50\x30" + std::string(0x10FC, 'Q') + "\x1D(k\x03\0\x31\x51\x30"s)[0].size(),
            kMaxCodeBytes + 9);
}

TEST(PaperText, APaperEndsWithItsCut) {
  const auto papers = read_papers("one\n\x1DV\x42\x10\n\n\x1Bi two\n\x1Bm"s + "three\n");
  ASSERT_EQ(papers.size(), 3U);
  EXPECT_EQ(texts_of(papers[1]).back(), " two");
}

}  // namespace
}  // namespace tillside::escpos::testing
