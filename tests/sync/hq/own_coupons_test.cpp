// Coupons that headquarters issues itself, over its admin API: welcomes, vouchers in bulk, a manager's token, settings.
#include <set>

#include "agent/domain/redemption.h"
#include "tests/sync/hq/hq_rig.h"

namespace tillside::test {
namespace {

constexpr const char* kMembersHead = "member_id,phone,stores,first_joined\n";

class OwnCoupons : public testing::Test {
 protected:
  void SetUp() override {
    rig_.add_store();
    rig_.add_store("0456");
    rig_.admin("POST", "campaigns", campaign(7, "welcome", R"({"type":"amount_off","amount":1000,"min_spend":5000})"));
    rig_.admin("POST", "campaigns", campaign(8, "pickup", R"({"type":"item","item":4711,"worth":1500})"));
  }
  static std::string campaign(int number, const std::string& kind, const std::string& reward) {
    return R"({"number":)" + std::to_string(number) + R"(,"kind":")" + kind +
           R"(","name":{"zh":"礼","en":"gift"},"reward":)" + reward +
           R"(,"valid_days":30,"budget":{"issue":20,"exposure":2},"quota_per_till":5,)" +
           R"("active_from":"2025-01-01T00:00:00+08:00","active_until":"2026-12-31T23:59:59+08:00"})";
  }
  Json import(const std::string& rows) { return rig_.admin("POST", "members/import", kMembersHead + rows, "text/csv"); }
  Json joined(const std::string& fields) { return rig_.admin("POST", "joined", "{" + fields + "}"); }
  HqRig rig_;
};

TEST_F(OwnCoupons, AnImportWelcomesWhoJoinedInTheCampaignOnceForEver) {
  const std::string rows =
      "M1,13800138001,0123,2025-11-20T10:00:00+08:00\n"
      "M2,13800138002,0123,2024-11-20T10:00:00+08:00\n"
      "M3,13800138003,0123,\n"
      "M4,13800138004,,\n";
  EXPECT_EQ(import(rows)["welcomed"], 1);
  EXPECT_EQ(import(rows)["welcomed"], 0);
  rig_.restart();
  EXPECT_EQ(import(rows)["welcomed"], 0);
  EXPECT_EQ(import("M1,13800138001,0456,2025-11-21T10:00:00+08:00\n")["welcomed"], 0) << "left, and joined elsewhere";
  EXPECT_EQ(import("M2,13800138002,0123,2025-11-21T10:00:00+08:00\n")["welcomed"], 0) << "she had joined last year";
  const auto listed = rig_.admin("GET", "campaigns")["campaigns"];
  EXPECT_EQ(listed[0]["issued"], 1);
}

TEST_F(OwnCoupons, ACallThatSomebodyJoinedMakesHerAMemberAndWelcomesHer) {
  TillAt till(rig_, 1);
  till.enroll(rig_.code());
  till.contact();
  EXPECT_TRUE(joined(R"("store_id":"0123","phone":"13800138009")")["welcomed"].get<bool>());
  EXPECT_FALSE(joined(R"("store_id":"0123","phone":"13800138009")")["welcomed"].get<bool>());
  EXPECT_FALSE(joined(R"("store_id":"0456","phone":"138 0013 8009")")["welcomed"].get<bool>());
  till.drain();
  const auto told = till.told(wire::ChangeKind::coupon);
  ASSERT_EQ(told.size(), 1u);
  const auto& coupon = told[0].coupon;
  EXPECT_EQ(coupon.key.till, 0u);
  EXPECT_EQ(coupon.home, (KeyId{till.number(), 0}));
  EXPECT_NE(coupon.person, 0u);
  const auto body = decode_coupon(coupon.body);
  ASSERT_TRUE(body);
  EXPECT_EQ(body->person, 0u) << "the campaign does not bind it to her";
  EXPECT_EQ(body->value, 1000);
  ASSERT_EQ(till.told(wire::ChangeKind::member).size(), 1u) << "the newest state of her one identifier";
  const auto member = decode_member(till.told(wire::ChangeKind::member).back().member.record);
  ASSERT_TRUE(member);
  EXPECT_EQ(member->stores.size(), 2u);
  EXPECT_EQ(member->person, coupon.person);
}

