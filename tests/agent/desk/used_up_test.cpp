// What is promised at "total" is what can still be issued here.
#include "tests/agent/desk/desk_fixture.h"

namespace tillside {
namespace {

using nlohmann::json;

class UsedUp : public DeskTest {
 protected:
  json advice(Minor net = 12'345) {
    Checkout total = sale(++sequence_, net);
    total.state = CheckoutState::total;
    return parsed(desk->advise(total));
  }
  static std::set<std::string> prompts(const json& advice) {
    std::set<std::string> codes;
    for (const json& prompt : advice["prompts"]) codes.insert(prompt["code"]);
    return codes;
  }
  void add(const char* text) {
    auto campaign = parse_campaign(text);
    ASSERT_TRUE(campaign.ok()) << campaign.error().field;
    shop.campaigns.push_back(*campaign);
    window.replace(shop);
  }
  std::int64_t sequence_ = 100;
};

TEST_F(UsedUp, NothingIsPromisedThatCannotBeIssued) {
  const json before = advice();
  EXPECT_TRUE(before["coupons_to_come"].empty()) << "nothing is lent yet";
  EXPECT_EQ(before["not_earned"][0]["reason"], "quota_used_up");
  EXPECT_FALSE(prompts(before).contains("coupon_to_come"));
  lend(1, 1);
  EXPECT_EQ(advice()["coupons_to_come"].size(), 1u);
  EXPECT_TRUE(prompts(advice(9'900)).contains("nudge"));
  EXPECT_EQ(complete(sale(1)).coupons, 1u);
  EXPECT_TRUE(advice()["coupons_to_come"].empty());
  EXPECT_FALSE(prompts(advice(9'900)).contains("nudge")) << "a little more would earn nothing";
  lend(1, 2);
  EXPECT_EQ(advice()["coupons_to_come"].size(), 1u);
}

TEST_F(UsedUp, IsKnownAgainAfterARestart) {
  lend(1, 1);
  reopen();
  EXPECT_EQ(advice()["coupons_to_come"].size(), 1u);
  complete(sale(1));
  reopen();
  EXPECT_TRUE(advice()["coupons_to_come"].empty());
}

TEST_F(UsedUp, TheNextCampaignOfTheGroupTakesItsPlace) {
  add(R"({"number":2,"kind":"next_visit","name":{"zh":"满50减5","en":"5 off"},"priority":20,"group":"basket",
    "conditions":{"min_total":5000},"reward":{"type":"amount_off","amount":500,"min_spend":5000},
    "valid_after_hours":0,"valid_days":7,"policy":"home","budget":{"issue":400,"exposure":40},"quota_per_till":60,
    "active_from":"2026-01-01T00:00:00+08:00","active_until":"2027-12-31T23:59:59+08:00"})");
  lend(1, 1);
  lend(2, 5);
  EXPECT_EQ(parsed(complete(sale(1)))["coupons"][0]["campaign"], 1);
  EXPECT_EQ(advice()["coupons_to_come"][0]["campaign"], 2);
  const json second = parsed(complete(sale(2)));
  ASSERT_EQ(second["coupons"].size(), 1u);
  EXPECT_EQ(second["coupons"][0]["campaign"], 2);
  EXPECT_EQ(second["not_earned"][0]["campaign"], 1);
  EXPECT_EQ(second["not_earned"][0]["reason"], "quota_used_up");
}

TEST_F(UsedUp, ATillThatMayNotIssueSaysThatRatherThanABudget) {
  shop.may_issue = false;
  window.replace(shop);
  EXPECT_EQ(advice()["not_earned"][0]["reason"], "not_ready");
  EXPECT_EQ(parsed(complete(sale(1)))["not_earned"][0]["reason"], "not_ready");
}

}  // namespace
}  // namespace tillside
