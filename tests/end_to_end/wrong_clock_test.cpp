// A machine comes up with its clock a year off and no network: the shop sells, hands out no coupon it could not date,
// and is healed by one contact although the clock stays wrong.
#include <gtest/gtest.h>

#include "tests/fakes/store_day.h"
#include "tests/fakes/town.h"

namespace tillside::fakes {
namespace {

using nlohmann::json;

struct WrongClock : ::testing::TestWithParam<std::pair<const char*, std::int64_t>> {};

// A sale of this moment, as the till knows it.
json sale_now(Till& till, int number) {
  json sale = simple_sale("L1", number, 2000);
  sale["occurred_at"] = till.status()["clock"]["now"];
  return sale;
}

JsonAnswer complete(Till& till, int number) {
  JsonClient client = till.client();
  const auto answer = client.post("/v1/checkouts/complete", sale_now(till, number).dump());
  if (!answer) throw std::runtime_error("no answer");
  return *answer;
}

bool warned(Till& till, int number) {
  json total = sale_now(till, number);
  total["state"] = "total";
  total.erase("tenders");
  JsonClient client = till.client();
  const auto answer = client.post("/v1/checkouts/advise", total.dump());
  EXPECT_TRUE(answer && answer->status == 200);
  const json advice = answer->json();
  for (const json& prompt : advice["prompts"])
    if (prompt["code"] == "check_clock") return true;
  return false;
}

TEST_P(WrongClock, SellsWithoutCouponsUntilOneContact) {
  Town town;
  town.add_campaigns(json::array({simple_campaign(1, 1000, 100)}));
  auto till = town.add_till("till");
  till->start();
  till->enroll();
  till->wait_until_ready(1);
  ASSERT_EQ(complete(*till, 1).json()["coupons"].size(), 1u);
  EXPECT_FALSE(warned(*till, 2));
  ASSERT_EQ(till->stop(), 0);

  till->network().cut();
  till->started_under = {"env", std::string("LD_PRELOAD=") + TILLSIDE_SHIFTED_CLOCK,
                         "TILLSIDE_CLOCK_SHIFT_S=" + std::to_string(GetParam().second)};
  till->start();
  json clock = till->status()["clock"];
  EXPECT_EQ(clock["trusted"], false) << clock;
  EXPECT_EQ(clock["state"], GetParam().second < 0 ? "behind" : "ahead");
  EXPECT_NEAR(clock["skew_ms"].get<double>(), static_cast<double>(GetParam().second) * 1000, 600'000.0);
  EXPECT_TRUE(warned(*till, 2));
  const JsonAnswer alone = complete(*till, 2);
  ASSERT_EQ(alone.status, 200) << alone.body;
  EXPECT_TRUE(alone.json()["coupons"].empty()) << alone.body;
  EXPECT_EQ(alone.json()["not_earned"][0]["reason"], "clock");

  till->network().restore();
  wait_until("a contact to heal the clock", [&] { return till->status()["clock"]["trusted"] == true; });
  EXPECT_EQ(till->status()["clock"]["state"], "mark");
  const JsonAnswer healed = complete(*till, 3);
  ASSERT_EQ(healed.json()["coupons"].size(), 1u) << healed.body;
  EXPECT_TRUE(warned(*till, 4)) << "somebody should still set the clock";
  const std::string now = till->status()["clock"]["now"], from = healed.json()["coupons"][0]["valid_from"];
  EXPECT_EQ(from.substr(0, 10), now.substr(0, 10)) << "dated by headquarters' time";
  wait_until_equal(town, *till);
}

INSTANTIATE_TEST_SUITE_P(Ways, WrongClock,
                         ::testing::Values(std::pair{"a_year_behind", std::int64_t{-365} * 86'400},
                                           std::pair{"a_year_ahead", std::int64_t{365} * 86'400}),
                         [](const auto& way) { return std::string(way.param.first); });

}  // namespace
}  // namespace tillside::fakes
