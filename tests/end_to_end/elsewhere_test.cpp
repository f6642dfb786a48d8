// Two tills and headquarters: a coupon of the one is wanted at the other, its home is away, comes back, was quicker;
// and what its sale taken back does to it.
#include <gtest/gtest.h>

#include <chrono>
#include <ctime>

#include "tests/fakes/store_day.h"
#include "tests/fakes/town.h"

namespace tillside::fakes {
namespace {

using nlohmann::json;

std::string local_now(const char* format) {
  constexpr std::time_t kEightHours = 8 * 3600;
  const std::time_t now = std::time(nullptr) + kEightHours;
  std::tm fields{};
  ::gmtime_r(&now, &fields);
  char text[40];
  return {text, std::strftime(text, sizeof text, format, &fields)};
}

// A sale as it happens now.
json sale_now(int sequence, std::int64_t net, const std::vector<std::string>& coupons = {}) {
  json document = simple_sale("L1", sequence, net);
  document["business_date"] = local_now("%Y-%m-%d");
  document["occurred_at"] = local_now("%Y-%m-%dT%H:%M:%S+08:00");
  document["coupons"] = coupons;
  return document;
}

// All of it comes back.
json return_of(const json& sale, int sequence) {
  json document = sale;
  const std::int64_t net = -sale["totals"]["net"].get<std::int64_t>();
  document["state"] = "returned";
  document["sequence"] = sequence;
  document["checkout_id"] = "return-" + std::to_string(sequence);
  document["occurred_at"] = local_now("%Y-%m-%dT%H:%M:%S+08:00");
  document["coupons"] = json::array();
  document["original"] = {{"checkout_id", sale["checkout_id"]}};
  json& line = document["lines"][0];
  line["kind"] = "returned";
  line["quantity"] = "-1";
  line["amount"] = net;
  document["totals"] = {{"gross", net}, {"discount", 0}, {"tax", 0}, {"net", net}};
  document["tenders"][0]["amount"] = net;
  return document;
}

json campaign(const char* policy, int exposure) {
  json one = simple_campaign(1, 1'000, 50);
  one["policy"] = policy;
  one["budget"]["exposure"] = exposure;
  return json::array({one});
}

class Elsewhere : public ::testing::Test {
 protected:
  // `home` has issued a coupon for each of two sales; `away` knows its key.
  void open(const char* policy, int exposure = 10) {
    home = open_shop(town, campaign(policy, exposure));
    away = town.add_till("away");
    away->start();
    away->enroll();
    away->wait_until_ready(1);
    for (int i = 1; i <= 2; ++i) {
      sales.push_back(sale_now(i, 20'000));
      coupons.push_back(complete(*home, sales.back())["coupons"][0]["url"]);
    }
    wait_until("the key directory", [&] {
      const auto answer = away->client().post("/v1/coupons/check", json{{"code", coupons[0]}}.dump());
      return answer && answer->json()["reason"].is_null();
    });
  }

  static json complete(Till& till, const json& document) {
    JsonClient client = till.client();
    const auto answer = client.post(call_for(document), document.dump());
    if (!answer || answer->status != 200) throw std::runtime_error(answer ? answer->body : "no answer");
    return answer->json();
  }
  static json hold(Till& till, const std::string& id, const std::string& code) {
    const auto answer =
        till.client().post("/v1/coupons/hold", json{{"hold_id", id}, {"code", code}, {"lane_id", "L1"}}.dump());
    if (!answer || answer->status != 200) throw std::runtime_error(answer ? answer->body : "no answer");
    return answer->json();
  }
  // The cashier's key again and again, as long as headquarters has not said.
  static json settled_hold(Till& till, const std::string& id, const std::string& code) {
    json answer;
    wait_until("headquarters' word", [&] { return (answer = hold(till, id, code))["state"] != "asking"; });
    return answer;
  }
  static void hold_in_the_end(Till& till, const std::string& id, const std::string& code) {
    json answer;
    wait_until("a grant", [&] { return (answer = hold(till, id, code))["state"] == "approved"; });
  }
  void cut_off(Till& till) {
    till.network().cut();
    wait_until("being offline", [&] { return till.status()["online"] == false; });
  }
  void bring_back(Till& till) {
    till.network().restore();
    wait_until("being online", [&] { return till.status()["online"] == true; });
  }
  json doubles() { return town.get("reports/double-redemptions")["coupons"]; }

  Town town;
  std::unique_ptr<Till> home, away;
  std::vector<json> sales;
  std::vector<std::string> coupons;
};

TEST_F(Elsewhere, HomeIsAwayAndItsWordGivesTheExposureBack) {
  open("home", 1);
  cut_off(*home);
  ASSERT_EQ(settled_hold(*away, "h1", coupons[0])["state"], "approved");
  EXPECT_EQ(complete(*away, sale_now(11, 20'000, {coupons[0]}))["redeemed"].size(), 1u);
  const json refused = settled_hold(*away, "h2", coupons[1]);
  EXPECT_EQ(refused["reason"], "no_exposure");
  EXPECT_EQ(refused["works_at"]["till"], home->number());

  bring_back(*home);
  hold_in_the_end(*away, "h2", coupons[1]);
  EXPECT_EQ(complete(*away, sale_now(12, 20'000, {coupons[1]}))["redeemed"].size(), 1u);

  cut_off(*home);
  EXPECT_EQ(hold(*home, "h3", coupons[0])["reason"], "yielded") << "it was wanted before the second";
  bring_back(*home);
  EXPECT_EQ(settled_hold(*home, "h3", coupons[0])["reason"], "spent") << "headquarters decides it now, here as well";
  wait_until_equal(town, *home);
  wait_until_equal(town, *away);
  EXPECT_TRUE(doubles().empty()) << doubles();
}

TEST_F(Elsewhere, StrictIsRefusedUntilHomeHasAnswered) {
  open("strict");
  cut_off(*home);
  const json refused = settled_hold(*away, "h1", coupons[0]);
  EXPECT_EQ(refused["reason"], "home_only");
  EXPECT_EQ(refused["works_at"]["till"], home->number());
  EXPECT_EQ(complete(*home, sale_now(21, 20'000, {coupons[1]}))["redeemed"].size(), 1u) << "home decides alone";
  EXPECT_EQ(settled_hold(*away, "h2", coupons[1])["reason"], "home_only");

  bring_back(*home);
  hold_in_the_end(*away, "h1", coupons[0]);
  wait_until("what home spent", [&] { return settled_hold(*away, "h2", coupons[1])["reason"] == "spent"; });

  const auto released = away->client().post("/v1/coupons/release", json{{"hold_id", "h1"}}.dump());
  ASSERT_TRUE(released && released->status == 200);
  hold_in_the_end(*home, "h3", coupons[0]);
  EXPECT_EQ(complete(*home, sale_now(22, 20'000, {coupons[0]}))["redeemed"].size(), 1u);
  wait_until_equal(town, *home);
  EXPECT_EQ(settled_hold(*away, "h4", coupons[0])["reason"], "spent");
  EXPECT_TRUE(doubles().empty()) << doubles();
}

TEST_F(Elsewhere, WhatHomeSpentMeanwhileIsNamedWithBothTills) {
  open("home");
  cut_off(*home);
  ASSERT_EQ(settled_hold(*away, "h1", coupons[0])["state"], "approved");
  EXPECT_EQ(complete(*away, sale_now(11, 20'000, {coupons[0]}))["redeemed"].size(), 1u);
  EXPECT_EQ(complete(*home, sale_now(21, 20'000, {coupons[0]}))["redeemed"].size(), 1u) << "home does not know";
  away->wait_until_sent();

  bring_back(*home);
  wait_until("the report", [&] { return doubles().size() == 1; });
  const json found = doubles()[0];
  ASSERT_EQ(found["redemptions"].size(), 2u);
  EXPECT_EQ(found["redemptions"][0]["till"], away->number());
  EXPECT_EQ(found["redemptions"][1]["till"], home->number());
  wait_until_equal(town, *home);
  EXPECT_EQ(doubles()[0]["exposed"], 1) << "its unit stays used: " << doubles();
}

TEST_F(Elsewhere, ATillKilledBetweenReserveAndSaleRedeemsOnce) {
  open("home");
  away->network().lose_answers_to("/v1/reservations");
  EXPECT_EQ(hold(*away, "h1", coupons[0])["state"], "asking") << "the answer was lost on its way";
  away->kill_now();
  away->network().lose_nothing();
  away->start();
  away->wait_until_ready(1);
  ASSERT_EQ(settled_hold(*away, "h1", coupons[0])["state"], "approved");
  away->kill_now();
  away->start();
  EXPECT_EQ(settled_hold(*away, "h1", coupons[0])["state"], "approved") << "a hold survives";
  const json sale = sale_now(11, 20'000, {coupons[0]});
  EXPECT_EQ(complete(*away, sale)["redeemed"].size(), 1u);
  away->kill_now();
  away->start();
  EXPECT_EQ(complete(*away, sale)["redeemed"].size(), 1u) << "the same answer";
  away->wait_until_ready(1);
  wait_until_equal(town, *away);
  EXPECT_TRUE(doubles().empty()) << doubles();
}

TEST_F(Elsewhere, ACouponSpentAtHomeIsClawedBackAsPreviewed) {
  open("home");
  EXPECT_EQ(complete(*home, sale_now(3, 20'000, {coupons[0]}))["redeemed"].size(), 1u);
  const json back = return_of(sales[0], 4);
  const auto advised = home->client().post("/v1/checkouts/advise", back.dump());
  ASSERT_TRUE(advised && advised->status == 200);
  const json preview = advised->json()["reversal"], done = complete(*home, back);
  EXPECT_EQ(done["clawed_back"], 200);
  EXPECT_EQ(done["claw_backs"].size(), 1u);
  for (const auto& [name, value] : preview.items()) EXPECT_EQ(done[name], value) << name;
  wait_until_equal(town, *home);
}

TEST_F(Elsewhere, ACouponSpentElsewhereIsPendingWhenItsSaleComesBack) {
  open("home");
  ASSERT_EQ(settled_hold(*away, "h1", coupons[0])["state"], "approved");
  EXPECT_EQ(complete(*away, sale_now(11, 20'000, {coupons[0]}))["redeemed"].size(), 1u);
  const json back = return_of(sales[0], 4);
  json preview;
  wait_until("home to hear that it is wanted", [&] {
    const auto advised = home->client().post("/v1/checkouts/advise", back.dump());
    preview = advised->json()["reversal"];
    return !preview["pending"].empty();
  });
  const json done = complete(*home, back);
  EXPECT_EQ(done["pending"], preview["pending"]);
  EXPECT_TRUE(done["revoked"].empty());
  EXPECT_TRUE(done["claw_backs"].empty());
  wait_until_equal(town, *home);
}

}  // namespace
}  // namespace tillside::fakes
