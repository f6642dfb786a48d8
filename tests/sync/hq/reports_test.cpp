// The reports of headquarters and the end of a campaign, over the admin API and with a till in contact.
#include "tests/contract/till_events.h"
#include "tests/sync/hq/hq_rig.h"

namespace tillside::test {
namespace {

class HqReports : public testing::Test {
 protected:
  void SetUp() override {
    rig_.add_store();
    rig_.add_campaign();
    till_.enroll(rig_.code());
    till_.contact();
    till_.drain();
  }
  std::string csv(const std::string& report) {
    return rig_.admin_answer("GET", "reports/" + report + (report.find('?') == report.npos ? "?" : "&") + "format=csv")
        .body;
  }
  HqRig rig_;
  TillAt till_{rig_, 1};
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
