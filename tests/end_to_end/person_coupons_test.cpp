// A shopper's coupons from headquarters to the till: a welcome found by her scan and spent once, vouchers handed over.
#include <gtest/gtest.h>

#include "tests/fakes/store_day.h"
#include "tests/fakes/town.h"

namespace tillside::fakes {
namespace {

using nlohmann::json;

json campaign(int number, const char* kind, json reward) {
  json terms = simple_campaign(number, 20, 5);
  for (const char* unused : {"priority", "group", "conditions"}) terms.erase(unused);
  terms["kind"] = kind;
  terms["reward"] = std::move(reward);
  return terms;
}

json at_total(int sequence, const char* proof) {
  json document = simple_sale("L1", sequence, 8'000);
  document["state"] = "total";
  for (const char* later : {"tenders", "occurred_at"}) document.erase(later);
  document["customer"] = {{"ids", json::array({{{"type", "phone"}, {"value", "13800131708"}, {"proof", proof}}})}};
  return document;
}

json usable(JsonClient& client, int sequence, const char* proof = "scanned") {
  const auto answer = client.post("/v1/checkouts/advise", at_total(sequence, proof).dump());
  return answer ? answer->json().value("usable_coupons", json::array()) : json::array();
}

json sell_with(JsonClient& client, const std::string& lane, int sequence, const std::string& coupon,
               std::int64_t net = 8'000) {
  json document = simple_sale(lane, sequence, net);
  document["customer"] = at_total(sequence, "scanned")["customer"];
  document["coupons"] = coupon.empty() ? json::array() : json::array({coupon});
  document.erase("occurred_at");  // now
  const auto answer = client.post("/v1/checkouts/complete", document.dump());
  return answer ? answer->json() : json::object();
}

class PersonCoupons : public ::testing::Test {
 protected:
  void SetUp() override {
    town.add_campaigns(
        json::array({simple_campaign(1, 100, 10, 1'000'000),
                     campaign(7, "welcome", {{"type", "amount_off"}, {"amount", 1000}, {"min_spend", 5000}}),
                     campaign(8, "pickup", {{"type", "item"}, {"item", 4711}, {"worth", 1500}})}));
    for (auto* till : {&first, &second}) {
      *till = town.add_till(till == &first ? "first" : "second");
      (*till)->start();
      (*till)->enroll();
      (*till)->wait_until_ready(1);
    }
  }
  Town town;
  std::unique_ptr<Till> first, second;
};

TEST_F(PersonCoupons, AWelcomeIsListedOnHerScanAndSpentOnce) {
  const json imported =
      town.post("members/import?authoritative=phone",
                "member_id,phone,stores,first_joined\nM1,13800131708,0123,2026-11-20T09:00:00+08:00\n", "text/csv");
  EXPECT_EQ(imported["welcomed"], 1);
  JsonClient at_first = first->client(), at_second = second->client();
  wait_until("her coupon at the first till", [&] { return usable(at_first, 1).size() == 1; });
  wait_until("her coupon at the second till", [&] { return usable(at_second, 1).size() == 1; });
  EXPECT_EQ(usable(at_first, 1, "named"), json::array());
  const json listed = usable(at_first, 1);
  EXPECT_EQ(listed[0]["state"], "free");
  const std::string id = listed[0]["coupon"]["id"];
  EXPECT_EQ(listed[0]["coupon"]["home_till"], first->number());

  first->network().cut();
  const json sold = sell_with(at_first, "L1", 2, id);
  ASSERT_EQ(sold["redeemed"].size(), 1u) << sold.dump();
  EXPECT_EQ(sold["redeemed"][0]["value"], 1000);
  EXPECT_EQ(usable(at_first, 3), json::array());
  first->network().restore();
  first->wait_until_sent();
  wait_until("the second till to hear of it", [&] { return usable(at_second, 4).empty(); });
  const json again = sell_with(at_second, "L2", 5, id);
  EXPECT_EQ(again["redeemed"].size(), 0u);
  EXPECT_EQ(town.get("reports/double-redemptions")["count"], 0);
}

TEST_F(PersonCoupons, WhatSheEarnedAtATillIsFoundByHerScanAndSpentOnce) {
  town.post("members/import?authoritative=phone", "member_id,phone,stores\nM1,13800131708,0123\n", "text/csv");
  JsonClient at_first = first->client(), at_second = second->client();
  const auto is_member = [&](JsonClient& client) {
    const auto answer = client.post("/v1/checkouts/advise", at_total(1, "scanned").dump());
    return answer && answer->json()["verdict"].value("status", "") == "member";
  };
  wait_until("the tills to know her", [&] { return is_member(at_first) && is_member(at_second); });
  const json earned = sell_with(at_first, "L1", 2, "", 1'000'000);
  ASSERT_EQ(earned["coupons"].size(), 1u) << earned.dump();
  const std::string id = earned["coupons"][0]["id"], paper = earned["coupons"][0]["url"];
  wait_until("her coupon at the other till", [&] { return usable(at_second, 3).size() == 1; });
  wait_until("her coupon at its home", [&] { return usable(at_first, 3).size() == 1; });
  EXPECT_EQ(usable(at_second, 3)[0]["coupon"]["id"], id);
  EXPECT_EQ(usable(at_second, 3)[0]["coupon"]["home_till"], first->number());
  EXPECT_EQ(usable(at_first, 3, "named"), json::array());
  EXPECT_EQ(usable(at_first, 3)[0]["state"], "free") << usable(at_first, 3).dump();

  first->network().cut();
  const json sold = sell_with(at_first, "L1", 4, id);
  ASSERT_EQ(sold["redeemed"].size(), 1u) << sold.dump();
  EXPECT_EQ(sell_with(at_first, "L1", 5, id)["unapproved"][0]["reason"], "spent");
  EXPECT_EQ(sell_with(at_first, "L1", 6, paper)["unapproved"][0]["reason"], "spent") << "its paper is the same coupon";
  first->network().restore();
  first->wait_until_sent();
  wait_until("the other till to hear of it", [&] { return usable(at_second, 7).empty(); });
  EXPECT_EQ(sell_with(at_second, "L2", 8, paper)["redeemed"].size(), 0u);
  EXPECT_EQ(town.get("reports/double-redemptions")["count"], 0);
}

TEST_F(PersonCoupons, WhatSheEarnedIsSpentAtAnotherTillOnHeadquartersWord) {
  town.post("members/import?authoritative=phone", "member_id,phone,stores\nM1,13800131708,0123\n", "text/csv");
  JsonClient at_first = first->client(), at_second = second->client();
  const json earned = sell_with(at_first, "L1", 2, "", 1'000'000);
  ASSERT_EQ(earned["coupons"].size(), 1u) << earned.dump();
  const std::string id = earned["coupons"][0]["id"];
  wait_until("her coupon at the other till", [&] { return usable(at_second, 3).size() == 1; });
  json call{{"hold_id", "h1"}, {"code", id}, {"lane_id", "L1"}, {"checkout", at_total(4, "scanned")}};
  const auto held = at_second.post("/v1/coupons/hold", call.dump());
  ASSERT_TRUE(held);
  EXPECT_EQ(held->json()["state"], "approved") << held->json().dump();
  const json sold = sell_with(at_second, "L1", 4, id);
  ASSERT_EQ(sold["redeemed"].size(), 1u) << sold.dump();
  second->wait_until_sent();
  wait_until("its home to hear of it", [&] { return usable(at_first, 5).empty(); });
}

TEST_F(PersonCoupons, VouchersAreHandedOverOnceWithoutASale) {
  const json made =
      town.post("coupons", json{{"campaign", 8}, {"store_id", "0123"}, {"count", 2}, {"order", "o"}}.dump());
  const std::string url = made["coupons"][0]["url"], typed = made["coupons"][1]["typed"];
  JsonClient at_first = first->client(), at_second = second->client();
  const auto hand_over = [&](JsonClient& client, const std::string& code, const std::string& hold) {
    const json call{{"hold_id", hold}, {"code", code}, {"lane_id", "L1"}, {"operator_id", "E1007"}};
    const auto answer = client.post("/v1/coupons/hand-over", call.dump());
    return answer ? answer->json() : json::object();
  };
  wait_until("the vouchers at their home", [&] {
    const auto answer = at_first.post("/v1/coupons/check", json{{"code", url}}.dump());
    return answer && answer->json()["coupon"].value("home_till", 0u) == first->number();
  });
  first->network().cut();
  EXPECT_EQ(hand_over(at_first, typed, "t")["state"], "spent") << "its home needs no network";
  EXPECT_EQ(hand_over(at_first, url, "u")["state"], "spent");
  EXPECT_EQ(hand_over(at_first, url, "u")["state"], "spent") << "the same call again";
  EXPECT_EQ(hand_over(at_first, url, "v")["reason"], "spent");
  first->network().restore();
  first->wait_until_sent();
  EXPECT_EQ(hand_over(at_second, url, "w")["state"], "refused");
  wait_until("headquarters to count them",
             [&] { return town.get("reports/handed-over")["rows"][0]["handed_over"] == 2; });
}

}  // namespace
}  // namespace tillside::fakes
