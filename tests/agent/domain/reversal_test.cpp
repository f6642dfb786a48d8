#include "agent/domain/reversal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace tillside {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Line goods(std::int32_t line_no, std::string sku, Minor amount, Thousandths quantity = 1000) {
  Line line;
  line.line_no = line_no;
  line.sku = std::move(sku);
  line.category = "fruit/" + line.sku;
  line.quantity = quantity;
  line.amount = amount;
  return line;
}

Checkout sold(std::vector<Line> lines, Minor off_the_bill = 0) {
  Checkout checkout;
  checkout.lines = std::move(lines);
  Minor net = -off_the_bill;
  for (const Line& line : checkout.lines) net += line.amount - line.discount;
  checkout.totals = {net + off_the_bill, off_the_bill, 0, net};
  return checkout;
}

ReturnedLine back(std::int32_t original, Thousandths quantity, Minor told = 0) {
  return {1, original, quantity, told, {}, {}};
}
ReturnedLine money(Minor told, std::string sku = {}, Thousandths quantity = 1000) {
  const std::string category = sku.empty() ? "" : "fruit/" + sku;
  return {1, 0, quantity, told, std::move(sku), category};
}

TakingBack take(KeptSale& sale, std::vector<ReturnedLine> lines) {
  Minor told = 0;
  for (const auto& line : lines) told += line.told;
  return take_back(sale, lines, told);
}

