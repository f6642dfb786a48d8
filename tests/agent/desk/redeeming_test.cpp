// A coupon at the till that issued it: checked, held, released, taken over, spent, once.
#include <atomic>
#include <thread>

#include "tests/agent/desk/redeeming_fixture.h"

namespace tillside {
namespace {

using nlohmann::json;

TEST_F(RedeemingTest, CheckKnowsItsCouponAndWritesNothing) {
  const auto before = events().size();
  for (const std::string& code : {url(), typed(), std::string(issued["digits"])}) {
    const json answer = check(code);
    EXPECT_EQ(answer["state"], "free") << code;
    EXPECT_EQ(answer["reason"], nullptr);
    EXPECT_EQ(answer["coupon"]["id"], id());
    EXPECT_EQ(answer["coupon"]["home_till"], 17);
    EXPECT_EQ(answer["coupon"]["title"]["zh"], "满100减20");
    EXPECT_EQ(answer["discount"], 2000);
  }
  EXPECT_EQ(events().size(), before);
}

TEST_F(RedeemingTest, CheckJudgesTheBillWhenThereIsOne) {
  EXPECT_EQ(check(url(), total(2))["state"], "free");
  const json small = check(url(), total(2, 9'900));
  EXPECT_EQ(small["state"], "refused");
  EXPECT_EQ(small["reason"], "min_spend");
  EXPECT_EQ(small["missing"], 100);
  EXPECT_EQ(small["coupon"]["id"], id());
}

TEST_F(RedeemingTest, WhatIsNoCodeTellsNoCoupon) {
  const json answer = check("hello");
  EXPECT_EQ(answer["reason"], "not_a_code");
  EXPECT_EQ(answer["coupon"], nullptr);
}

TEST_F(RedeemingTest, AHoldHasItsStateHoweverOftenItIsAsked) {
  const json first = hold("h1", url());
  EXPECT_EQ(first["state"], "approved");
  EXPECT_EQ(first["hold_id"], "h1");
  EXPECT_EQ(hold("h1", url()), first);
  EXPECT_EQ(hold("h1", typed()), first) << "the same coupon by its other name";
  const json other = hold("h2", url(), "L3");
  EXPECT_EQ(other["reason"], "held");
  EXPECT_EQ(other["works_at"]["lane"], "L2");
  EXPECT_EQ(check(url())["reason"], "held");
  EXPECT_EQ(caps().count, 1);
}

TEST_F(RedeemingTest, AHoldIdIsOfOneCoupon) {
  const std::string second = parsed(complete(sale(2)))["coupons"][0]["url"];
  hold("h1", url());
  const Reply reply = hold_reply("h1", second);
  ASSERT_TRUE(reply.error);
  EXPECT_EQ(reply.error->code, ErrorCode::conflict);
}

TEST_F(RedeemingTest, AHoldSurvivesARestartAndNeverLapses) {
  hold("h1", url());
  reopen();
  clock.set(clock.now().plus_ms(400 * kDay));
  EXPECT_EQ(hold("h2", url(), "L3")["reason"], "held");
  EXPECT_EQ(hold("h1", url())["state"], "approved");
  const json sold = parsed(complete(spending(9, {url()})));
  EXPECT_EQ(sold["redeemed"][0]["id"], id()) << "what was promised stands, however late";
}

TEST_F(RedeemingTest, ReleasedItIsFree) {
  hold("h1", url());
  EXPECT_EQ(release("h1")["state"], "released");
  EXPECT_EQ(release("h1")["state"], "released");
  EXPECT_EQ(caps().count, 0);
  EXPECT_EQ(hold("h1", url())["state"], "released") << "a hold that ended stays so";
  EXPECT_EQ(hold("h2", url())["state"], "approved");
}

TEST_F(RedeemingTest, AReleaseThatOvertakesItsHoldEndsIt) {
  EXPECT_EQ(release("h1")["state"], "released");
  EXPECT_EQ(hold("h1", url())["state"], "released");
  EXPECT_EQ(check(url())["state"], "free");
}

TEST_F(RedeemingTest, ACashierTakesAHoldOver) {
  hold("h1", url(), "L2");
  EXPECT_EQ(hold("h2", url(), "L3", {}, true)["state"], "approved");
  EXPECT_EQ(hold("h1", url())["state"], "released");
  EXPECT_EQ(parsed(complete(spending(2, {url()})))["unapproved"][0]["reason"], "held");
  Checkout there = spending(3, {url()});
  there.lane_id = "L3";
  EXPECT_EQ(parsed(complete(there))["redeemed"].size(), 1u);
  EXPECT_EQ(caps().count, 1);
}

TEST_F(RedeemingTest, TheSaleSpendsItThroughItsHold) {
  hold("h1", url(), "L2", total(2));
  const json sold = parsed(complete(spending(2, {typed()})));
  ASSERT_EQ(sold["redeemed"].size(), 1u) << sold;
  EXPECT_EQ(sold["redeemed"][0]["id"], id());
  EXPECT_EQ(sold["redeemed"][0]["value"], 2000);
  EXPECT_EQ(sold["redeemed"][0]["index"], 0);
  EXPECT_TRUE(sold["unapproved"].empty());
  EXPECT_EQ(hold("h1", url())["state"], "spent");
  EXPECT_EQ(check(url())["reason"], "spent");
  EXPECT_NE(events().back().find(R"("u":[[17,0,1,1,2000,""]])"), std::string::npos) << events().back();
}

TEST_F(RedeemingTest, ASaleWithoutAHoldIsJudgedByItself) {
  EXPECT_EQ(parsed(complete(spending(2, {url()})))["redeemed"].size(), 1u);
  EXPECT_EQ(caps().count, 1);
  EXPECT_EQ(caps().value, 2000);
  const json again = parsed(complete(spending(3, {url()})));
  EXPECT_TRUE(again["redeemed"].empty());
  EXPECT_EQ(again["unapproved"][0]["reason"], "spent");
  EXPECT_EQ(again["unapproved"][0]["id"], id());
  EXPECT_EQ(again["sale"], true) << "the sale stands";
  EXPECT_NE(events().back().find(R"("un":[[")" + id() + R"(","spent",0]])"), std::string::npos) << events().back();
}

TEST_F(RedeemingTest, TheFirstAnswerComesBackByteForByte) {
  const Reply first = complete(spending(2, {url(), "hello"}));
  const Reply again = complete(spending(2, {url(), "hello"}));
  EXPECT_TRUE(again.duplicate);
  EXPECT_EQ(first.body, again.body);
  reopen();
  EXPECT_EQ(complete(spending(2, {url(), "hello"})).body, first.body);
  EXPECT_EQ(parsed(first)["redeemed"].size(), 1u);
  EXPECT_EQ(parsed(first)["unapproved"][0]["id"], nullptr);
  EXPECT_EQ(parsed(first)["unapproved"][0]["index"], 1);
  EXPECT_EQ(caps().count, 1);
}

TEST_F(RedeemingTest, TheSameCouponTwiceOnOneBillIsRedeemedOnce) {
  const json sold = parsed(complete(spending(2, {url(), typed()})));
  EXPECT_EQ(sold["redeemed"].size(), 1u);
  EXPECT_EQ(sold["unapproved"][0]["reason"], "spent");
}

TEST_F(RedeemingTest, OneOfACampaignOnABill) {
  const std::string second = parsed(complete(sale(2)))["coupons"][0]["url"];
  const json sold = parsed(complete(spending(3, {url(), second})));
  EXPECT_EQ(sold["redeemed"].size(), 1u);
  EXPECT_EQ(sold["unapproved"][0]["reason"], "not_with_others");
  EXPECT_EQ(check(second)["state"], "free") << "it was not used up";
}

TEST_F(RedeemingTest, WhatThePosTookOffAllTheSameIsTold) {
  complete(spending(2, {url()}));
  Checkout stubborn = spending(3, {url()});
  stubborn.applied_discounts = {{id(), 0, 2000}};
  stubborn.totals = {12'345, 2'000, 0, 10'345};
  stubborn.tenders = {{TenderType::wechat, 10'345}};
  EXPECT_EQ(parsed(complete(stubborn))["unapproved"][0]["applied"], 2000);
}

TEST_F(RedeemingTest, TheMinimumIsAskedOfTheBillBeforeTheCoupon) {
  Checkout just = spending(2, {url()}, 10'000);
  just.applied_discounts = {{id(), 0, 2000}};
  just.totals = {10'000, 2'000, 0, 8'000};
  just.tenders = {{TenderType::wechat, 8'000}};
  EXPECT_EQ(parsed(complete(just))["redeemed"].size(), 1u);
}

TEST_F(RedeemingTest, TooSmallABillIsUnapprovedAndTheHoldEndsWithIt) {
  hold("h1", url(), "L2", total(2));
  const json sold = parsed(complete(spending(2, {url()}, 5'000)));
  EXPECT_EQ(sold["unapproved"][0]["reason"], "min_spend");
  EXPECT_EQ(hold("h1", url())["state"], "released");
  EXPECT_EQ(check(url())["state"], "free");
}

TEST_F(RedeemingTest, ABillThatClosesWithoutTheCouponLetsItGo) {
  hold("h1", url(), "L2", total(2));
  complete(sale(2));
  EXPECT_EQ(hold("h1", url())["state"], "released");
}

TEST_F(RedeemingTest, ItIsHeldForItsBillAndNoOther) {
  hold("h1", url(), "L2", total(2));
  EXPECT_EQ(parsed(complete(spending(3, {url()})))["unapproved"][0]["reason"], "held");
  EXPECT_EQ(parsed(complete(spending(2, {url()})))["redeemed"].size(), 1u);
}

TEST_F(RedeemingTest, AVoidOfTheBillLetsItGo) {
  hold("h1", url(), "L2", total(2));
  Checkout away = sale(2);
  away.state = CheckoutState::voided;
  reverse(away);
  EXPECT_EQ(hold("h1", url())["state"], "released");
}

TEST_F(RedeemingTest, TheDaysCloseLetsALanesHoldsGo) {
  const std::string second = parsed(complete(sale(2)))["coupons"][0]["url"];
  hold("h1", url(), "L2");
  hold("h2", second, "L3");
  Checkout close = sale(50);
  close.state = CheckoutState::day_close;
  close.lines.clear();
  close.tenders.clear();
  close.totals = {};
  event(close);
  EXPECT_EQ(hold("h1", url(), "L2")["state"], "released");
  EXPECT_EQ(hold("h2", second, "L3")["state"], "approved");
}

TEST_F(RedeemingTest, TrainingRedeemsNothing) {
  Checkout training = spending(2, {url()});
  training.training = true;
  EXPECT_EQ(parsed(complete(training))["unapproved"][0]["reason"], "training");
  EXPECT_EQ(check(url())["state"], "free");
}

TEST_F(RedeemingTest, ARevokedCouponIsRefused) {
  Checkout away = sale(3);
  away.state = CheckoutState::voided;
  away.original.emplace().checkout_id = sale(1).checkout_id;
  reverse(away);
  EXPECT_EQ(check(url())["reason"], "revoked");
  EXPECT_EQ(check(typed())["reason"], "revoked");
}

TEST_F(RedeemingTest, WhatHomeYieldedItDoesNotDecide) {
  ASSERT_TRUE(store->writer().run([&](store::Session& session) {
    session.redeeming().yield(store::coupon_number({17, 0}, 1));
  }));
  EXPECT_EQ(check(url())["reason"], "yielded");
  EXPECT_EQ(check(url())["works_at"]["online"], true);
}

TEST_F(RedeemingTest, OutOfItsValidityItIsRefused) {
  shop.campaigns[0].valid_after_hours = 2;
  window.replace(shop);
  const std::string later = parsed(complete(sale(2)))["coupons"][0]["url"];
  EXPECT_EQ(check(later)["reason"], "not_yet");
  clock.set(clock.now().plus_ms(2 * kHour));
  EXPECT_EQ(check(later)["state"], "free");
  clock.set(clock.now().plus_ms(8 * kDay));
  EXPECT_EQ(check(later)["reason"], "expired");
}

TEST_F(RedeemingTest, ALateSaleIsJudgedAtItsOwnTime) {
  Checkout late = spending(2, {url()});
  clock.set(clock.now().plus_ms(20 * kDay));
  EXPECT_EQ(parsed(complete(late))["redeemed"].size(), 1u);
}

TEST_F(RedeemingTest, BeforeTheContactNothingIsRedeemed) {
  shop.may_issue = false;
  window.replace(shop);
  EXPECT_EQ(check(url())["reason"], "not_ready");
}

TEST_F(RedeemingTest, AForgedCodeDoesNotUseAnothersHold) {
  hold("h1", url(), "L2");
  auto text = *read_coupon_text(url());
  CouponBody body = *decode_coupon(text.body);
  body.staff = 9;
  text.body = *encode_coupon(body);
  const std::string forged = coupon_url("t.example.cn", text.body, text.signature);
  EXPECT_EQ(parsed(complete(spending(2, {forged})))["unapproved"][0]["reason"], "forged");
  EXPECT_EQ(hold("h2", forged, "L2", {}, true)["reason"], "forged");
  EXPECT_EQ(hold("h1", url())["state"], "approved");
}

TEST_F(RedeemingTest, AnEndedEpochsHoldsPromiseNothing) {
  hold("h1", url(), "L2");
  ASSERT_TRUE(store->writer().run([](store::Session& session) {
    session.begin_epoch({1}, false);
    session.begin_epoch({2}, false);
  }));
  shop.key.generation = 1;
  window.replace(shop);
  EXPECT_EQ(hold("h1", url())["state"], "released");
  EXPECT_EQ(parsed(complete(spending(2, {url()})))["unapproved"][0]["reason"], "ended_epoch");
}

TEST_F(RedeemingTest, WithoutItsTermsItIsForOnline) {
  shop.campaigns.clear();
  window.replace(shop);
  EXPECT_EQ(check(url())["reason"], "unknown_campaign");
}

TEST_F(RedeemingTest, CapsHoldUntilTheNextContact) {
  shop.redeem_limits.cap_count = 1;
  window.replace(shop);
  const std::string second = parsed(complete(sale(2)))["coupons"][0]["url"];
  EXPECT_EQ(hold("h1", url())["state"], "approved");
  EXPECT_EQ(hold("h2", second)["reason"], "cap");
  EXPECT_EQ(parsed(complete(spending(3, {second})))["unapproved"][0]["reason"], "cap");
  ASSERT_TRUE(store->writer().run([](store::Session& session) { session.redeeming().reset_caps(); }));
  EXPECT_EQ(hold("h3", second)["state"], "approved");
}

TEST_F(RedeemingTest, GuessedTypedFormsAreStopped) {
  for (int i = 0; i < TypedTries::kMisses; ++i) {
    TypedCode guess = *read_typed(typed());
    guess.mac ^= static_cast<std::uint64_t>(i + 1);
    ASSERT_EQ(check(format_typed(guess))["reason"], "forged") << i;
  }
  EXPECT_EQ(check(typed())["reason"], "too_many_tries");
  EXPECT_EQ(check(url())["state"], "free") << "a scanned code is never a guess";
  clock.set(clock.now().plus_ms(kMinute / TypedTries::kMisses));
  EXPECT_EQ(check(typed())["state"], "free");
}

TEST_F(RedeemingTest, ATypedFormOfAnotherTillSaysWhereItWorks) {
  TypedCode other = *read_typed(typed());
  other.till = 18;
  const json answer = check(format_typed(other));
  EXPECT_EQ(answer["reason"], "needs_network");
  EXPECT_EQ(answer["works_at"]["till"], 18);
}

// Whoever asks first has it: 64 at a time, half by a sale, half by a hold.
TEST_F(RedeemingTest, OfSixtyFourCallersExactlyOneIsApproved) {
  std::atomic<int> approved{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 64; ++i) {
    callers.emplace_back([&, i] {
      if (i % 2 == 0) {
        approved += static_cast<int>(parsed(complete(spending(100 + i, {url()})))["redeemed"].size());
      } else if (hold("h" + std::to_string(i), url(), "L9")["state"] == "approved") {
        ++approved;
      }
    });
  }
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(approved, 1);
}

}  // namespace
}  // namespace tillside
