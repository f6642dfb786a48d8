// What real programs sent to their printers, and nobody of this project wrote. Skipped where it is not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/pos_adapter/escpos/reading_support.h"

namespace tillside::escpos::testing {
namespace {

using Texts = std::vector<std::string>;

std::vector<Paper> papers_of(const char* file) { return read_papers(file_bytes(shared_data() / "escpos" / file)); }

TEST(RealPaper, ThreeSalesOfOpenbravo) {
  if (shared_data().empty()) GTEST_SKIP();
  const auto papers = papers_of("openbravo-3-receipts.bin");
  ASSERT_EQ(papers.size(), 3U);
  std::vector<Checkout> sales;
  for (const Paper& paper : papers) {
    const Reading reading = book().read(paper, defaults());
    EXPECT_EQ(reading.template_name, "openbravo");
    EXPECT_EQ(reading.certainty, Certainty::sure) << doubts_of(reading);
    EXPECT_EQ(reading.flags, Flags{Flag::business_date_assumed});
    ASSERT_TRUE(reading.checkout);
    sales.push_back(*reading.checkout);
  }
  EXPECT_EQ(sales[0].totals.net, 2833);
  EXPECT_EQ(sales[0].totals.tax, 123);
  EXPECT_EQ(sales[0].sequence, 6);
  EXPECT_EQ(sales[0].operator_id, "Administrator");
  EXPECT_EQ(format_time(sales[0].occurred_at, shanghai()), "2026-11-22T00:34:31+08:00");
  EXPECT_EQ(lines_of(sales[0]), (Texts{"sale |Green Tea 500ml|1|350|350|0", "sale |Rice Cracker|1|880|880|0",
                                       "sale |Loose Apples kg|1.235|1198|1480|0"}));
  EXPECT_EQ(tenders_of(sales[0]), Texts{"cash 2833"});
  EXPECT_EQ(sales[1].totals.net, 1353);
  EXPECT_EQ(tenders_of(sales[1]), (Texts{"cash 500", "card 853"}));
  EXPECT_EQ(sales[2].totals.net, 185);
  EXPECT_EQ(sales[2].totals.discount, 200);
  EXPECT_EQ(lines_of(sales[2]), (Texts{"sale |Green Tea 500ml|1|350|350|0", "discount ||1|200|-200|0"}));
}

TEST(RealPaper, AnInvoiceWithALogo) {
  if (shared_data().empty()) GTEST_SKIP();
  const auto papers = papers_of("escpos-php_receipt-with-logo.bin");
  ASSERT_EQ(papers.size(), 1U);
  EXPECT_EQ(papers[0].lines.front().kind, PaperLine::Kind::picture);
  const Reading reading = book().read(papers[0], defaults());
  EXPECT_EQ(reading.template_name, "general-western");
  ASSERT_TRUE(reading.checkout);
  EXPECT_EQ(reading.checkout->totals.net, 1425);
  EXPECT_EQ(lines_of(*reading.checkout), (Texts{"sale |Example item #1|1|0|400|0", "sale |Another thing|1|0|350|0",
                                                "sale |Something else|1|0|100|0", "sale |A final item|1|0|445|0"}));
  EXPECT_EQ(doubts_of(reading), "no_number");
  EXPECT_EQ(reading.checkout->totals.tax, 130);
}

TEST(RealPaper, LanguagesOfOneBytePages) {
  if (shared_data().empty()) GTEST_SKIP();
  std::string text;
  for (const Paper& paper : papers_of("escpos-php_character-encodings.bin"))
    for (const PaperLine& line : paper.lines) text += line.text + "\n";
  for (const char* words : {"Quizdeltagerne spiste jordbær med fløde", "quält jeden größeren Zwerg",
                            "El pingüino Wenceslao hizo kilómetros", "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία",
                            "Le cœur déçu mais l'âme plutôt naïve", "tükörfúrógép"})
    EXPECT_THAT(text, ::testing::HasSubstr(words));
}

TEST(RealPaper, WhateverIsNoReceiptIsNoSale) {
  if (shared_data().empty()) GTEST_SKIP();
  for (const char* file : {"escpos-php_barcode.bin", "escpos-php_bit-image.bin", "escpos-php_demo.bin",
                           "escpos-php_graphics.bin", "escpos-php_qr-code.bin", "openbravo-pole-display.bin"}) {
    for (const Paper& paper : papers_of(file))
      EXPECT_NE(book().read(paper, defaults()).certainty, Certainty::sure) << file;
  }
}

}  // namespace
}  // namespace tillside::escpos::testing