TEST_F(OwnCoupons, AJoinIsRefusedByField) {
  const auto refused = [&](const std::string& body) {
    return Json::parse(rig_.admin_answer("POST", "joined", body).body).value("field", "");
  };
  EXPECT_EQ(refused(R"({"store_id":"none","phone":"13800138009"})"), "store_id");
  EXPECT_EQ(refused(R"({"store_id":"0123","phone":"abc"})"), "phone");
  EXPECT_EQ(refused(R"({"store_id":"0123"})"), "member_id");
  EXPECT_EQ(refused(R"({"store_id":"0123","phone":"13800138009","at":"2030-01-01T00:00:00+08:00"})"), "at");
}

TEST_F(OwnCoupons, VouchersAreMadeOnceUnderAnOrderAndVerify) {
  const std::string body = R"({"campaign":8,"store_id":"0123","count":3,"order":"flash-1"})";
  const auto made = rig_.admin("POST", "coupons", body);
  ASSERT_EQ(made["coupons"].size(), 3u);
  EXPECT_EQ(rig_.admin("POST", "coupons", body), made);
  EXPECT_EQ(rig_.admin("GET", "coupons?order=flash-1")["coupons"], made["coupons"]);
  std::set<std::string> codes;
  for (const auto& coupon : made["coupons"]) {
    const auto code = read_shown_code(coupon["url"].get<std::string>());
    ASSERT_EQ(code.form, ShownCode::Form::full);
    EXPECT_EQ(code.body.kind, CampaignKind::pickup);
    const auto key = rig_.admin("GET", "key");
    VerifyingKey verifying{};
    ChainId chain{};
    ASSERT_TRUE(from_hex(key["public_key"].get<std::string>(), verifying));
    ASSERT_TRUE(from_hex(key["chain"].get<std::string>(), chain));
    EXPECT_TRUE(verify_coupon(code.full.body, code.full.signature, chain, verifying));
    codes.insert(coupon["typed"]);
  }
  EXPECT_EQ(codes.size(), 3u);
  EXPECT_EQ(
      rig_.admin_answer("POST", "coupons", R"({"campaign":8,"store_id":"0123","count":4,"order":"flash-1"})").status,
      409);
  EXPECT_EQ(rig_.admin_answer("POST", "coupons", R"({"campaign":8,"store_id":"0123","count":99})").status, 429);
  EXPECT_EQ(rig_.admin_answer("POST", "coupons", R"({"campaign":7,"store_id":"0123","count":1})").status, 403);
  const auto report = rig_.admin("GET", "reports/handed-over");
  ASSERT_EQ(report["rows"].size(), 1u);
  EXPECT_EQ(report["rows"][0]["made"], 3);
  EXPECT_EQ(report["rows"][0]["handed_over"], 0);
  EXPECT_NE(rig_.admin_answer("GET", "reports/handed-over?format=csv").body.find("8,礼,4711,0123,3,0"),
            std::string::npos);
}

TEST_F(OwnCoupons, MembersGetOneEachAndStrangersAreListed) {
  import("M1,13800138001,0123,\nM2,13800138002,0123,\n");
  const auto made = rig_.admin("POST", "coupons?campaign=8&store=0123&order=o1",
                               "phone\n13800138001\n13800138002\n13800138003\n13800138001\n", "text/csv");
  EXPECT_EQ(made["count"], 2);
  ASSERT_EQ(made["bad_rows"].size(), 2u);
  EXPECT_EQ(made["bad_rows"][0]["line"], 4);
  EXPECT_EQ(made["bad_rows"][1]["line"], 5);
  EXPECT_TRUE(made["coupons"][0]["personal"].get<bool>());
}

