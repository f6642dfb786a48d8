#include "tests/fakes/paper_printer.h"

#include <gtest/gtest.h>

#include "qrcode/escpos.h"
#include "qrcode/symbol.h"

namespace tillside::fakes {
namespace {

using namespace std::string_literals;
using Codes = std::vector<std::string>;

const std::string kUrl = "HTTPS://GO.EXAMPLE.CN/R/0123456789ABCDEFGHJKMNPQRSTVWX";

std::string raster_of(const std::string& url, int paper_dots) {
  return qr::escpos_raster(qr::draw(*qr::encode_text(url)), {.paper_dots = paper_dots}).value();
}

TEST(PaperPrinter, ARasterSymbolIsRead) {
  const auto papers = printed_papers("\x1B@Hello\n" + raster_of(kUrl, 384) + "\nbye\n\x1DV\x42\x03", 384);
  ASSERT_EQ(papers.size(), 1U);
  EXPECT_EQ(papers[0].width, 384);
  EXPECT_EQ(codes_on(papers[0]), Codes{kUrl});
}

TEST(PaperPrinter, ANativeSymbolIsReadInThePrintersOwnAlignment) {
  for (const char alignment : {'\0', '\1', '\2'}) {
    const auto papers = printed_papers(
        "\x1B"
        "a"s +
        alignment + "\n" + qr::escpos_native_qr(kUrl, 5).value() + "\n\n");
    ASSERT_EQ(papers.size(), 1U);
    EXPECT_EQ(codes_on(papers[0]), Codes{kUrl});
  }
}

TEST(PaperPrinter, BarCodesAreRead) {
  const auto paper = printed_papers(
                         "\x1B"
                         "a\1"s +
                         qr::escpos_native_code128c("001234567890123456789901").value() + "\n")
                         .at(0);
  EXPECT_EQ(codes_on(paper), Codes{"001234567890123456789901"});
}

TEST(PaperPrinter, GraphicsInRowsAndColumnsAreTheSamePicture) {
  // A diagonal of 16 x 16, by rows through GS ( L and by columns through ESC *.
  std::string rows, columns;
  for (int at = 0; at < 16; ++at) {
    const int bits = 0x8000 >> at;
    rows += {static_cast<char>(bits >> 8), static_cast<char>(bits & 0xFF)};
    columns += {static_cast<char>(bits >> 8), static_cast<char>(bits & 0xFF), '\0'};
  }
  const std::string by_rows = "\x1D(L\x2A\0\x30\x70\x30\x01\x01\x31\x10\0\x10\0"s + rows + "\x1D(L\x02\0\x30\x32"s;
  const auto one = printed_papers(by_rows).at(0);
  const auto other = printed_papers("\x1B*\x21\x10\0"s + columns + "\n").at(0);
  for (int y = 0; y < 16; ++y)
    for (int x = 0; x < 16; ++x) {
      EXPECT_EQ(one.dark(x, y), x == y);
      EXPECT_EQ(other.dark(x, y + other.height - 24), x == y);
    }
}

TEST(PaperPrinter, LettersTakeTheirRoomAndWrap) {
  const auto dark_columns = [](const Picture& paper) {
    int last = 0;
    for (int y = 0; y < paper.height; ++y)
      for (int x = 0; x < paper.width; ++x)
        if (paper.dark(x, y)) last = std::max(last, x);
    return last;
  };
  EXPECT_EQ(dark_columns(printed_papers("ab\n").at(0)), 22);
  EXPECT_EQ(dark_columns(printed_papers("\x1D!\x11"
                                        "ab\n")
                             .at(0)),
            46);
  EXPECT_EQ(dark_columns(printed_papers("\xBA\xCF\n").at(0)), 22) << "a CJK letter is two columns";
  EXPECT_EQ(printed_papers(std::string(33, 'a') + "\n", 384).at(0).height, 60);
}

TEST(PaperPrinter, CutsAndKicks) {
  PaperPrinter printer;
  printer.feed("a\n\x1DV");
  printer.feed(
      "\x42\x03"
      "b\n\x1B"
      "i\x1Bp\0\x32\xFA"s);
  EXPECT_EQ(printer.papers().size(), 2U);
  EXPECT_EQ(printer.pulses(), 1);
  EXPECT_TRUE(printer.papers().empty());
}

}  // namespace
}  // namespace tillside::fakes
