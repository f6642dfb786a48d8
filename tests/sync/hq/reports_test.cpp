// The reports of headquarters and the end of a campaign, over the admin API and with a till in contact.
#include <algorithm>
#include <map>

#include "tests/contract/till_events.h"
#include "tests/sync/hq/hq_rig.h"

namespace tillside::test {
namespace {

class HqReports : public HqWithTill {
 protected:
  void SetUp() override {
    HqWithTill::SetUp();
    till_.drain();
  }
  std::string csv(const std::string& report) {
    return rig_.admin_answer("GET", "reports/" + report + (report.find('?') == report.npos ? "?" : "&") + "format=csv")
        .body;
  }
};

TEST_F(HqReports, CouponsAndSettlementAreToldAsJsonAndCsv) {
  till_.till.sell(sale_event({.sequence = 1, .coupon_serials = {1, 2}}));
  till_.till.sell(sale_event({.sequence = 2, .redeemed = {{{till_.number(), 0}, 1, 1, 1500, std::nullopt}}}));
  till_.send_all();
  const auto coupons = rig_.admin("GET", "reports/coupons")["campaigns"][0];
  EXPECT_EQ(coupons["coupons"]["issued"]["count"], 2);
  EXPECT_EQ(coupons["coupons"]["redeemed_home"]["value"], 1500);
  EXPECT_EQ(coupons["stores"][0]["store_id"], "0123");
  EXPECT_EQ(coupons["issuable"]["used"], 2);
  EXPECT_NE(csv("coupons").find(",0123,CNY,2,"), std::string::npos) << csv("coupons");
  const auto settled = rig_.admin("GET", "reports/settlement?from=2026-11-01&to=2026-11-30");
  ASSERT_EQ(settled["cells"].size(), 1u);
  EXPECT_EQ(settled["cells"][0]["net"], 1500);
  EXPECT_EQ(settled["stores"][0]["owed"], 0) << "a store owes itself nothing";
  EXPECT_TRUE(rig_.admin("GET", "reports/settlement?to=2026-11-01")["cells"].empty());
  EXPECT_NE(csv("settlement").find("0123,0123,1,CNY,1,15.00"), std::string::npos) << csv("settlement");
  EXPECT_EQ(rig_.admin_answer("GET", "reports/settlement?from=yesterday").status, 400);
}

TEST_F(HqReports, OdditiesTakeTheirThresholdsFromTheCallAndTellNoIdentifier) {
  for (int i = 1; i <= 2; ++i) till_.till.sell(sale_event({.sequence = i, .identified = true}));
  till_.send_all();
  EXPECT_EQ(rig_.admin("GET", "reports/oddities")["count"], 0);
  const auto found = rig_.admin("GET", "reports/oddities?same_person=2");
  ASSERT_EQ(found["count"], 1);
  EXPECT_EQ(found["thresholds"]["same_person"], 2);
  EXPECT_EQ(found["oddities"][0]["kind"], "same_person");
  EXPECT_EQ(found["oddities"][0]["checkouts"].size(), 2u);
  EXPECT_EQ(found.dump().find("010203"), std::string::npos) << "a hash is told";
  EXPECT_EQ(rig_.admin_answer("GET", "reports/oddities?overrides=0").status, 400);
  EXPECT_NE(csv("oddities?same_person=2").find("0123:L1:20261122:0:1:completed 0123"), std::string::npos);
}

TEST_F(HqReports, AStoppedCampaignIsAwaitedUntilTheTillHasReadIt) {
  const auto stopped = rig_.admin("POST", "campaigns/1/stop");
  ASSERT_EQ(stopped["tills"].size(), 1u);
  EXPECT_EQ(stopped["tills"][0]["till"], till_.number());
  EXPECT_EQ(stopped["tills"][0]["in_hand"], 10);
  EXPECT_FALSE(stopped["tills"][0]["last_heard"].is_null());
  till_.poll();  // takes it in
  EXPECT_EQ(rig_.admin("GET", "reports/stops?campaign=1")["count"], 1) << "told is not yet taken in";
  till_.poll();
  EXPECT_EQ(rig_.admin("GET", "reports/stops?campaign=1")["count"], 0);
  const auto quotas = till_.told(wire::ChangeKind::quota);
  ASSERT_FALSE(quotas.empty());
  EXPECT_TRUE(quotas.back().quota.recall);
  EXPECT_EQ(csv("stops").find("0123"), std::string::npos);
}

TEST_F(HqReports, WhoHasNotHeardOfAStopStandsInTheTableWithWhatItHolds) {
  till_.till.sell(sale_event({.sequence = 1, .coupon_serials = {1, 2}}));
  till_.send_all();
  rig_.admin("POST", "campaigns/1/stop");
  const auto stops = rig_.admin("GET", "reports/stops?campaign=1");
  ASSERT_EQ(stops["count"], 1);
  const auto in_hand = stops["tills"][0]["in_hand"].get<int>();
  EXPECT_GT(in_hand, 0);
  EXPECT_EQ(stops["tills"][0]["in_hand_value"], in_hand * 2000);
  EXPECT_EQ(stops["in_hand_value"], in_hand * 2000);
  EXPECT_EQ(stops["tills"][0]["live_coupons"], 2);
  EXPECT_NE(csv("stops").find("1,1,0123,CNY," + std::to_string(in_hand) + "," + std::to_string(in_hand * 20) +
                              ".00,2,40.00,"),
            std::string::npos)
      << csv("stops");
  EXPECT_EQ(rig_.admin("GET", "reports/stops?campaign=2")["count"], 0);
  EXPECT_EQ(rig_.admin_answer("GET", "reports/stops?campaign=x").status, 400);
}

TEST_F(HqReports, ACouponRedeemedTwiceIsWithinWhatWasSetAside) {
  TillAt second(rig_, 2);
  second.enroll(rig_.code());
  second.contact();
  const RedeemedCoupon coupon{{till_.number(), 0}, 7, 1, 2'000, std::nullopt};
  till_.till.sell(sale_event({.sequence = 1, .redeemed = {coupon}}));
  till_.send_all();
  EXPECT_EQ(rig_.admin("GET", "reports/double-redemptions")["count"], 0);
  second.till.sell(sale_event({.sequence = 1, .lane = "L2", .redeemed = {coupon}}));
  second.send_all();
  const auto doubles = rig_.admin("GET", "reports/double-redemptions");
  ASSERT_EQ(doubles["count"], 1);
  EXPECT_EQ(doubles["coupons"][0]["campaign"], 1);
  EXPECT_EQ(doubles["coupons"][0]["value"], 2000);
  EXPECT_EQ(doubles["coupons"][0]["running"], 1);
  EXPECT_EQ(doubles["coupons"][0]["redemptions"].size(), 2u);
  const auto table = csv("double-redemptions");
  EXPECT_EQ(std::count(table.begin(), table.end(), '\n'), 3) << table;
  const auto coupons = rig_.admin("GET", "reports/coupons")["campaigns"][0]["coupons"];
  EXPECT_EQ(coupons["redeemed_again"]["count"], 1);
  EXPECT_EQ(coupons["redeemed_again"]["value"], 2000);
}

TEST_F(HqReports, VouchersOfHeadquartersAreInEveryReport) {
  rig_.admin("POST", "campaigns",
             R"({"number":8,"kind":"pickup","name":{"zh":"礼","en":"gift"},)"
             R"("reward":{"type":"item","item":4711,"worth":1500},"valid_days":30,)"
             R"("budget":{"issue":20,"exposure":2},"quota_per_till":5,)"
             R"("active_from":"2025-01-01T00:00:00+08:00","active_until":"2026-12-31T23:59:59+08:00"})");
  const auto made = rig_.admin("POST", "coupons", R"({"campaign":8,"store_id":"0123","count":3,"order":"o"})");
  ASSERT_EQ(made["coupons"].size(), 3u);
  const auto key = static_cast<std::uint8_t>(rig_.admin("GET", "key")["key_generation"].get<int>());
  const auto serial =
      static_cast<std::uint32_t>(std::stoul(made["coupons"][0]["id"].get<std::string>().substr(6), nullptr, 16));
  std::string event;
  append_hand_over_event(event, {"L1", date_of(2026, 11, 22), rig_.clock.now(), "E1007"},
                         {{0, key}, serial, 8, 1500, std::nullopt});
  till_.till.sell(event);
  till_.send_all();
  rig_.admin("POST", "coupons/" + made["coupons"][2]["id"].get<std::string>() + "/revoke", "{}");
  const auto of_campaign = [&] {
    const auto report = rig_.admin("GET", "reports/coupons");
    for (const auto& one : report["campaigns"])
      if (one["campaign"] == 8) return one;
    return Json();
  };
  const auto coupons = of_campaign();
  EXPECT_EQ(coupons["kind"], "pickup");
  EXPECT_EQ(coupons["coupons"]["issued"]["count"], 3);
  EXPECT_EQ(coupons["coupons"]["live"]["count"], 1);
  EXPECT_EQ(coupons["coupons"]["revoked"]["count"], 1);
  EXPECT_EQ(coupons["coupons"]["redeemed_home"]["count"], 1);
  EXPECT_EQ(coupons["coupons"]["handed_over"], 1);
  EXPECT_EQ(coupons["coupons"]["redeemed_unheard"], 0);
  ASSERT_EQ(coupons["stores"].size(), 1u);
  EXPECT_EQ(coupons["stores"][0]["store_id"], "0123");
  EXPECT_NE(csv("coupons").find("8,礼,0123,CNY,3,45.00,1,15.00,"), std::string::npos) << csv("coupons");
  const auto handed = rig_.admin("GET", "reports/handed-over")["rows"];
  ASSERT_EQ(handed.size(), 1u);
  EXPECT_EQ(handed[0]["handed_over"], 1);
  EXPECT_EQ(handed[0]["value"], 1500);
  EXPECT_NE(csv("handed-over").find("8,礼,4711,0123,3,1,15.00,CNY"), std::string::npos) << csv("handed-over");
  const auto settled = rig_.admin("GET", "reports/settlement");
  ASSERT_EQ(settled["cells"].size(), 1u);
  EXPECT_EQ(settled["cells"][0]["issuing_store"], "") << "headquarters";
  EXPECT_EQ(settled["cells"][0]["redeeming_store"], "0123");
  EXPECT_NE(csv("settlement").find(",0123,8,CNY,1,15.00"), std::string::npos) << csv("settlement");
}

TEST_F(HqReports, EachIsToldToTheOwnerAloneAndForExcelWithAMark) {
  for (const std::string report :
       {"coupons", "settlement", "tenders", "double-redemptions", "oddities", "stops", "handed-over"}) {
    EXPECT_EQ(rig_.exchange("GET", "/v1/admin/reports/" + report, "", "").status, 401) << report;
    EXPECT_EQ(rig_.admin_answer("GET", "reports/" + report + "?format=pdf").status, 400) << report;
    EXPECT_FALSE(csv(report).starts_with("\xEF\xBB\xBF")) << report;
    EXPECT_TRUE(csv(report + "?bom=1").starts_with("\xEF\xBB\xBF")) << report;
    EXPECT_NE(csv(report).find("\n"), std::string::npos) << report;
    EXPECT_EQ(rig_.admin_answer("POST", "reports/" + report).status, 404) << report;
  }
}

TEST_F(HqReports, TheDiskOfAnEpochIsGoneOnceTheOwnerSaysSo) {
  TillAt copy(rig_, till_.till.disk);
  till_.contact();
  EXPECT_EQ(copy.contact().outcome, wire::ContactOutcome::fenced);
  const auto states = [&] {
    std::map<int, std::pair<std::string, bool>> out;
    const auto ledger = rig_.admin("GET", "tills/1/ledger");
    for (const auto& one : ledger["epochs"])
      out[one["generation"].get<int>()] = {one["state"].get<std::string>(), one["disk_gone"].get<bool>()};
    return out;
  };
  EXPECT_EQ(states()[0], (std::pair<std::string, bool>{"frozen", false}));
  EXPECT_EQ(rig_.admin_answer("POST", "tills/1/disk-gone", R"({"generation":1})").status, 403) << "the copy lives";
  EXPECT_EQ(rig_.admin_answer("POST", "tills/1/disk-gone", R"({"generation":5})").status, 404);
  EXPECT_EQ(rig_.admin_answer("POST", "tills/1/disk-gone", R"({"epoch":"0011223344556677"})").status, 404);
  EXPECT_EQ(rig_.admin_answer("POST", "tills/1/disk-gone", R"({"epoch":"zz"})").status, 400);
  EXPECT_EQ(rig_.admin_answer("POST", "tills/1/disk-gone", "{}").status, 400);
  EXPECT_EQ(rig_.admin("POST", "tills/1/disk-gone", R"({"generation":0})")["done"], "disk-gone");
  EXPECT_EQ(states()[0], (std::pair<std::string, bool>{"ended", true}));
  EXPECT_EQ(states()[1], (std::pair<std::string, bool>{"live", false}));
  EXPECT_EQ(till_.contact().outcome, wire::ContactOutcome::fenced) << "the word was wrong: it gets a life of its own";
  EXPECT_EQ(copy.contact().outcome, wire::ContactOutcome::honest);
}

TEST_F(HqReports, ARestoredTillsCursorOfAnotherLifeAcknowledgesNothing) {
  rig_.admin("POST", "campaigns/1/stop");
  till_.poll();
  till_.till.disk.cursor = std::string(32, 'a') + ".999.0.0";
  till_.poll();
  EXPECT_EQ(rig_.admin("GET", "reports/stops")["count"], 1);
}

TEST_F(HqReports, QuotaIsRecalledAndLentAgainByCall) {
  const auto recalls = [&] {
    const auto quotas = till_.told(wire::ChangeKind::quota);
    return !quotas.empty() && quotas.back().quota.recall;
  };
  rig_.admin("POST", "campaigns/1/recall", R"({"till":1})");
  till_.drain();
  EXPECT_TRUE(recalls());
  rig_.admin("POST", "campaigns/1/lend", "{}");
  rig_.admin("POST", "campaigns/1/lend", R"({"till":1})");
  till_.drain();
  EXPECT_FALSE(recalls());
  rig_.admin("POST", "tills/1/recall");
  till_.drain();
  EXPECT_TRUE(recalls());
  EXPECT_EQ(rig_.admin_answer("POST", "campaigns/9/recall", "{}").status, 404);
  EXPECT_EQ(rig_.admin_answer("POST", "tills/9/recall").status, 404);
  EXPECT_EQ(rig_.admin_answer("POST", "campaigns/1/recall", R"({"till":"x"})").status, 400);
}

}  // namespace
}  // namespace tillside::test
