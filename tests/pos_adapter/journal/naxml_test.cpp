// NAXML-POSJournal, the journal of convenience stores and petrol stations.
#include "tests/pos_adapter/journal/support.h"

namespace tillside::journal::testing {
namespace {

const std::string kHeader =
    "<TransmissionHeader><StoreLocationID>9</StoreLocationID><extension><countryCode>CN</countryCode><currencyCode>CNY"
    "</currencyCode></extension></TransmissionHeader>";

std::string journal(const std::string& events, const std::string& header = kHeader) {
  return "<?xml version=\"1.0\"?><NAXML-POSJournal xmlns=\"http://www.naxml.org/POSBO/Vocabulary/2003-10-16\" "
         "version=\"3.6\">" +
         header + "<JournalReport><JournalHeader><BeginDate>2026-11-21</BeginDate></JournalHeader>" + events +
         "</JournalReport></NAXML-POSJournal>\n";
}

std::string event(const std::string& kind, const std::string& inside, int number = 1472,
                  const std::string& flags = "") {
  return "<" + kind + "><EventSequenceID/><TrainingModeFlag/><CashierID>91</CashierID><RegisterID>101</RegisterID>" +
         "<TillID>1</TillID><TransactionID>" + std::to_string(number) +
         "</TransactionID><EventStartDate>2026-11-21T</EventStartDate><EventStartTime>12:55:49+08:00</EventStartTime>"
         "<EventEndDate>2026-11-21T</EventEndDate><EventEndTime>12:56:30+08:00</EventEndTime><BusinessDate>2026-11-21"
         "T00:00:00+08:00</BusinessDate>" +
         flags + inside + "</" + kind + ">";
}

std::string lines(const std::string& inside) {
  return "<TransactionDetailGroup>" + inside + "</TransactionDetailGroup>";
}

std::string line(const std::string& inside, const std::string& status = "normal") {
  return "<TransactionLine status=\"" + status + "\">" + inside + "</TransactionLine>";
}

std::string item(const std::string& amount, const std::string& more = "", const std::string& quantity = "1",
                 const std::string& price = "9.94") {
  return "<ItemLine><ItemCode><POSCodeFormat format=\"upcA\"/><POSCode>00028200003614</POSCode></ItemCode><Description>"
         "冰袋</Description><MerchandiseCode>17</MerchandiseCode><RegularSellPrice>" +
         price + "</RegularSellPrice><SalesQuantity>" + quantity + "</SalesQuantity><SalesAmount>" + amount +
         "</SalesAmount>" + more + "</ItemLine>";
}

std::string tender(const std::string& code, const std::string& amount, const std::string& change = "no") {
  return line("<TenderInfo><Tender><TenderCode>" + code +
              "</TenderCode><TenderSubCode>generic</TenderSubCode></Tender>" + "<TenderAmount>" + amount +
              "</TenderAmount><ChangeFlag value=\"" + change + "\"/></TenderInfo>");
}

std::string summary(const std::string& net, const std::string& tax, const std::string& grand) {
  return "<TransactionSummary><TransactionTotalGrossAmount>" + net + "</TransactionTotalGrossAmount>" +
         "<TransactionTotalNetAmount>" + net + "</TransactionTotalNetAmount><TransactionTotalTaxNetAmount>" + tax +
         "</TransactionTotalTaxNetAmount><TransactionTotalGrandAmount direction=\"Collected\">" + grand +
         "</TransactionTotalGrandAmount></TransactionSummary>";
}

std::vector<Document> read(const std::string& bytes, const Mapping& mapping = default_mapping()) {
  return read_in_pieces(Format::poslog, mapping, bytes);
}

Checkout only(const std::string& events, const Mapping& mapping = default_mapping()) {
  const auto documents = read(journal(events), mapping);
  if (documents.size() != 1 || !documents[0].checkout.ok()) {
    ADD_FAILURE() << told(documents);
    return {};
  }
  const auto flags = validate(*documents[0].checkout, documents[0].checkout->currency);
  EXPECT_TRUE(flags.ok()) << flags.error().field << " " << flags.error().detail;
  return *documents[0].checkout;
}

TEST(Naxml, ASaleWithTaxChangeAndAPromotion) {
  const std::string tax = line(
      "<TransactionTax><TaxLevelID>99</TaxLevelID><TaxCollectedAmount>0.25</TaxCollectedAmount>"
      "</TransactionTax>");
  const std::string promotion =
      "<Promotion><PromotionID>2150337</PromotionID><PromotionAmount>0.50</PromotionAmount></Promotion>";
  const Checkout checkout =
      only(event("SaleEvent", lines(line(item("9.44", promotion)) + line(item("2.00"), "cancel") + tax +
                                    tender("cash", "20.00") + tender("cash", "-10.31", "yes")) +
                                  summary("9.44", "0.25", "9.69")));
  EXPECT_EQ(checkout.state, CheckoutState::completed);
  EXPECT_EQ(checkout.store_id, "9");
  EXPECT_EQ(checkout.lane_id, "101");
  EXPECT_EQ(checkout.operator_id, "91");
  EXPECT_EQ(checkout.sequence, 1472);
  EXPECT_EQ(format_date(checkout.business_date), "2026-11-21");
  EXPECT_EQ(format_time(checkout.occurred_at, utc()), "2026-11-21T04:56:30+00:00");
  ASSERT_EQ(checkout.lines.size(), 1u) << "a cancelled line was never sold";
  EXPECT_EQ(checkout.lines[0].sku, "00028200003614");
  EXPECT_EQ(checkout.lines[0].category, "17");
  EXPECT_EQ(checkout.lines[0].amount, 994);
  EXPECT_EQ(checkout.lines[0].discount, 50);
  EXPECT_FALSE(checkout.prices_include_tax);
  EXPECT_EQ(checkout.totals.net, 969);
  ASSERT_EQ(checkout.tenders.size(), 2u);
  EXPECT_EQ(checkout.tenders[1].amount, -1031);
  EXPECT_TRUE(validate(checkout, checkout.currency)->empty());
}

TEST(Naxml, APromotionBesideTheAmountIsToldByTheTotal) {
  const std::string promotion = "<Promotion><PromotionAmount>0.50</PromotionAmount></Promotion>";
  const Checkout checkout =
      only(event("SaleEvent",
                 lines(line(item("9.94", promotion)) + tender("creditCards", "9.44")) + summary("9.44", "0", "9.44")));
  EXPECT_EQ(checkout.lines[0].discount, 50);
  EXPECT_EQ(checkout.tenders[0].type, TenderType::card);
  EXPECT_TRUE(validate(checkout, checkout.currency)->empty());
}

TEST(Naxml, FuelDepartmentsFeesAndPrepaidFuel) {
  const std::string fuel =
      "<FuelLine><FuelGradeID>3</FuelGradeID><FuelPositionID>2</FuelPositionID><Description>95#</Description>"
      "<ActualSalesPrice>7.639</ActualSalesPrice><MerchandiseCode>100</MerchandiseCode><RegularSellPrice>7.639"
      "</RegularSellPrice><SalesQuantity>13.092</SalesQuantity><SalesAmount>100.01</SalesAmount></FuelLine>";
  const std::string department =
      "<MerchandiseCodeLine><MerchandiseCode>2701</MerchandiseCode><Description>报纸</"
      "Description><RegularSellPrice>15.0000"
      "</RegularSellPrice><SalesQuantity>1</SalesQuantity><SalesAmount>15.0000</SalesAmount></MerchandiseCodeLine>";
  const std::string fee =
      "<FeeLine><FeeID>8</FeeID><Description>瓶押金</Description><FeeAmount>0.05</FeeAmount></FeeLine>";
  const std::string prepaid =
      "<FuelPrepayLine><FuelPositionID>1</FuelPositionID><SalesAmount>50.00</SalesAmount></FuelPrepayLine>";
  const Checkout checkout = only(event(
      "SaleEvent", lines(line(fuel) + line(department + fee) + line(prepaid)) + summary("165.06", "0.00", "165.06")));
  ASSERT_EQ(checkout.lines.size(), 4u);
  EXPECT_EQ(checkout.lines[0].sku, "3");
  EXPECT_EQ(checkout.lines[0].quantity, 13092);
  EXPECT_EQ(checkout.lines[0].discount, 0) << "a rounded product is no discount";
  EXPECT_FALSE(checkout.decimals_rounded);
  EXPECT_EQ(checkout.lines[1].sku, "2701");
  EXPECT_EQ(checkout.lines[2].kind, LineKind::fee);
  EXPECT_EQ(checkout.lines[3].kind, LineKind::deposit);
  EXPECT_EQ(checkout.totals.net, 16506);
}

TEST(Naxml, ARefundMayBeWrittenWithEitherSign) {
  const std::string linked =
      "<LinkedTransactionInfo><OriginalStoreLocationID>9</OriginalStoreLocationID><OriginalTransactionID>1400"
      "</OriginalTransactionID></LinkedTransactionInfo>";
  for (const std::string sign : {"", "-"}) {
    const Checkout checkout = only(
        event("RefundEvent", linked + lines(line(item(sign + "9.94", "", sign + "1")) + tender("cash", sign + "9.94")) +
                                 summary(sign + "9.94", "0", sign + "9.94")));
    EXPECT_EQ(checkout.state, CheckoutState::returned);
    EXPECT_EQ(checkout.totals.net, -994);
    EXPECT_EQ(checkout.lines[0].kind, LineKind::returned);
    EXPECT_EQ(checkout.tenders[0].amount, -994);
    ASSERT_TRUE(checkout.original);
    EXPECT_EQ(checkout.original->checkout_id, "1400");
  }
}

TEST(Naxml, AStruckLineStandsAloneOrBesideTheOneItStrikes) {
  const Checkout alone =
      only(event("SaleEvent", lines(line(item("9.94")) + line(item("9.94"), "void")) + summary("9.94", "0", "9.94")));
  EXPECT_EQ(alone.lines.size(), 1u);
  const Checkout beside =
      only(event("SaleEvent", lines(line(item("9.94")) + line(item("9.94")) + line(item("9.94"), "void")) +
                                  summary("9.94", "0", "9.94")));
  ASSERT_EQ(beside.lines.size(), 3u);
  EXPECT_EQ(beside.lines[2].kind, LineKind::voided);
  EXPECT_EQ(beside.totals.gross, 994);
}

TEST(Naxml, OtherEventsAndStates) {
  const auto state = [](const std::string& text) { return only(text).state; };
  EXPECT_EQ(state(event("VoidEvent", lines(line(item("9.94"), "cancel")))), CheckoutState::voided);
  EXPECT_EQ(state(event("SaleEvent", lines(line(item("9.94"))), 7, "<SuspendFlag value=\"yes\"/>")),
            CheckoutState::suspended);
  EXPECT_EQ(state(event("OtherEvent", "<NosaleDetail/>")), CheckoutState::no_sale);
  EXPECT_EQ(state(event("OtherEvent", "<CashierDetail detailType=\"open\"/>")), CheckoutState::sign_on);
  EXPECT_EQ(state(event("OtherEvent", "<CashierDetail detailType=\"close\"/>")), CheckoutState::sign_off);
  EXPECT_TRUE(only(event("SaleEvent", lines(line(item("9.94"))), 7, "<TrainingModeFlag value=\"yes\"/>")).training);
  const auto reader = make_reader(Format::poslog, default_mapping(), defaults());
  const Parsed parsed = reader->read(journal(event("FinancialEvent", "<FinancialEventDetail/>") +
                                             event("OtherEvent", "<RegisterDetail detailType=\"open\"/>")),
                                     Tail::closed);
  EXPECT_TRUE(parsed.documents.empty());
  EXPECT_EQ(parsed.ignored, 2u);
}

TEST(Naxml, TornAnywhereTheSameComesOut) {
  const std::string bytes =
      journal(event("SaleEvent", lines(line(item("9.94"))), 1) + event("RefundEvent", lines(line(item("9.94"))), 2) +
              "<SaleEvent><CashierID>1</CashierID>" + event("SaleEvent", lines(line(item("1.00"))), 4));
  const std::string whole = told(read(bytes));
  EXPECT_NE(whole.find("\"store_id\":\"9\""), std::string::npos);
  for (std::size_t cut = 1; cut < bytes.size(); cut += 7)
    ASSERT_EQ(told(read_in_pieces(Format::poslog, default_mapping(), bytes, {cut})), whole) << cut;
  const auto documents = read(bytes);
  ASSERT_EQ(documents.size(), 4u);
  EXPECT_EQ(documents[2].checkout.error().field, "SaleEvent") << "never closed";
  const auto later =
      make_reader(Format::poslog, default_mapping(), defaults(), {documents[0].end, documents[0].next_line, bytes});
  const Parsed rest = later->read(std::string_view(bytes).substr(documents[0].end), Tail::closed);
  ASSERT_EQ(rest.documents.size(), 3u);
  EXPECT_EQ(rest.documents[0].checkout->store_id, "9") << "the header was read long before";
}

TEST(Naxml, OtherXmlIsRefusedByName) {
  const auto refused = [](const std::string& bytes) {
    const auto documents = read(bytes);
    return documents.size() == 1 && !documents[0].checkout.ok() ? documents[0].checkout.error().field : told(documents);
  };
  EXPECT_EQ(refused("<?xml version=\"1.0\"?><NAXML-MovementReport version=\"3.4\"><MCMDetail/></NAXML-MovementReport>"),
            "NAXML-MovementReport");
  EXPECT_EQ(refused("<html><body/></html>"), "html");
  EXPECT_TRUE(read("<POSLog></POSLog>").empty()) << "an empty day is no error";
  EXPECT_TRUE(read(journal("")).empty());
}

}  // namespace
}  // namespace tillside::journal::testing
