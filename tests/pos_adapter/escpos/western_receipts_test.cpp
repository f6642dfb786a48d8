// Receipts of made-up shops in the West, and of a till that prints as Openbravo does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/pos_adapter/escpos/reading_support.h"

namespace tillside::escpos::testing {
namespace {

using Texts = std::vector<std::string>;

PaperReading read(std::string_view text) { return read_bytes("\x1B@" + std::string(text) + "\x1DV\x01"); }

constexpr std::string_view kCorner = R"(
           ACME STORES
     12 Harbour Street, Port
Receipt: 1042        Register: 2
22 Nov 2026 09:15
Cashier: E1007
--------------------------------
Coffee beans               12.50
Apples 1.235 @ 4.00         4.94
2 x Milk                    3.00
Summer discount            -1.00
--------------------------------
Subtotal                   19.44
TOTAL                      19.44
VISA ****4242              15.00
Cash                        5.00
Change                      0.56
  Thank you for shopping with us
)";

TEST(WesternReceipts, ACornerShop) {
  const auto [paper, reading] = read(kCorner);
  EXPECT_EQ(reading.template_name, "general-western");
  EXPECT_EQ(reading.certainty, Certainty::sure) << doubts_of(reading);
  ASSERT_TRUE(reading.checkout);
  EXPECT_EQ(reading.checkout->sequence, 1042);
  EXPECT_EQ(reading.checkout->operator_id, "E1007");
  EXPECT_EQ(lines_of(*reading.checkout),
            (Texts{"sale |Coffee beans|1|0|1250|0", "sale |Apples|1.235|400|494|0", "sale |Milk|2|0|300|100"}));
  EXPECT_EQ(reading.checkout->totals.net, 1944);
  EXPECT_EQ(tenders_of(*reading.checkout), (Texts{"card 1500", "cash 444"}));
}

TEST(WesternReceipts, TaxOnTopIsSeenByItsSum) {
  const auto [paper, reading] = read(
      "\nTicket #88\n2026-11-22 09:15\nCoffee               4.00\nMuffin               3.50\nSubtotal             "
      "7.50\nSales tax            0.60\nTotal                8.10\nCash                 8.10\n");
  EXPECT_EQ(reading.certainty, Certainty::sure) << doubts_of(reading);
  ASSERT_TRUE(reading.checkout);
  EXPECT_FALSE(reading.checkout->prices_include_tax);
  EXPECT_EQ(reading.checkout->totals.gross, 750);
  EXPECT_EQ(reading.checkout->totals.tax, 60);
  EXPECT_EQ(reading.checkout->totals.net, 810);
  EXPECT_TRUE(reading.flags == Flags{Flag::business_date_assumed});
}

TEST(WesternReceipts, DecimalCommasAreRead) {
  const auto [paper, reading] = read(
      "\nBon: 77\n22.11.2026 09:15\nBrot                  3,50\nK\xC3\xA4se               1.012,40\nSUMME              "
      " 1.015,90\nBar                 1.015,90\n");
  EXPECT_EQ(reading.template_name, "general-western-comma");
  EXPECT_EQ(reading.certainty, Certainty::sure) << doubts_of(reading);
  ASSERT_TRUE(reading.checkout);
  EXPECT_EQ(reading.checkout->totals.net, 101590);
  EXPECT_EQ(tenders_of(*reading.checkout), Texts{"cash 101590"});
}

TEST(WesternReceipts, WhatIsNoSaleIsKnownByItsTitle) {
  for (const auto& [title, kind] :
       {std::pair{"*** DUPLICATE ***", SlipKind::reprint}, std::pair{"Suspended Transaction", SlipKind::suspended},
        std::pair{"KITCHEN ORDER", SlipKind::kitchen}, std::pair{"Z REPORT", SlipKind::report},
        std::pair{"TRAINING MODE", SlipKind::training}, std::pair{"NO SALE", SlipKind::no_sale},
        std::pair{"GUEST CHECK", SlipKind::suspended}, std::pair{"STOCK COUNT", SlipKind::report}}) {
    const auto [paper, reading] = read(std::string(title) + std::string(kCorner));
    EXPECT_EQ(reading.kind, kind) << title;
    EXPECT_EQ(reading.certainty, Certainty::not_a_sale) << title;
  }
}

TEST(WesternReceipts, ARefundTakesBack) {
  const auto [paper, reading] = read(
      "\nREFUND\nReceipt: 1050\nOriginal receipt: 1042\n2026-11-22 10:00\nCoffee beans        -12.50\nTotal            "
      "   -12.50\nCash                -12.50\n");
  EXPECT_EQ(reading.kind, SlipKind::returned);
  EXPECT_EQ(reading.certainty, Certainty::sure) << doubts_of(reading);
  ASSERT_TRUE(reading.checkout);
  EXPECT_EQ(reading.checkout->totals.net, -1250);
  ASSERT_TRUE(reading.checkout->original);
  EXPECT_EQ(reading.checkout->original->checkout_id, "1042");
  EXPECT_EQ(tenders_of(*reading.checkout), Texts{"cash -1250"});
}

// Its rows stand without tax, the tax beneath; a payment takes two lines.
constexpr std::string_view kTaxBeneath = R"(
Receipt:       6
Date:          Nov 22, 2026, 12:34:31 AM

Item                  Price          Value
------------------------------------------
Sparkling Water       $4.00   x2     $8.00
Pears kg             $10.001.250    $12.50
                     -$0.50   x1    -$0.50
------------------------------------------
Items count:      4.25

Subtotal.                           $20.00
Taxes.                               $0.80

Total.                              $20.80

Cash
Tendered:                            $5.00
Change:                              $0.00

Mag card
                                    $15.80
Cashier:       Administrator
)";

TEST(WesternReceipts, TaxBeneathThePrices) {
  const auto [paper, reading] = read(kTaxBeneath);
  EXPECT_EQ(reading.template_name, "openbravo");
  EXPECT_EQ(reading.certainty, Certainty::sure) << doubts_of(reading);
  ASSERT_TRUE(reading.checkout);
  const Checkout& sale = *reading.checkout;
  EXPECT_FALSE(sale.prices_include_tax);
  EXPECT_EQ(sale.totals.gross, 2050);
  EXPECT_EQ(sale.totals.discount, 50);
  EXPECT_EQ(sale.totals.tax, 80);
  EXPECT_EQ(sale.totals.net, 2080);
  EXPECT_EQ(lines_of(sale),
            (Texts{"sale |Sparkling Water|2|400|800|0", "sale |Pears kg|1.25|1000|1250|0", "discount ||1|50|-50|0"}));
  EXPECT_EQ(tenders_of(sale), (Texts{"cash 500", "card 1580"}));
}

TEST(WesternReceipts, TwoReceiptsOnOnePaperAreInDoubt) {
  std::string other(kCorner);
  for (auto at = other.find("19.44"); at != std::string::npos; at = other.find("19.44")) other.replace(at, 5, "99.99");
  const auto [paper, reading] = read(std::string(kCorner) + other);
  EXPECT_EQ(reading.certainty, Certainty::unsure);
  EXPECT_THAT(reading.doubts, ::testing::Contains(Doubt::totals_differ));
}

}  // namespace
}  // namespace tillside::escpos::testing