TEST_F(OwnCoupons, AManagersTokenMakesVouchersForHerStoreAlone) {
  const auto token = rig_.admin("POST", "stores/0123/token", "{}")["token"].get<std::string>();
  const auto as_manager = [&](const std::string& method, const std::string& path, const std::string& body,
                              const std::string& bearer) {
    return rig_.exchange(method, "/v1/admin/" + path, body, bearer).status;
  };
  EXPECT_EQ(as_manager("POST", "coupons", R"({"campaign":8,"store_id":"0123","count":2,"order":"m"})", token), 201);
  EXPECT_EQ(as_manager("GET", "coupons?order=m", "", token), 200);
  EXPECT_EQ(as_manager("POST", "coupons", R"({"campaign":8,"store_id":"0456","count":2})", token), 403);
  EXPECT_EQ(as_manager("GET", "tills", "", token), 403);
  EXPECT_EQ(as_manager("POST", "campaigns/8/stop", "{}", token), 403);
  const auto next = rig_.admin("POST", "stores/0123/token", "{}")["token"].get<std::string>();
  EXPECT_EQ(as_manager("GET", "coupons?order=m", "", token), 401) << "a new token ends the one before";
  EXPECT_EQ(as_manager("GET", "coupons?order=m", "", next), 200);
  EXPECT_EQ(as_manager("GET", "coupons?order=m", "", "ts-store-0000"), 401);
}

TEST_F(OwnCoupons, SettingsAreCheckedByNameAndSentToTheirTills) {
  TillAt till(rig_, 1);
  till.enroll(rig_.code());
  till.contact();
  rig_.admin("POST", "settings", R"({"redeem_cap_count":300,"manual_key.B7":"F6 会员折"})");
  rig_.admin("POST", "stores/0123/settings", R"({"redeem_cap_count":20})");
  EXPECT_EQ(rig_.admin("GET", "stores/0123/settings")["settings"]["redeem_cap_count"], "20");
  till.drain();
  const auto told = till.told(wire::ChangeKind::settings);
  ASSERT_GE(told.size(), 2u);
  const auto refused = [&](const std::string& body) {
    const auto answer = rig_.admin_answer("POST", "settings", body);
    EXPECT_EQ(answer.status, 400) << body;
    return Json::parse(answer.body).value("field", "");
  };
  EXPECT_EQ(refused(R"({"redeem_cap_count":-1})"), "redeem_cap_count");
  EXPECT_EQ(refused(R"({"redeem_cap_value":"many"})"), "redeem_cap_value");
  EXPECT_EQ(refused(R"({"redeem_ask_above":1.5})"), "redeem_ask_above");
  EXPECT_EQ(refused(R"({"manual_key.B7":""})"), "manual_key.B7");
  EXPECT_EQ(refused(R"({"manual_key.":"F6"})"), "manual_key.");
  EXPECT_EQ(refused(R"({"shoe":1})"), "shoe");
  EXPECT_EQ(rig_.admin_answer("POST", "stores/none/settings", R"({"redeem_cap_count":1})").status, 404);
  EXPECT_EQ(rig_.admin("POST", "settings", R"({"redeem_cap_count":null})")["settings"].contains("redeem_cap_count"),
            false);
}

TEST_F(OwnCoupons, ATillThatWasToldMayReserveWithoutTheSignature) {
  TillAt home(rig_, 1), other(rig_, 2), stranger(rig_, 3);
  home.enroll(rig_.code());
  home.contact();
  other.enroll(rig_.code());
  other.contact();
  stranger.enroll(rig_.code("0456"));
  stranger.contact();
  joined(R"("store_id":"0123","phone":"13800138009")");
  other.drain();
  const auto told = other.told(wire::ChangeKind::coupon);
  ASSERT_EQ(told.size(), 1u);
  const auto reserve = [&](TillAt& till, std::uint8_t mark, CouponBytes body) {
    wire::ReservationRequest request;
    request.rid.fill(mark);
    request.coupon = {body, {}};
    const auto answer = rig_.exchange("POST", "/v1/reservations", wire::write(request), till.token());
    const auto said = wire::read_reservation_answer(answer.body);
    return said ? (said->reason.empty() ? wire::name_of(said->state) : said->reason) : std::string("?");
  };
  EXPECT_EQ(reserve(stranger, 1, told[0].coupon.body), "forged");
  auto changed = told[0].coupon.body;
  changed[17] ^= 1;
  EXPECT_EQ(reserve(other, 2, changed), "forged");
  EXPECT_EQ(reserve(other, 3, told[0].coupon.body), "granted");
}

}  // namespace
}  // namespace tillside::test
