#include "agent/domain/benefit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/agent/domain/campaign_samples.h"

namespace tillside {
namespace {

using samples::kSundayMorning;
using samples::verdict;
using testing::ElementsAre;
using testing::IsEmpty;

Campaign benefit(std::uint32_t number = 7) {
  Campaign offer = samples::campaign(number);
  offer.kind = CampaignKind::benefit;
  offer.with_pos_promotions = PosPromotions::exclusive;
  offer.benefit.emplace();
  offer.benefit->basis_points = 5000;
  return offer;
}

Line sold(std::int32_t line_no, std::string category, Thousandths quantity, std::string unit, Minor unit_price) {
  Line line = samples::line(LineKind::sale, std::to_string(6900 + line_no), std::move(category), quantity);
  line.line_no = line_no;
  line.unit = std::move(unit);
  line.unit_price = unit_price;
  line.amount = extend(quantity, unit_price);
  return line;
}

// Durian 1.235 kg at 39.80, apples 3 kg at 12, two boxes at 25.
Checkout bill() {
  Checkout bill;
  bill.state = CheckoutState::total;
  bill.store_id = "0123";
  bill.lines = {sold(1, "fruit/durian", 1235, "kg", 3980), sold(2, "fruit/apple", 3000, "kg", 1200),
                sold(3, "boxed", 2000, "盒", 2500)};
  for (const Line& line : bill.lines) bill.totals.gross += line.amount;
  bill.totals.net = bill.totals.gross;
  return bill;
}

BenefitOutcome judged(const std::vector<Campaign>& campaigns, const Checkout& checkout) {
  return judge_benefits(campaigns, checkout, verdict(), StoreZone(), kSundayMorning);
}

// "7 line 1: 1.235 -24.58" of each discount.
std::vector<std::string> off(const std::vector<Campaign>& campaigns, const Checkout& checkout) {
  std::vector<std::string> words;
  for (const AdvisedDiscount& one : judged(campaigns, checkout).discounts)
    words.push_back(std::to_string(one.campaign->number) + " line " + std::to_string(one.line_no) + ": " +
                    format_quantity(one.quantity) + " -" + format_amount(one.amount, 2));
  return words;
}

NotEarned reason(const Campaign& offer, const Checkout& checkout) {
  return judged({offer}, checkout).outcomes.at(0).reason;
}

// The same bill after the POS took `amount` off a line, for reasons of its own or as it was advised.
Checkout with_promotion(Checkout checkout, std::size_t line, Minor amount, const std::string& code = "") {
  checkout.lines[line].discount += amount;
  checkout.totals.discount += amount;
  checkout.totals.net -= amount;
  if (!code.empty()) checkout.applied_discounts.push_back({code, checkout.lines[line].line_no, amount});
  return checkout;
}

TEST(Benefit, TakesItsShareOffEveryLineItNames) {
  Campaign offer = benefit();
  EXPECT_THAT(off({offer}, bill()), ElementsAre("7 line 1: 1.235 -24.58", "7 line 2: 3 -18.00", "7 line 3: 2 -25.00"));
  offer.benefit->categories = {"fruit"};
  EXPECT_THAT(off({offer}, bill()), ElementsAre("7 line 1: 1.235 -24.58", "7 line 2: 3 -18.00"));
  offer.benefit->categories = {"fruit/apple"};
  offer.benefit->skus = {"6903"};
  EXPECT_THAT(off({offer}, bill()), ElementsAre("7 line 2: 3 -18.00", "7 line 3: 2 -25.00"));
}

TEST(Benefit, RoundsHalfAwayFromZero) {
  Checkout checkout = bill();
  checkout.lines = {sold(1, "a", 1000, "", 1), sold(2, "a", 1000, "", 3), sold(3, "a", 1000, "", 4)};
  EXPECT_THAT(off({benefit()}, checkout), ElementsAre("7 line 1: 1 -0.01", "7 line 2: 1 -0.02", "7 line 3: 1 -0.02"));
}

TEST(Benefit, ALimitIsUsedUpOverTheLinesInOrder) {
  Campaign offer = benefit();
  offer.benefit->categories = {"fruit"};
  offer.benefit->limit_quantity = 2000;  // of each line's own unit: kg here
  EXPECT_THAT(off({offer}, bill()), ElementsAre("7 line 1: 1.235 -24.58", "7 line 2: 0.765 -4.59"));
  offer.benefit->limit_quantity = 1000;
  EXPECT_THAT(off({offer}, bill()), ElementsAre("7 line 1: 1 -19.90"));
}

TEST(Benefit, ALimitInJinHoldsForKilograms) {
  Campaign offer = benefit();
  offer.benefit->categories = {"fruit"};
  offer.benefit->unit = "斤";
  offer.benefit->limit_quantity = 5000;  // 2.5 kg
  EXPECT_THAT(off({offer}, bill()), ElementsAre("7 line 1: 1.235 -24.58", "7 line 2: 1.265 -7.59"));
  Checkout in_jin = bill();
  in_jin.lines[1].unit = "斤";
  EXPECT_THAT(off({offer}, in_jin), ElementsAre("7 line 1: 1.235 -24.58", "7 line 2: 2.53 -15.18"));
}

TEST(Benefit, AnotherKindOfUnitIsNotCovered) {
  Campaign offer = benefit();
  offer.benefit->unit = "斤";
  EXPECT_THAT(off({offer}, bill()), ElementsAre("7 line 1: 1.235 -24.58", "7 line 2: 3 -18.00"));
  offer.benefit->unit = "盒";
  EXPECT_THAT(off({offer}, bill()), ElementsAre("7 line 3: 2 -25.00"));
  offer.benefit->unit = "个";
  EXPECT_THAT(off({offer}, bill()), IsEmpty());
  Checkout pieces = bill();
  pieces.lines[2].unit.clear();  // a POS that names no unit means pieces
  offer.benefit->limit_quantity = 1000;
  EXPECT_THAT(off({offer}, pieces), ElementsAre("7 line 3: 1 -12.50"));
}

TEST(Benefit, ACapIsUsedUpOverTheBill) {
  Campaign offer = benefit();
  offer.benefit->cap = 3000;
  EXPECT_THAT(off({offer}, bill()), ElementsAre("7 line 1: 1.235 -24.58", "7 line 2: 3 -5.42"));
}

TEST(Benefit, ASpecialPriceIsForAUnit) {
  Campaign offer = benefit();
  offer.benefit->type = BenefitType::price;
  offer.benefit->skus = {"6902"};
  offer.benefit->amount = 990;
  EXPECT_THAT(off({offer}, bill()), ElementsAre("7 line 2: 3 -6.30"));  // 36 - 3 x 9.90
  offer.benefit->unit = "斤";
  offer.benefit->amount = 495;
  EXPECT_THAT(off({offer}, bill()), ElementsAre("7 line 2: 3 -6.30"));
  offer.benefit->limit_quantity = 2000;
  EXPECT_THAT(off({offer}, bill()), ElementsAre("7 line 2: 1 -2.10"));
  offer.benefit->amount = 700;  // dearer than the shelf: nothing to take off
  EXPECT_THAT(off({offer}, bill()), IsEmpty());
  EXPECT_EQ(reason(offer, bill()), NotEarned::none);
}

TEST(Benefit, SoMuchLessAUnitNeverGoesBelowZero) {
  Campaign offer = benefit();
  offer.benefit->type = BenefitType::amount_off;
  offer.benefit->amount = 200;
  EXPECT_THAT(off({offer}, bill()), ElementsAre("7 line 1: 1.235 -2.47", "7 line 2: 3 -6.00", "7 line 3: 2 -4.00"));
  offer.benefit->amount = 99999;
  EXPECT_THAT(off({offer}, bill()), ElementsAre("7 line 1: 1.235 -49.15", "7 line 2: 3 -36.00", "7 line 3: 2 -50.00"));
}

TEST(Benefit, ExclusiveLeavesOutWhatThePosDiscounted) {
  Campaign offer = benefit();
  offer.benefit->categories = {"fruit"};
  EXPECT_THAT(off({offer}, with_promotion(bill(), 0, 100)), ElementsAre("7 line 2: 3 -18.00"));
  EXPECT_EQ(reason(offer, with_promotion(with_promotion(bill(), 0, 100), 1, 1)), NotEarned::pos_promotion);
}

TEST(Benefit, BeforeIsOnTheListPriceAndAfterOnWhatIsLeft) {
  Campaign offer = benefit();
  offer.benefit->skus = {"6902"};
  const Checkout promoted = with_promotion(bill(), 1, 600);
  offer.with_pos_promotions = PosPromotions::before;
  EXPECT_THAT(off({offer}, promoted), ElementsAre("7 line 2: 3 -18.00"));
  offer.with_pos_promotions = PosPromotions::after;
  EXPECT_THAT(off({offer}, promoted), ElementsAre("7 line 2: 3 -15.00"));
  offer.with_pos_promotions = PosPromotions::before;
  EXPECT_THAT(off({offer}, with_promotion(bill(), 1, 3000)), ElementsAre("7 line 2: 3 -6.00"));  // all that is left
}

TEST(Benefit, WhatThePosAppliedOnOurAdviceIsNoPromotionOfItsOwn) {
  Campaign offer = benefit();
  offer.conditions.min_total = bill().totals.net;
  Checkout again = bill();
  for (const AdvisedDiscount& one : judged({offer}, bill()).discounts)
    again = with_promotion(again, static_cast<std::size_t>(one.line_no - 1), one.amount, "B7");
  EXPECT_EQ(off({offer}, again), off({offer}, bill()));
}

TEST(Benefit, ACouponsShareOfALineIsNotTakenOffTwice) {
  Campaign offer = benefit();
  offer.benefit->type = BenefitType::amount_off;
  offer.benefit->amount = 99999;
  offer.benefit->skus = {"6902"};
  EXPECT_THAT(off({offer}, with_promotion(bill(), 1, 1000, "COUPON")), ElementsAre("7 line 2: 3 -26.00"));
}

TEST(Benefit, SeveralStackInOrderEachOnWhatIsLeft) {
  std::vector<Campaign> offers{benefit(9), benefit(8)};
  for (Campaign& offer : offers) offer.benefit->skus = {"6902"};
  offers[1].benefit->basis_points = 9000;
  EXPECT_THAT(off(offers, bill()), ElementsAre("8 line 2: 3 -3.60", "9 line 2: 3 -16.20"));
  offers[0].priority = -1;
  EXPECT_THAT(off(offers, bill()), ElementsAre("9 line 2: 3 -18.00", "8 line 2: 3 -1.80"));
}

TEST(Benefit, OfOneGroupALineGetsOne) {
  std::vector<Campaign> offers{benefit(1), benefit(2)};
  offers[0].group = offers[1].group = "price";
  offers[0].benefit->categories = {"fruit/durian"};
  EXPECT_THAT(off(offers, bill()), ElementsAre("1 line 1: 1.235 -24.58", "2 line 2: 3 -18.00", "2 line 3: 2 -25.00"));
  offers[1].benefit->categories = {"fruit/durian"};
  EXPECT_EQ(judged(offers, bill()).outcomes[1].reason, NotEarned::group_taken);
}

TEST(Benefit, VoidedGoodsAreNotCovered) {
  Checkout checkout = bill();
  Line gone = checkout.lines[1];
  gone.kind = LineKind::voided;
  gone.line_no = 4;
  gone.quantity = -1000;
  gone.amount = -1200;
  checkout.lines.push_back(gone);
  Campaign offer = benefit();
  offer.benefit->skus = {"6902"};
  EXPECT_THAT(off({offer}, checkout), ElementsAre("7 line 2: 2 -12.00"));
  checkout.lines.back().quantity = -3000;
  EXPECT_THAT(off({offer}, checkout), IsEmpty());
  EXPECT_EQ(reason(offer, checkout), NotEarned::sku);
}

TEST(Benefit, NothingComesOffReturnsOrWhatIsNoSale) {
  Checkout checkout = bill();
  for (Line& line : checkout.lines) line.kind = LineKind::deposit;
  EXPECT_EQ(reason(benefit(), checkout), NotEarned::category);
  checkout = bill();
  checkout.training = true;
  EXPECT_EQ(reason(benefit(), checkout), NotEarned::not_a_sale);
  EXPECT_THAT(off({benefit()}, checkout), IsEmpty());
  checkout = bill();
  checkout.state = CheckoutState::returned;
  EXPECT_THAT(off({benefit()}, checkout), IsEmpty());
}

TEST(Benefit, ConditionsAreAskedFirst) {
  Campaign offer = benefit();
  offer.conditions.weekdays = {2};  // Tuesday; it is Sunday
  EXPECT_EQ(reason(offer, bill()), NotEarned::weekday);
  EXPECT_THAT(off({offer}, bill()), IsEmpty());
}

TEST(Benefit, HugeBillsDoNotOverflow) {
  Checkout checkout = bill();
  checkout.lines = {sold(1, "a", kMaxQuantity, "kg", 1)};
  checkout.lines[0].amount = kMaxAmount;
  Campaign offer = benefit();
  offer.benefit->type = BenefitType::amount_off;
  offer.benefit->amount = kMaxAmount;
  offer.benefit->unit = "g";
  offer.benefit->limit_quantity = kMaxQuantity;
  for (const AdvisedDiscount& one : judged({offer}, checkout).discounts) {
    EXPECT_GT(one.amount, 0);
    EXPECT_LE(one.amount, kMaxAmount);
  }
}

TEST(DiscountCode, IsTheCampaigns) {
  EXPECT_EQ(discount_code(benefit(70001)), "B70001");
  EXPECT_TRUE(is_discount_code("B1"));
  for (const char* code : {"", "B", "b1", "B1x", "MEMBER-DAY", "B1234567890"}) EXPECT_FALSE(is_discount_code(code));
}

}  // namespace
}  // namespace tillside
