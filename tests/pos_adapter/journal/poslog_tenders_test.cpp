// How a bill was paid and who paid it: refunds, changed minds, coupons as tender and as price, points, gift cards,
// several customers.
#include "agent/domain/coupon.h"
#include "tests/pos_adapter/journal/poslog_text.h"

namespace tillside::journal::testing {
namespace {

Checkout paid(const std::string& tenders, const std::string& more = "") {
  return only(transaction(retail(apple() + tenders + more)));
}

TEST(PoslogTenders, TypesByWordDetailAndDescription) {
  const auto type = [](const std::string& said, const std::string& inside = "", const std::string& more = "") {
    return paid(tender("<Amount>6.00</Amount>" + inside, said, more)).tenders.at(0).type;
  };
  EXPECT_EQ(type("GiftCard"), TenderType::voucher);
  EXPECT_EQ(type("X:LoyaltyPoints"), TenderType::member_balance);
  EXPECT_EQ(type("StoreCredit"), TenderType::voucher);
  EXPECT_EQ(type("Shells", "<CreditDebit/>"), TenderType::card) << "told by its detail";
  EXPECT_EQ(type("Shells", "<LoyaltyRedemption><PointsRedeemed>600</PointsRedeemed></LoyaltyRedemption>"),
            TenderType::member_balance);
  EXPECT_EQ(type("CreditDebit", "", " TenderDescription=\"微信支付\""), TenderType::wechat);
  EXPECT_EQ(type("Other", "<TenderDescription>支付宝扫码</TenderDescription>"), TenderType::alipay);
  EXPECT_EQ(type("Cash", "", " TenderDescription=\"微信支付\""), TenderType::cash) << "the word is plain enough";
  EXPECT_EQ(type("Shells"), TenderType::other);
}

TEST(PoslogTenders, ATenderTakenBackAtOnceWasNone) {
  const Checkout other_way = paid(tender("<Amount>6.00</Amount>", "CreditDebit") +
                                  tender("<Amount>6.00</Amount>", "CreditDebit", " TypeCode=\"Refund\"") +
                                  tender("<Amount>6.00</Amount>", "WeChat"));
  ASSERT_EQ(other_way.tenders.size(), 1u);
  EXPECT_EQ(other_way.tenders[0].type, TenderType::wechat);
  const Checkout partly = paid(tender("<Amount>8.00</Amount>", "GiftCard") +
                               tender("<Amount>2.00</Amount>", "CreditDebit", " TypeCode=\"Refund\""));
  ASSERT_EQ(partly.tenders.size(), 1u) << "what a card was given back is missing from the gift card";
  EXPECT_EQ(partly.tenders[0].type, TenderType::voucher);
  EXPECT_EQ(partly.tenders[0].amount, 600);
}

TEST(PoslogTenders, ARefundPaysOutByAnyTender) {
  const Checkout checkout = only(
      transaction(retail(apple("", "Return") + tender("<Amount>5.00</Amount>", "CreditDebit", " TypeCode=\"Refund\"") +
                         tender("<Amount>1.00</Amount>", "GiftCard", " TypeCode=\"Refund\""))));
  EXPECT_EQ(checkout.state, CheckoutState::returned);
  ASSERT_EQ(checkout.tenders.size(), 2u);
  EXPECT_EQ(checkout.tenders[0].amount, -500);
  EXPECT_EQ(checkout.tenders[1].amount, -100);
  EXPECT_TRUE(validate(checkout, checkout.currency)->empty());
}

TEST(PoslogTenders, ACouponIsATenderOrAPrice) {
  const Checkout as_tender =
      paid(tender("<Amount>1.00</Amount><Coupon><PrimaryLabel>990123</PrimaryLabel></Coupon>", "ManufacturerCoupon") +
           tender("<Amount>5.00</Amount>"));
  EXPECT_EQ(as_tender.totals.net, 600) << "the bill is what it was";
  EXPECT_EQ(as_tender.tenders[0].type, TenderType::voucher);
  EXPECT_TRUE(as_tender.coupons.empty()) << "another's coupon";
  const std::string rule =
      "<RetailPriceModifier MethodCode=\"Coupon\"><Amount Action=\"Subtract\">1.00</Amount><PriceDerivationRule>"
      "<Eligibility><ReferenceID Type=\"StoreCoupon\">990123</ReferenceID></Eligibility></PriceDerivationRule>"
      "</RetailPriceModifier>";
  const Checkout as_price = only(transaction(
      retail(sale("<RegularSalesUnitPrice>6.00</RegularSalesUnitPrice><ExtendedAmount>5.00</ExtendedAmount>" + rule))));
  EXPECT_EQ(as_price.totals.net, 500) << "the bill is lower";
  EXPECT_EQ(as_price.lines[0].discount, 100);
}

TEST(PoslogTenders, OurOwnCouponIsHandedOnOnce) {
  const std::string code = format_typed({17, 451, 0x1234567});
  const Checkout checkout =
      paid(tender("<Amount>1.00</Amount><Coupon><PrimaryLabel>" + code + "</PrimaryLabel></Coupon>", "Coupon") +
           "<LineItem><ScanData>" + code + "</ScanData></LineItem>");
  ASSERT_EQ(checkout.coupons.size(), 1u);
  EXPECT_EQ(checkout.coupons[0], code);
}

TEST(PoslogTenders, PointsAreNoMoneyButWhatTheyTookOffIs) {
  const auto reward = [](const std::string& inside) {
    return paid("<LineItem><LoyaltyReward>" + inside + "</LoyaltyReward></LineItem>").totals.discount;
  };
  EXPECT_EQ(reward("<PointsAwarded>12</PointsAwarded>"), 0);
  EXPECT_EQ(reward("<PointsRedeemed>90</PointsRedeemed>"), 0);
  EXPECT_EQ(reward("<PointsRedeemed>90</PointsRedeemed><Amount>0.90</Amount>"), 90);
  EXPECT_EQ(reward("<PromotionID>7</PromotionID><DiscountAmount>0.50</DiscountAmount>"), 50);
}

TEST(PoslogTenders, SeveralCustomersEachOnce) {
  const Checkout checkout = paid(
      "",
      "<Customer><CustomerID>0031s</CustomerID><Telephone TypeCode=\"Mobile\"><FullTelephoneNumber>13800138000"
      "</FullTelephoneNumber></Telephone><Telephone TypeCode=\"Work\"><FullTelephoneNumber>021-55550000"
      "</FullTelephoneNumber></Telephone></Customer><LoyaltyAccount><CustomerID>0031s</CustomerID><LoyaltyProgram>"
      "<LoyaltyAccountID>points</LoyaltyAccountID></LoyaltyProgram></LoyaltyAccount>"
      "<LoyaltyAccount><LoyaltyProgram><LoyaltyAccountID>9000222</LoyaltyAccountID></LoyaltyProgram></LoyaltyAccount>");
  const auto& ids = checkout.customer_ids;
  ASSERT_EQ(ids.size(), 3u);
  EXPECT_EQ(ids[0].value, "0031s");
  EXPECT_EQ(ids[0].proof, Proof::scanned) << "the account was shown";
  EXPECT_EQ(ids[1].type, IdType::phone);
  EXPECT_EQ(ids[1].proof, Proof::named) << "on file is not proof";
  EXPECT_EQ(ids[2].value, "9000222");
}

TEST(PoslogTenders, NoMoreCustomersThanADocumentMayName) {
  std::string many;
  for (int i = 1; i <= 40; ++i) many += "<Customer><CustomerID>C" + std::to_string(i) + "</CustomerID></Customer>";
  EXPECT_EQ(paid("", many).customer_ids.size(), kMaxCustomerIds);
}

}  // namespace
}  // namespace tillside::journal::testing
