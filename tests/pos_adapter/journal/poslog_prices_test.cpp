// Every kind of price: modifiers by amount, percent and override, for the line or each unit, before or after the
// extended amount; packages, weights, tax within prices or on top, rounded bills, gift cards that are sold.
#include "tests/pos_adapter/journal/poslog_text.h"

namespace tillside::journal::testing {
namespace {

std::string priced(const std::string& regular, const std::string& extended, const std::string& quantity,
                   const std::string& modifiers = "") {
  return sale("<ItemID>7</ItemID><RegularSalesUnitPrice>" + regular + "</RegularSalesUnitPrice>" +
              (extended.empty() ? "" : "<ExtendedAmount>" + extended + "</ExtendedAmount>") + "<Quantity>" + quantity +
              "</Quantity>" + modifiers);
}

std::string modifier(const std::string& inside, const std::string& attributes = " MethodCode=\"Promotion\"") {
  return "<RetailPriceModifier" + attributes + "><SequenceNumber>1</SequenceNumber>" + inside +
         "</RetailPriceModifier>";
}

std::string amount(const std::string& value, const std::string& action = "Subtract") {
  return "<Amount Action=\"" + action + "\">" + value + "</Amount>";
}

std::string percent(const std::string& value, const std::string& action = "Subtract") {
  return "<Percent Action=\"" + action + "\">" + value + "</Percent>";
}

struct Told {
  Minor amount, discount;
  bool operator==(const Told&) const = default;
};
std::ostream& operator<<(std::ostream& out, const Told& told) { return out << told.amount << " - " << told.discount; }

Told line_of(const std::string& item) {
  const Checkout checkout = only(transaction(retail(item)));
  if (checkout.lines.size() != 1) return {-1, -1};
  return {checkout.lines[0].amount, checkout.lines[0].discount};
}

TEST(PoslogPrices, AmountsForTheLineOrForEachUnit) {
  EXPECT_EQ(line_of(priced("2.00", "5.00", "3", modifier(amount("1.00")))), (Told{600, 100}));
  EXPECT_EQ(line_of(priced("2.00", "3.00", "3", modifier(amount("1.00")))), (Told{600, 300})) << "each unit";
  EXPECT_EQ(line_of(priced("2.00", "6.00", "3", modifier(amount("1.00")))), (Told{600, 100})) << "before the discount";
  EXPECT_EQ(line_of(priced("2.00", "4.50", "3", modifier(amount("1.00")) + modifier(amount("0.50")))),
            (Told{600, 150}));
}

TEST(PoslogPrices, PercentagesOfTheLineAndOfThePriceBefore) {
  EXPECT_EQ(line_of(priced("9.90", "8.91", "1", modifier(percent("10")))), (Told{990, 99}));
  EXPECT_EQ(line_of(priced("9.90", "9.90", "1", modifier(percent("10.00")))), (Told{990, 99}));
  EXPECT_EQ(line_of(priced("10.00", "8.10", "1", modifier(percent("10")) + modifier(percent("10")))), (Told{1000, 190}))
      << "the second of what the first left";
  EXPECT_EQ(line_of(priced("10.00", "8.00", "1",
                           modifier(percent("10")) + modifier(percent("10") + "<PreviousPrice>10.00</PreviousPrice>"))),
            (Told{1000, 200}));
  EXPECT_EQ(line_of(priced("3.33", "2.22", "1", modifier(percent("33.3333")))), (Told{333, 111}));
  EXPECT_EQ(line_of(priced("1.15", "1.09", "1", modifier(percent("5")))), (Told{115, 6}))
      << "rounded the vendor's way, and the line still adds up";
}

TEST(PoslogPrices, ReplacedPrices) {
  const std::string replaced =
      modifier(amount("8.00", "Replace") + "<PreviousPrice>10.00</PreviousPrice>", " MethodCode=\"PriceOverride\"");
  EXPECT_EQ(line_of(priced("10.00", "16.00", "2", replaced)), (Told{2000, 400}));
  EXPECT_EQ(line_of(priced("8.00", "16.00", "2", replaced)), (Told{1600, 0})) << "the price written is the new one";
  const std::string by_new_price = modifier("<NewPrice>8.00</NewPrice>", " MethodCode=\"PriceRule\"");
  EXPECT_EQ(line_of(priced("10.00", "16.00", "2", by_new_price)), (Told{2000, 400}));
  const std::string raised = modifier(amount("12.00", "Replace"), " MethodCode=\"PriceOverride\"");
  EXPECT_EQ(line_of(priced("10.00", "24.00", "2", raised)), (Told{2400, 0}));
}

TEST(PoslogPrices, AddedVoidedAndOnTheBill) {
  EXPECT_EQ(line_of(priced("2.00", "2.50", "1", modifier(amount("0.50", "Add")))), (Told{250, 0}));
  EXPECT_EQ(line_of(priced("2.00", "2.00", "1", modifier(amount("0.50"), " VoidFlag=\"true\""))), (Told{200, 0}));
  const Checkout bill = only(transaction(
      retail(apple() + "<LineItem><Discount><PriceDerivationRule>" + amount("0.50") +
             "</PriceDerivationRule><PromotionID>BILL5</PromotionID></Discount></LineItem>" + total("5.50"))));
  EXPECT_EQ(bill.totals.net, 550);
  EXPECT_EQ(bill.lines[1].kind, LineKind::discount);
  EXPECT_EQ(bill.lines[1].sku, "BILL5");
}

TEST(PoslogPrices, ALineWithoutExtendedAmountAndAReturnWithDiscount) {
  EXPECT_EQ(line_of(sale("<RegularSalesUnitPrice>10.00</RegularSalesUnitPrice><ActualSalesUnitPrice>8.00"
                         "</ActualSalesUnitPrice><Quantity>2</Quantity>" +
                         modifier(amount("4.00")))),
            (Told{2000, 400}));
  const Checkout back = only(transaction(retail(
      sale("<RegularSalesUnitPrice>10.00</RegularSalesUnitPrice><ExtendedAmount>-8.00</ExtendedAmount><Quantity>-1"
           "</Quantity>" +
               modifier(amount("2.00")),
           "", "Return"))));
  EXPECT_EQ(back.lines[0].amount, -1000);
  EXPECT_EQ(back.lines[0].discount, -200);
  EXPECT_EQ(back.totals.net, -800);
}

TEST(PoslogPrices, WeightsPiecesAndPackages) {
  const auto line = [](const std::string& quantity, const std::string& extended, const std::string& price) {
    return only(transaction(retail(sale("<RegularSalesUnitPrice" + price + "</RegularSalesUnitPrice><ExtendedAmount>" +
                                        extended + "</ExtendedAmount>" + quantity))))
        .lines[0];
  };
  const Line weighed = line("<Quantity Units=\"1.235\" UnitOfMeasureCode=\"KGM\">1</Quantity>", "73.85", ">59.80");
  EXPECT_EQ(weighed.quantity, 1235);
  EXPECT_EQ(weighed.unit, "kg");
  const Line pieces = line("<Quantity Units=\"1\" UnitOfMeasureCode=\"EA\">3</Quantity>", "6.00", ">2.00");
  EXPECT_EQ(pieces.quantity, 3000) << "one unit each, three of them";
  const Line litres = line("<Quantity Units=\"0.5\" UnitOfMeasureCode=\"LTR\">1</Quantity>", "4.00", ">8.00");
  EXPECT_EQ(litres.unit, "l");
  const Line package = line("<Quantity>6</Quantity>", "20.00", " Quantity=\"3\">10.00");
  EXPECT_EQ(package.amount, 2000);
  EXPECT_EQ(package.unit_price, 333) << "3 for 10.00";
  EXPECT_EQ(package.discount, 0);
}

TEST(PoslogPrices, TaxWithinThePricesOrOnTop) {
  const auto tax = [](const std::string& flag) {
    return "<Tax><TaxableAmount TaxIncludedInTaxableAmountFlag=\"" + flag +
           "\">6.00</TaxableAmount><Amount>0.40</Amount></Tax>";
  };
  const auto item = [&](const std::string& flag) { return sale("<ExtendedAmount>6.00</ExtendedAmount>" + tax(flag)); };
  const Checkout within = only(transaction(retail(item("true"))));
  EXPECT_TRUE(within.prices_include_tax);
  EXPECT_EQ(within.totals.net, 600);
  EXPECT_EQ(within.totals.tax, 40);
  const Checkout on_top = only(transaction(retail(item("false"))));
  EXPECT_FALSE(on_top.prices_include_tax);
  EXPECT_EQ(on_top.totals.net, 640);
  const Checkout stated = only(transaction(retail(item("false") + total("6.00"))));
  EXPECT_TRUE(stated.prices_include_tax) << "the total knows better than the flag";
  const Checkout twice = only(transaction(retail(item("true") + "<LineItem>" + tax("true") + "</LineItem>")));
  EXPECT_EQ(twice.totals.tax, 40) << "by line and for the bill is one tax";
}

TEST(PoslogPrices, ARoundedBillIsWhatWasPaid) {
  const Checkout down =
      only(transaction(retail(sale("<ExtendedAmount>27.66</ExtendedAmount>") +
                              "<LineItem><Rounding RoundingDirection=\"Down\">0.06</Rounding></LineItem>" +
                              tender("<Amount>27.60</Amount>") + total("27.66"))));
  EXPECT_EQ(down.totals.net, 2760);
  EXPECT_EQ(down.lines[1].kind, LineKind::discount);
  EXPECT_TRUE(validate(down, down.currency)->empty());
  const Checkout up = only(transaction(
      retail(sale("<ExtendedAmount>699.97</ExtendedAmount>") + tender("<Amount>1000.00</Amount>") +
             tender("<Amount>0</Amount><TenderChange><Amount>300.00</Amount></TenderChange>") +
             tender("<Amount>0.03</Amount><Rounding RoundingDirection=\"Up\">0.03</Rounding>", "X:Rounding") +
             total("699.97"))));
  EXPECT_EQ(up.totals.net, 70000);
  EXPECT_EQ(up.lines[1].kind, LineKind::fee);
  EXPECT_TRUE(validate(up, up.currency)->empty()) << "change in a tender of its own counts";
}

TEST(PoslogPrices, ASoldGiftCardIsMoneyHeldAndADonationAFee) {
  const auto kind = [](const std::string& item) { return only(transaction(retail(item))).lines[0]; };
  EXPECT_EQ(kind("<LineItem><Sale ItemType=\"GiftCard\"><ExtendedAmount>100</ExtendedAmount></Sale></LineItem>").kind,
            LineKind::deposit);
  EXPECT_EQ(kind("<LineItem><StoredValueFundSale><Amount>100</Amount></StoredValueFundSale></LineItem>").amount, 10000);
  EXPECT_EQ(kind("<LineItem><GiftCertificate><FaceValueAmount>50</FaceValueAmount></GiftCertificate></LineItem>").kind,
            LineKind::deposit);
  EXPECT_EQ(kind("<LineItem><Sale ItemType=\"X:Donation\"><ExtendedAmount>1</ExtendedAmount></Sale></LineItem>").kind,
            LineKind::fee);
}

TEST(PoslogPrices, OfSeveralHierarchiesAndDescriptionsTheFirstCounts) {
  const Line line = only(transaction(retail(sale(
                             "<MerchandiseHierarchy "
                             "ID=\"Merchandise\">3-3-1</MerchandiseHierarchy><MerchandiseHierarchy ID=\"Weighed\">N"
                             "</MerchandiseHierarchy><Description>大米 5公斤</Description><Description "
                             "TypeCode=\"Long\">泰国大米 5公斤"
                             "</Description><ExtendedAmount>1</ExtendedAmount>"))))
                        .lines[0];
  EXPECT_EQ(line.category, "3-3-1");
  EXPECT_EQ(line.name, "大米 5公斤");
  const Line levels = only(transaction(retail(sale(
                               "<MerchandiseHierarchy "
                               "Level=\"Department\">6</MerchandiseHierarchy><MerchandiseHierarchy Level=\"Class\">61"
                               "</MerchandiseHierarchy><ExtendedAmount>1</ExtendedAmount>"))))
                          .lines[0];
  EXPECT_EQ(levels.category, "6/61");
}

}  // namespace
}  // namespace tillside::journal::testing