TEST(Reversal, ALineIsGivenBackWithItsShareOfWhatWasOffTheBill) {
  KeptSale sale = keep_sale(sold({goods(1, "a", 10'000), goods(2, "b", 5'000)}, 1'500));
  EXPECT_THAT(shares_of(sale), ElementsAre(9'000, 4'500));
  const TakingBack taking = take(sale, {back(2, 1000)});
  EXPECT_EQ(taking.refund, 4'500);
  EXPECT_EQ(money_left(sale), 9'000);
  EXPECT_FALSE(taking.over);
}

TEST(Reversal, SharesAddUpWhateverDoesNotDivide) {
  const KeptSale sale = keep_sale(sold({goods(1, "a", 1), goods(2, "b", 1), goods(3, "c", 1)}, 1));
  EXPECT_THAT(shares_of(sale), ElementsAre(1, 0, 1));
}

TEST(Reversal, AHundredReturnsOfOnePieceComeToOneReturnOfAHundred) {
  const KeptSale bought = keep_sale(sold({goods(1, "a", 4'999, 100'000)}));
  KeptSale by_ones = bought, at_once = bought;
  Minor sum = 0;
  for (int i = 0; i < 100; ++i) sum += take(by_ones, {back(1, 1000)}).refund;
  EXPECT_EQ(sum, 4'999);
  EXPECT_EQ(take(at_once, {back(1, 100'000)}).refund, 4'999);
  EXPECT_TRUE(nothing_left(by_ones));
}

TEST(Reversal, MoreThanWasSoldRefundsNothingMoreAndSaysSo) {
  KeptSale sale = keep_sale(sold({goods(1, "a", 3'000, 3000)}));
  const TakingBack taking = take(sale, {back(1, 5000)});
  EXPECT_EQ(taking.refund, 3'000);
  EXPECT_TRUE(taking.over);
  EXPECT_EQ(taking.lines[0].quantity, 3000);
  EXPECT_EQ(taking.lines[0].over, 2000);
  EXPECT_EQ(take(sale, {back(1, 1000)}).refund, 0);
}

TEST(Reversal, AVoidedLineOfTheSaleWasNeverSold) {
  Line voided = goods(3, "a", -1'000);
  voided.kind = LineKind::voided;
  voided.quantity = -1000;
  KeptSale sale = keep_sale(sold({goods(1, "a", 1'000), goods(2, "b", 500), voided}));
  ASSERT_EQ(sale.lines.size(), 1u);
  EXPECT_EQ(sale.lines[0].line_no, 2);
  EXPECT_EQ(take_back_whole(sale).refund, 500);
}

TEST(Reversal, AnExchangeGivesBackWhatItsOwnGoodsCost) {
  Line came_back = goods(2, "a", -6'000);
  came_back.kind = LineKind::returned;
  KeptSale sale = keep_sale(sold({goods(1, "b", 10'000), came_back}));
  EXPECT_EQ(sale.net, 4'000);
  EXPECT_EQ(take(sale, {back(1, 1000)}).refund, 10'000);
}

TEST(Reversal, MoneyGivenBackForKeptGoodsLessensWhatTheyAreWorth) {
  KeptSale sale = keep_sale(sold({goods(1, "a", 10'000)}));
  EXPECT_EQ(take(sale, {back(1, 0, 3'000)}).refund, 3'000);
  EXPECT_EQ(take(sale, {back(1, 1000)}).refund, 7'000);
}

TEST(Reversal, ALineThatNamesNoneCountsByItsMoneyAndItsGoods) {
  Conditions durian;
  durian.skus = {"durian"};
  KeptSale sale = keep_sale(sold({goods(1, "durian", 10'000), goods(2, "apple", 5'000)}));
  EXPECT_TRUE(still_earns(durian, sale));
  EXPECT_EQ(take(sale, {money(4'000, "apple")}).refund, 4'000);
  EXPECT_TRUE(still_earns(durian, sale));
  EXPECT_EQ(take(sale, {money(9'000, "durian")}).refund, 9'000);
  EXPECT_FALSE(still_earns(durian, sale));
  const TakingBack beyond = take(sale, {money(9'000)});
  EXPECT_EQ(beyond.refund, 2'000);
  EXPECT_TRUE(beyond.over);
}

TEST(Reversal, ConditionsAreAskedOfWhatIsLeft) {
  Conditions conditions;
  conditions.min_total = 10'000;
  conditions.categories = {"fruit/a"};
  KeptSale sale = keep_sale(sold({goods(1, "a", 8'000, 2000), goods(2, "b", 9'000)}));
  EXPECT_TRUE(still_earns(conditions, sale));
  take(sale, {back(1, 1000)});
  EXPECT_TRUE(still_earns(conditions, sale));
  KeptSale without = sale;
  take(without, {back(1, 1000)});
  EXPECT_FALSE(still_earns(conditions, without)) << "the category is gone";
  take(sale, {back(2, 500)});
  EXPECT_FALSE(still_earns(conditions, sale)) << "13000 - 4500 is below the minimum";
}

TEST(Reversal, WhatThePosReallyGaveBackCountsWhereItIsMore) {
  Conditions conditions;
  conditions.min_total = 10'000;
  KeptSale sale = keep_sale(sold({goods(1, "a", 11'000), goods(2, "b", 1'000)}, 1'000));
  take(sale, {back(2, 1000, 1'001)});
  EXPECT_FALSE(still_earns(conditions, sale));
}

TEST(Reversal, AReturnOfAReturnGivesBack) {
  const KeptSale bought = keep_sale(sold({goods(1, "a", 9'999, 3000), goods(2, "b", 5'000)}, 100));
  KeptSale sale = bought;
  const TakingBack taking = take(sale, {back(1, 1000, 3'333), money(50, "b")});
  const TakingBack given = give_back(sale, taking.taken);
  EXPECT_EQ(given.refund, -taking.refund);
  EXPECT_EQ(sale, bought);
  const TakingBack again = give_back(sale, given.taken);
  EXPECT_EQ(again.refund, taking.refund);
}

class Settling : public ::testing::Test {
 protected:
  void SetUp() override {
    terms.conditions.min_total = 10'000;
    sale = keep_sale(sold({goods(1, "a", 9'000), goods(2, "b", 3'000)}));
    sale.earned = {{{0, 7}, 1, Standing::live, 0}};
    facts.terms = &terms;
  }
  Settlement after(std::vector<ReturnedLine> lines) {
    refund = take(sale, std::move(lines)).refund;
    return settle(sale, {&facts, 1}, replacements, refund);
  }

  Campaign terms;
  KeptSale sale;
  CouponFacts facts;
  std::vector<CouponFacts> replacements;
  Minor refund = 0;
};

TEST_F(Settling, ACouponNoLongerEarnedIsRevokedOnce) {
  EXPECT_THAT(after({back(2, 1000)}).revoked, ElementsAre(0));
  facts.fate = CouponFate::gone;
  EXPECT_THAT(after({back(1, 1000)}).revoked, IsEmpty());
}

TEST_F(Settling, ACouponAlreadySpentIsClawedBackFromTheRefund) {
  facts = {CouponFate::spent, 2'000, 2'500, true, &terms};
  const Settlement settled = after({back(2, 1000)});
  EXPECT_THAT(settled.clawed_back, ElementsAre(0));
  EXPECT_EQ(settled.collected, 2'000);
  EXPECT_EQ(settled.owed, 0);
  EXPECT_EQ(after({back(1, 1000)}).collected, 0) << "once";
}

TEST_F(Settling, WhatARefundDoesNotCoverIsOwedAndCollectedLater) {
  facts = {CouponFate::spent, 4'000, 4'000, true, &terms};
  Settlement settled = after({back(2, 1000)});
  EXPECT_EQ(settled.collected, 3'000);
  EXPECT_EQ(settled.owed, 1'000);
  settled = after({back(1, 1000)});
  EXPECT_EQ(settled.collected, 1'000);
  EXPECT_EQ(settled.owed, 0);
}

TEST_F(Settling, OutOfReachIsWithheldOrTrustedAsTheCampaignSays) {
  KeptSale other = sale;
  facts = {CouponFate::out_of_reach, 0, 2'500, true, &terms};
  Settlement settled = after({back(2, 1000)});
  EXPECT_THAT(settled.pending, ElementsAre(0));
  EXPECT_EQ(settled.collected, 2'500);
  EXPECT_EQ(sale.earned[0].standing, Standing::withheld);
  sale = other;
  facts.withhold = false;
  settled = after({back(2, 1000)});
  EXPECT_THAT(settled.pending, ElementsAre(0));
  EXPECT_EQ(settled.collected, 0);
  EXPECT_EQ(sale.earned[0].standing, Standing::trusted);
}

TEST_F(Settling, TermsNobodyKnowsProveNothing) {
  facts.terms = nullptr;
  EXPECT_THAT(after({back(2, 1)}).revoked, ElementsAre(0));
}

TEST_F(Settling, AReturnGivenBackEarnsAgain) {
  facts = {CouponFate::spent, 2'000, 2'000, true, &terms};
  const TakingBack taking = take(sale, {back(2, 1000)});
  settle(sale, {&facts, 1}, {}, taking.refund);
  const TakingBack given = give_back(sale, taking.taken);
  const Settlement settled = settle(sale, {&facts, 1}, {}, given.refund);
  EXPECT_THAT(settled.earned_again, ElementsAre(0));
  EXPECT_THAT(settled.to_reissue, IsEmpty());
  EXPECT_EQ(settled.collected, -2'000) << "what was clawed back is given back";
  EXPECT_EQ(sale.collected, 0);
}

TEST_F(Settling, ARevokedCouponEarnedAgainIsReissued) {
  const TakingBack taking = take(sale, {back(2, 1000)});
  settle(sale, {&facts, 1}, {}, taking.refund);
  facts.fate = CouponFate::gone;
  const TakingBack given = give_back(sale, taking.taken);
  EXPECT_THAT(settle(sale, {&facts, 1}, {}, given.refund).to_reissue, ElementsAre(0));
}

TEST_F(Settling, AUsedCouponIsReplacedWhenTheWholeSaleIsBack) {
  sale.used = {{17, {0, 3}, 1, 2'000, 0, 0, {}, 0}};
  replacements.resize(1);
  EXPECT_THAT(after({back(2, 1000)}).to_replace, IsEmpty());
  facts.fate = CouponFate::gone;
  EXPECT_THAT(after({back(1, 1000)}).to_replace, ElementsAre(0));
  sale.used[0].replacement = {0, 8};
  EXPECT_THAT(after({}).to_replace, IsEmpty());
}

TEST_F(Settling, AReplacementFallsWhenTheSaleStandsAgain) {
  sale.used = {{17, {0, 3}, 1, 2'000, 0, 0, {}, 0}};
  replacements.resize(1);
  const TakingBack taking = take_back_whole(sale);
  settle(sale, {&facts, 1}, replacements, taking.refund);
  sale.used[0].replacement = {0, 8};
  facts.fate = CouponFate::gone;
  KeptSale spent = sale;
  const Settlement settled = settle(sale, {&facts, 1}, replacements, give_back(sale, taking.taken).refund);
  EXPECT_THAT(settled.replacements_gone, ElementsAre(KeptSerial{0, 8}));
  EXPECT_EQ(sale.used[0].replacement.serial, 0u);
  replacements[0] = {CouponFate::spent, 2'000, 2'000, true, &terms};
  EXPECT_EQ(settle(spent, {&facts, 1}, replacements, give_back(spent, taking.taken).refund).owed, 2'000);
}

}  // namespace
}  // namespace tillside
