// A member day at the till: what is advised to be taken off, and what becomes of it at "close".
#include "tests/agent/desk/desk_fixture.h"

namespace tillside {
namespace {

using nlohmann::json;

class Discounts : public DeskTest {
 protected:
  void SetUp() override {
    DeskTest::SetUp();
    auto offer = parse_campaign(
        R"({"number":7,"kind":"benefit","name":{"zh":"会员日","en":"Member day"},"conditions":{"verdicts":["member"]},
        "benefit":{"type":"percent_off","basis_points":8000},"active_from":"2026-01-01T00:00:00+08:00",
        "active_until":"2027-12-31T23:59:59+08:00"})");
    ASSERT_TRUE(offer.ok()) << offer.error().field;
    shop.campaigns.push_back(*offer);
    shop.manual_keys["B7"] = "F6";
    window.replace(shop);
    join("13800138000", {5});
  }

  Checkout members(std::int64_t sequence) const { return with_phone(sale(sequence, 10'000), "13800138000"); }
  Checkout at_total(Checkout checkout) const {
    checkout.state = CheckoutState::total;
    checkout.tenders.clear();
    return checkout;
  }
  // As a POS closes it that took `amount` off the line on our advice.
  static Checkout taken_off(Checkout checkout, Minor amount) {
    checkout.lines[0].discount = checkout.totals.discount = amount;
    checkout.totals.net -= amount;
    checkout.tenders[0].amount -= amount;
    checkout.applied_discounts = {{"B7", 1, amount}};
    return checkout;
  }
  static bool differs(const Reply& reply) {
    return std::count(reply.flags.begin(), reply.flags.end(), Flag::discounts_differ) > 0;
  }
};

TEST_F(Discounts, AdviseSaysWhatToTakeOffByLineWithACodeAndAReason) {
  lend(1, 5);
  const json advice = parsed(desk->advise(at_total(members(1))));
  ASSERT_EQ(advice["discounts"].size(), 1u);
  EXPECT_EQ(advice["discounts"][0], json::parse(R"({"code":"B7","campaign":7,"line_no":1,"quantity":"1","amount":2000,
    "reason":{"zh":"会员日：8折","en":"Member day: 20% off"},"manual_key":null})"));
  EXPECT_TRUE(advice["coupons_to_come"].empty());  // 80 yuan are left to pay, 100 are wanted
  EXPECT_EQ(advice["prompts"].back()["code"], "nudge");
  EXPECT_EQ(advice["prompts"].back()["zh"], "再买20元送20元券");
}

TEST_F(Discounts, WhoIsNoMemberIsToldWhyNothingComesOff) {
  lend(1, 5);
  const json advice = parsed(desk->advise(at_total(sale(1))));
  EXPECT_TRUE(advice["discounts"].empty());
  ASSERT_EQ(advice["not_earned"].size(), 1u);
  EXPECT_EQ(advice["not_earned"][0], json::parse(R"({"campaign":7,"title":{"zh":"会员日","en":"Member day"},
    "reason":"verdict","zh":"未减：不是活动对象","en":"not taken off: not for this shopper's standing with the group"})"));
}

TEST_F(Discounts, WhereTheDoorOnlyListensTheKeyIsNamed) {
  Checkout checkout = at_total(members(1));
  checkout.source.adapter = "print";
  const json advice = parsed(desk->advise(checkout));
  EXPECT_EQ(advice["discounts"][0]["manual_key"], "F6");
  EXPECT_EQ(advice["prompts"][1]["code"], "manual_key");
  EXPECT_EQ(advice["prompts"][1]["zh"], "请按F6：8折，第1行共减20元");
}

TEST_F(Discounts, TheSameAdviceBeforeAndAfterThePosAppliedIt) {
  const json first = parsed(desk->advise(at_total(members(1))));
  const json again = parsed(desk->advise(at_total(taken_off(members(1), 2000))));
  EXPECT_EQ(first["discounts"], again["discounts"]);
  EXPECT_EQ(first["showing_id"], again["showing_id"]);
  EXPECT_EQ(first["coupons_to_come"], again["coupons_to_come"]);
}

TEST_F(Discounts, WhatWasAdvisedAndAppliedIsToldToHeadquarters) {
  desk->advise(at_total(members(1)));
  const Reply reply = complete(taken_off(members(1), 2000));
  EXPECT_FALSE(differs(reply));
  EXPECT_THAT(events().back(), ::testing::HasSubstr(R"("ad":[["B7",1,2000]],"av":[["B7",1,2000]])"));
}

TEST_F(Discounts, ADifferenceIsFlaggedAndTold) {
  desk->advise(at_total(members(1)));
  const Reply more = complete(taken_off(members(1), 3000));
  EXPECT_TRUE(differs(more));
  EXPECT_THAT(events().back(), ::testing::HasSubstr(R"("ad":[["B7",1,3000]],"av":[["B7",1,2000]])"));
  desk->advise(at_total(members(2)));
  EXPECT_TRUE(differs(complete(members(2))));
  EXPECT_EQ(complete(members(2)).duplicate, true);
}

TEST_F(Discounts, OnlyTheLastAdviceOfTheOpenCheckoutCounts) {
  desk->advise(at_total(members(1)));
  desk->advise(at_total(sale(1, 10'000)));  // the phone number was taken back
  EXPECT_FALSE(differs(complete(sale(1, 10'000))));
  EXPECT_FALSE(differs(complete(members(2))));  // never advised: nothing to be held to
}

TEST_F(Discounts, ADoorThatOnlyListensIsHeldToWhatMoreWasTakenOff) {
  Checkout checkout = members(1);
  checkout.source.adapter = "print";
  desk->advise(at_total(checkout));
  Checkout closed = taken_off(checkout, 2000);
  closed.applied_discounts.clear();
  EXPECT_FALSE(differs(complete(closed)));
  EXPECT_THAT(events().back(), ::testing::HasSubstr(R"("av":[["B7",1,2000]],"ai":2000)"));
  checkout = members(2);
  checkout.source.adapter = "print";
  desk->advise(at_total(checkout));
  EXPECT_TRUE(differs(complete(checkout)));
  EXPECT_THAT(events().back(), ::testing::HasSubstr(R"("ai":0)"));
}

TEST_F(Discounts, WhatTheTillItselfWithholdsIsWorded) {
  const json answer = parsed(complete(sale(1)));
  EXPECT_EQ(answer["not_earned"], json::parse(R"([{"campaign":1,"reason":"quota_used_up",
    "zh":"未发：本机借得的额度已用完","en":"not issued: the budget lent to this till is used up"}])"));
}

}  // namespace
}  // namespace tillside
