// What comes back, and what is put aside: links by line, several sales, suspended and resumed, training.
#include "tests/pos_adapter/journal/poslog_text.h"

namespace tillside::journal::testing {
namespace {

std::string link(const std::string& store, const std::string& lane, int number, const std::string& day, int line) {
  return "<TransactionLink ReasonCode=\"Return\"><RetailStoreID>" + store + "</RetailStoreID><WorkstationID>" + lane +
         "</WorkstationID><SequenceNumber>" + std::to_string(number) + "</SequenceNumber>" +
         (line != 0 ? "<LineItemSequenceNumber>" + std::to_string(line) + "</LineItemSequenceNumber>" : "") +
         "<BusinessDayDate>" + day + "</BusinessDayDate></TransactionLink>";
}

std::string back(const std::string& amount, const std::string& links) {
  return sale("<ItemID>7</ItemID><ExtendedAmount>" + amount + "</ExtendedAmount>" + links, "", "Return");
}

TEST(PoslogReturns, GoodsOfOneSaleNameItsLines) {
  const Checkout checkout = only(transaction(
      retail(back("6.00", link("9", "30", 5, "2026-11-19", 2)) + back("4.00", link("9", "30", 5, "2026-11-19", 4)))));
  EXPECT_EQ(checkout.state, CheckoutState::returned);
  EXPECT_EQ(checkout.totals.net, -1000);
  ASSERT_TRUE(checkout.original);
  EXPECT_EQ(checkout.original->sequence, 5);
  ASSERT_TRUE(checkout.lines[0].original && checkout.lines[1].original);
  EXPECT_TRUE(checkout.lines[0].original->sale.names_nothing()) << "the document's own";
  EXPECT_EQ(checkout.lines[0].original->line_no, 2);
  EXPECT_EQ(checkout.lines[1].original->line_no, 4);
}

TEST(PoslogReturns, GoodsOfSeveralStoresLanesAndDatesKeepTheirSale) {
  auto mapping = parse_mapping("[stores]\n\"9\" = \"0123\"\n\"8\" = \"0099\"\n[lanes]\n\"30\" = \"L0\"\n");
  ASSERT_TRUE(mapping.ok());
  const Checkout checkout =
      only(transaction(retail(back("6.00", link("9", "30", 5, "2026-11-19", 2)) +
                              back("4.00", link("8", "31", 77, "2026-10-02", 0)) + back("1.00", ""))),
           *mapping);
  EXPECT_FALSE(checkout.original) << "no sale is the whole's";
  ASSERT_TRUE(checkout.lines[0].original && checkout.lines[1].original);
  EXPECT_EQ(checkout.lines[0].original->sale.store_id, "0123") << "renamed as in the checkout itself";
  EXPECT_EQ(checkout.lines[0].original->sale.lane_id, "L0");
  EXPECT_EQ(checkout.lines[0].original->sale.sequence, 5);
  EXPECT_EQ(checkout.lines[0].original->line_no, 2);
  EXPECT_EQ(checkout.lines[1].original->sale.store_id, "0099");
  EXPECT_EQ(checkout.lines[1].original->sale.lane_id, "31");
  EXPECT_EQ(format_date(*checkout.lines[1].original->sale.business_date), "2026-10-02");
  EXPECT_FALSE(checkout.lines[2].original);
}

TEST(PoslogReturns, ALinkMayNameTheDayByItsTimeOrTheSaleByItsId) {
  const std::string by_time =
      "<TransactionLink ReasonCode=\"Return\"><WorkstationID>30</WorkstationID><SequenceNumber>5</SequenceNumber>"
      "<BeginDateTime>2026-11-18T21:00:00</BeginDateTime></TransactionLink>";
  EXPECT_EQ(format_date(*only(transaction(retail(back("6.00", by_time)))).original->business_date), "2026-11-18");
  const std::string by_id =
      "<TransactionLink ReasonCode=\"Return\"><TransactionID>8UJUEBVZ2O</TransactionID></TransactionLink>";
  EXPECT_EQ(only(transaction(retail(back("6.00", by_id)))).original->checkout_id, "8UJUEBVZ2O");
  const std::string nothing =
      "<TransactionLink ReasonCode=\"Return\"><SequenceNumber>5</SequenceNumber></TransactionLink>";
  EXPECT_FALSE(only(transaction(retail(back("6.00", nothing)))).original);
}

TEST(PoslogReturns, AnExchangeTakesBackWhatItsLinkNames) {
  const Checkout by_line = only(transaction(retail(back("6.00", link("9", "30", 5, "2026-11-19", 2)) + apple())));
  EXPECT_EQ(by_line.state, CheckoutState::exchanged);
  ASSERT_TRUE(by_line.lines[0].original);
  EXPECT_FALSE(by_line.lines[1].original) << "bought now";
  const Checkout by_document =
      only(transaction(retail(back("6.00", "") + apple() + link("9", "30", 5, "2026-11-19", 0))));
  ASSERT_TRUE(by_document.original && by_document.lines[0].original);
  EXPECT_TRUE(by_document.lines[0].original->sale.names_nothing());
}

TEST(PoslogReturns, WhatIsDeliveredOrPickedUpLaterIsASaleAndAReturnToo) {
  const std::string goods = "<ItemID>7</ItemID><ExtendedAmount>6.00</ExtendedAmount>";
  EXPECT_EQ(only(transaction(retail(sale(goods, "", "SaleForDelivery")))).totals.net, 600);
  EXPECT_EQ(only(transaction(retail(sale(goods, "", "ReturnForPickup")))).state, CheckoutState::returned);
  const Checkout order = only(transaction(retail(sale(goods, "", "CustomerOrderForPickup"))));
  EXPECT_TRUE(order.lines.empty()) << "an order is no sale yet";
}

TEST(PoslogReturns, SuspendedAndRetrievedAreEventsAndTheRetrievedSaleIsOne) {
  const auto with = [](const std::string& attributes, const std::string& more = "") {
    return only(transaction(retail(apple() + more, attributes)));
  };
  EXPECT_EQ(with(" TransactionStatus=\"Suspended\"").state, CheckoutState::suspended);
  EXPECT_FALSE(is_sale(with(" TransactionStatus=\"Suspended\"")));
  EXPECT_EQ(with(" TransactionStatus=\"SuspendedRetrieved\"").state, CheckoutState::resumed);
  EXPECT_EQ(with("", "<TransactionStatus>SuspendedDeleted</TransactionStatus>").state, CheckoutState::voided);
  const std::string resume =
      "<TransactionLink ReasonCode=\"Resume\"><WorkstationID>32</WorkstationID><SequenceNumber>111</SequenceNumber>"
      "<BusinessDayDate>2026-11-20</BusinessDayDate></TransactionLink>";
  EXPECT_TRUE(is_sale(with("", resume)));
  EXPECT_FALSE(with("", resume).original);
}

TEST(PoslogReturns, TrainingIsSaidByAttributeOrElement) {
  EXPECT_TRUE(only(transaction(retail(apple()), " TrainingModeFlag=\"1\"")).training);
  EXPECT_TRUE(only(transaction("<TrainingModeFlag>true</TrainingModeFlag>" + retail(apple()))).training);
  EXPECT_FALSE(only(transaction("<TrainingModeFlag>false</TrainingModeFlag>" + retail(apple()))).training);
}

}  // namespace
}  // namespace tillside::journal::testing
