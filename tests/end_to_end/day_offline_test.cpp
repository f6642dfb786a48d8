// Headquarters is away for the whole day: the till does what its twin with a network does, until its quota is used up.
#include <gtest/gtest.h>

#include "tests/fakes/store_day.h"
#include "tests/fakes/town.h"

namespace tillside::fakes {
namespace {

using nlohmann::json;

// What two tills may differ in: times of knowledge, and the numbers, codes and links of what each made.
json without_its_own(json answer) {
  if (answer.contains("verdict")) answer["verdict"].erase("as_of");
  for (const char* own : {"showing_id", "join"}) answer.erase(own);
  for (const char* list : {"coupons", "revoked"})
    for (json& coupon : answer.contains(list) ? answer[list] : answer["flags"]) {
      if (!coupon.is_object()) continue;
      for (const char* own : {"id", "url", "typed", "digits"}) coupon.erase(own);
    }
  return answer;
}

constexpr const char* kMembers =
    "member_id,phone,card,unionid,openid,external_userid,stores,friend_of,tier,paid_until,first_joined\n"
    "M1,13800131708,,,,,0123,,2,,\n";

// The same advice but for coupons that cannot be promised any more.
json without_promises(json advice) {
  for (const char* name : {"coupons_to_come", "not_earned"}) advice.erase(name);
  std::erase_if(advice["prompts"].get_ref<json::array_t&>(),
                [](const json& prompt) { return prompt["code"] == "coupon_to_come" || prompt["code"] == "nudge"; });
  return advice;
}

std::unique_ptr<Till> open_with_a_member(Town& town, std::int64_t quota) {
  town.post("members/import?authoritative=phone", kMembers, "text/csv");
  auto till = open_shop(town, json::array({simple_campaign(1, 10'000, quota, 10'000)}));
  wait_until("the members", [&] { return till->status()["members_complete"] == true; });
  return till;
}

TEST(DayOffline, NothingChangesAtTheTillButFreshnessAndWhatQuotaIsLeft) {
  constexpr std::int64_t kQuota = 25;
  Town with_network, without_network;  // twins, so that neither sells what the other sold
  auto online = open_with_a_member(with_network, kQuota), offline = open_with_a_member(without_network, kQuota);
  offline->network().cut();

  std::int64_t issued = 0, refused = 0;
  JsonClient with = online->client(), without = offline->client();
  for (json document : sample_day()) {
    const std::string call = call_for(document);
    if (is_sale_document(document)) {
      json at_total = document;
      at_total["state"] = "total";
      at_total.erase("tenders");
      const auto ours = without.post("/v1/checkouts/advise", at_total.dump(), true);
      const auto theirs = with.post("/v1/checkouts/advise", at_total.dump(), true);
      ASSERT_TRUE(ours && theirs);
      json here = without_its_own(ours->json()), there = without_its_own(theirs->json());
      if (issued == kQuota) {
        ASSERT_TRUE(here["coupons_to_come"].empty()) << "promised, and none left";
        here = without_promises(here), there = without_promises(there);
      }
      ASSERT_EQ(here, there) << document.dump();
    }
    const JsonAnswer ours = hand_in(without, document), theirs = hand_in(with, document);
    ASSERT_EQ(ours.status, 200) << ours.body;
    const json answer = ours.json();
    issued += static_cast<std::int64_t>(answer.value("coupons", json::array()).size());
    for (const json& one : answer.value("not_earned", json::array()))
      refused += one["reason"] == "quota_used_up" ? 1 : 0;
    if (refused == 0) {
      ASSERT_EQ(without_its_own(answer), without_its_own(theirs.json())) << document.dump();
    }
  }
  EXPECT_EQ(issued, kQuota);
  EXPECT_GT(refused, 0);
  const json away = offline->status();
  EXPECT_EQ(away["quotas"][0]["left"], 0);
  EXPECT_EQ(away["ledger"]["coupons_issued"], kQuota);
  EXPECT_FALSE(away["online"].get<bool>());
  EXPECT_GT(away["backlog"].get<int>(), 300);

  offline->network().restore();
  wait_until_equal(without_network, *offline);
  wait_until_equal(with_network, *online);
  wait_until("more quota", [&] { return offline->status()["quotas"][0]["left"] > 0; });
  const JsonAnswer next = hand_in(without, simple_sale("L9", 1, 20'000));
  EXPECT_EQ(next.json()["coupons"].size(), 1u) << "issuing goes on: " << next.body;
}

}  // namespace
}  // namespace tillside::fakes
