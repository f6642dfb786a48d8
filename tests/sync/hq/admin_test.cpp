#include <fstream>
#include <set>

#include "tests/contract/till_events.h"
#include "tests/sync/hq/hq_rig.h"

namespace tillside::test {
namespace {

constexpr const char* kHead =
    "member_id,phone,card,unionid,openid,external_userid,stores,friend_of,tier,paid_until,first_joined\n";

class HqAdmin : public testing::Test {
 protected:
  void SetUp() override { rig_.add_store(); }
  Json import(const std::string& csv, const std::string& query = "") {
    return rig_.admin("POST", "members/import" + query, csv, "text/csv");
  }
  HqRig rig_;
};

TEST_F(HqAdmin, WantsTheOwnersToken) {
  EXPECT_EQ(rig_.exchange("GET", "/v1/admin/stores", "", "").status, 401);
  EXPECT_EQ(rig_.exchange("GET", "/v1/admin/stores", "", std::string(64, 'a')).status, 401);
  EXPECT_EQ(rig_.admin_answer("GET", "stores").status, 200);
  EXPECT_EQ(rig_.admin_answer("GET", "nothing").status, 404);
  EXPECT_EQ(rig_.exchange("GET", "/health", "", "").status, 200);
}

TEST_F(HqAdmin, KeepsItsSecretsToItsOwner) {
  for (const char* name : {"hq.key", "owner.token", "hq.db"})
    EXPECT_EQ(std::filesystem::status(rig_.data() / name).permissions() & std::filesystem::perms::all,
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)
        << name;
}

TEST_F(HqAdmin, RefusesAStoreThatCannotBe) {
  EXPECT_EQ(rig_.admin_answer("POST", "stores", R"({"store_id":"a b"})").status, 400);
  EXPECT_EQ(rig_.admin_answer("POST", "stores", R"({"store_id":"x","currency":"ZZZ"})").status, 400);
  EXPECT_EQ(rig_.admin_answer("POST", "stores", R"({"store_id":"x","zone":"Mars/Base"})").status, 400);
  EXPECT_EQ(rig_.admin_answer("POST", "stores", "[[[[").status, 400);
  EXPECT_EQ(rig_.admin_answer("POST", "stores", R"({"store_id":"0123","name":"other"})").status, 409);
  EXPECT_EQ(rig_.admin_answer("POST", "tills/codes", R"({"store_id":"none"})").status, 404);
}

TEST_F(HqAdmin, NumbersCampaignsAndRefusesOtherTermsUnderOne) {
  rig_.add_campaign();
  auto listed = rig_.admin("GET", "campaigns")["campaigns"];
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0]["number"], 1);
  auto edited = listed[0];
  for (const char* extra : {"worth", "lent", "issued", "returned", "available"}) edited.erase(extra);
  edited["budget"]["issue"] = 999;
  EXPECT_EQ(rig_.admin_answer("POST", "campaigns", edited.dump()).status, 409);
  rig_.admin("POST", "campaigns/1/stop");
  EXPECT_TRUE(rig_.admin("GET", "campaigns")["campaigns"][0]["stopped"]);
  EXPECT_EQ(rig_.admin_answer("POST", "campaigns/7/stop").status, 404);
}

TEST_F(HqAdmin, ListsTheRowsOfAMembersFileItCannotTake) {
  const auto outcome = import(std::string(kHead) +
                              "M1,13800138000,,,,,0123,,1,,2026-01-02T03:04:05+08:00\n"
                              "M2,not a number,,,,,0123,,,,\n"
                              "M3,13800138001,,,,,9999,,,,\n"
                              "M4,13800138002,,,,,0123,0123:E9,,,\n"
                              "M5,13800138003,,,,,,,300,,\n"
                              "M6,13800138004,,,,,,,,2026-13-40,\n"
                              "M1,13800138005,,,,,0123,,,,\n"
                              "M7,13800138000,,,,,0123,,,,\n"
                              "M8,\"138 0013 8006\",,,,,0123,,,,\n");
  EXPECT_EQ(outcome["rows"], 9);
  std::vector<int> lines;
  for (const auto& row : outcome["bad_rows"]) {
    lines.push_back(row["line"]);
    EXPECT_EQ(row["reason"].get<std::string>().find("138"), std::string::npos) << "a reason tells an identifier";
  }
  EXPECT_EQ(lines, (std::vector<int>{3, 4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(outcome["held"]["identifiers"], 2);
  EXPECT_EQ(outcome["published"], "deltas");
}

TEST_F(HqAdmin, StoresNoRawIdentifier) {
  import(std::string(kHead) + "MEMBER-RAW-1,13877665544,CARDRAW99,,,wmRawUser1,0123,,,,\n");
  rig_.stop();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(rig_.data())) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(in), {});
    for (const char* raw : {"13877665544", "CARDRAW99", "wmRawUser1", "MEMBER-RAW-1"})
      EXPECT_EQ(bytes.find(raw), std::string::npos) << raw << " in " << entry.path();
  }
}

TEST_F(HqAdmin, SaysWhichIdentifiersCoverEveryMember) {
  auto held = import(std::string(kHead) + "M1,13800138000,C1,,,,0123,,,,\nM2,13800138001,,,,,0123,,,,\n")["held"];
  EXPECT_EQ(held["covered"], Json::array({"phone"}));
  held = import(std::string(kHead) + "M3,,C3,,,,0123,,,,\n", "?authoritative=card")["held"];
  EXPECT_EQ(held["covered"], Json::array({"card"}));
  held = import(std::string(kHead) + "M4,13800138004,,,,,0123,,,,\n")["held"];
  EXPECT_EQ(held["covered"], Json::array());
  EXPECT_EQ(rig_.admin_answer("POST", "members/import?authoritative=shoe", kHead, "text/csv").status, 400);
  EXPECT_EQ(rig_.admin_answer("POST", "members/import", "a,b\n1,2\n", "text/csv").status, 400);
}

TEST_F(HqAdmin, PublishesALargeImportAsASnapshotThatATillFetches) {
  TillAt till(rig_, 1);
  till.enroll(rig_.code());
  till.contact();
  std::string csv = kHead;
  for (int i = 0; i < 6000; ++i)
    csv += "M" + std::to_string(i) + "," + std::to_string(13800000000 + i) + ",,,,,0123,,,,\n";
  const auto half = csv.size() / 2;  // in the middle of a row
  const auto name = import(csv.substr(0, half), "?more=1")["import"].get<std::string>();
  EXPECT_EQ(rig_.admin_answer("POST", "members/import?import=nonsense", "x", "text/csv").status, 409);
  const auto outcome = import(csv.substr(half), "?import=" + name);
  EXPECT_EQ(outcome["taken"], 6000);
  EXPECT_EQ(outcome["published"], "snapshot");
  till.drain();
  EXPECT_TRUE(till.told(wire::ChangeKind::member).empty());
  const auto wanted = till.till.wanted_snapshot();
  ASSERT_TRUE(wanted.has_value());
  EXPECT_EQ(wanted->rows, 6000u);
  const auto transport = rig_.transport();
  const auto fetched = sync::Downlink(till.till).fetch_snapshot(*transport, till.token());
  ASSERT_TRUE(std::holds_alternative<sync::Downlink::Fetched>(fetched));
  EXPECT_EQ(till.till.disk.good_snapshots.size(), 1u);
  import(std::string(kHead) + "X1,13900000000,,,,,0123,,,,\n");
  till.drain();
  EXPECT_EQ(till.told(wire::ChangeKind::member).size(), 1u);
  EXPECT_EQ(till.told(wire::ChangeKind::members_checkpoint).back().checkpoint.snapshot, wanted->snapshot);
}

TEST_F(HqAdmin, ReportsAsJsonAndAsCsvForExcel) {
  TillAt till(rig_, 1);
  till.enroll(rig_.code());
  till.contact();
  const Sale sale{.sequence = 1, .net = 3000, .verdict = VerdictStatus::member, .identified = true};
  till.till.sell(sale_event(sale));
  till.till.sell(sale_event({.sequence = 2, .net = 1000}));
  till.till.sell(void_event(sale, 3));
  till.send_all();
  const auto json = rig_.admin("GET", "report?by=day");
  ASSERT_EQ(json["rows"].size(), 1u);
  EXPECT_EQ(json["rows"][0]["checkouts"], 2);
  EXPECT_EQ(json["rows"][0]["identified_share"], 0.5);
  EXPECT_EQ(json["rows"][0]["group_share_of_amount"], 0.75);
  EXPECT_EQ(json["rows"][0]["net"], 1000);
  EXPECT_EQ(json["totals"][0]["gross"], 4000);
  const auto csv = rig_.admin_answer("GET", "report?by=store&format=csv&bom=1").body;
  EXPECT_EQ(csv.substr(0, 3), "\xEF\xBB\xBF");
  EXPECT_NE(csv.find("销售额 gross"), std::string::npos);
  EXPECT_NE(csv.find("0123,店 0123,CNY,2,1,50.00%,50.00%,75.00%,40.00,-30.00,10.00,1,0"), std::string::npos) << csv;
  EXPECT_EQ(rig_.admin_answer("GET", "report?by=shoe").status, 400);
  EXPECT_EQ(rig_.admin_answer("GET", "report?from=yesterday").status, 400);
}

TEST_F(HqAdmin, ListsCouponsRedeemedTwiceWithBothTills) {
  for (std::uint32_t seed = 1; seed <= 2; ++seed) {
    TillAt till(rig_, seed);
    till.enroll(rig_.code());
    till.contact();
    const RedeemedCoupon coupon{{1, 0}, 7, 1, 2'000, std::nullopt};
    till.till.sell(sale_event({.sequence = 1, .lane = "L" + std::to_string(seed), .redeemed = {coupon}}));
    till.send_all();
  }
  const auto json = rig_.admin("GET", "reports/double-redemptions");
  ASSERT_EQ(json["count"], 1);
  const auto& coupon = json["coupons"][0];
  EXPECT_EQ(coupon["coupon"], "00001000000007");
  EXPECT_EQ(coupon["times"], 2);
  EXPECT_EQ(coupon["value"], 2000);
  std::set<int> tills;
  for (const auto& one : coupon["redemptions"]) tills.insert(one["till"].get<int>());
  EXPECT_EQ(tills, (std::set<int>{1, 2}));
  const auto csv = rig_.admin_answer("GET", "reports/double-redemptions?format=csv").body;
  EXPECT_NE(csv.find("00001000000007,1,1,0123,E1007,0123:L1:20261122:0:1:completed,"), std::string::npos) << csv;
  EXPECT_NE(csv.find(",20.00,CNY,0"), std::string::npos) << csv;
  EXPECT_EQ(rig_.admin_answer("GET", "reports/double-redemptions?format=pdf").status, 400);
}

// A sale where `advised` was to come off and `applied` did.
std::string discounted_sale(std::int64_t sequence, Minor advised, Minor applied, std::vector<Flag> flags) {
  Checkout checkout;
  checkout.store_id = "0123";
  checkout.lane_id = "L1";
  checkout.business_date = date_of(2026, 11, 22);
  checkout.sequence = sequence;
  checkout.operator_id = "E1007";
  checkout.totals = {5000, applied, 0, 5000 - applied};
  checkout.tenders = {{TenderType::cash, 5000 - applied}};
  if (applied != 0) checkout.applied_discounts = {{"B7", 1, applied}, {"ROUND", 0, 1}};
  const std::vector<AppliedDiscount> rows{{"B7", 1, advised}};
  CheckoutFacts facts;
  facts.checkout = &checkout;
  facts.home_store_id = "0123";
  facts.flags = flags;
  facts.advised = rows;
  std::string event;
  append_checkout_event(event, EventKind::checkout, facts);
  return event;
}

TEST_F(HqAdmin, ReportsAdvisedAndAppliedDiscountsByOperator) {
  TillAt till(rig_, 1);
  till.enroll(rig_.code());
  till.contact();
  till.till.sell(discounted_sale(1, 400, 400, {}));
  till.till.sell(discounted_sale(2, 400, 0, {Flag::discounts_differ}));
  till.till.sell(sale_event({.sequence = 3, .net = 1000}));
  till.send_all();
  const auto json = rig_.admin("GET", "report?by=operator");
  ASSERT_EQ(json["rows"].size(), 1u);
  EXPECT_EQ(json["rows"][0]["key"], "0123:E1007");
  EXPECT_EQ(json["rows"][0]["discounted_checkouts"], 2);
  EXPECT_EQ(json["rows"][0]["discount_advised"], 800);
  EXPECT_EQ(json["rows"][0]["discount_applied"], 400);
  EXPECT_EQ(json["rows"][0]["discounts_differing"], 1);
  const auto by_store = rig_.admin("GET", "report?by=store")["rows"][0];
  EXPECT_EQ(by_store["discount_applied"], 400);
  EXPECT_EQ(by_store["checkouts"], 3);
}

TEST_F(HqAdmin, TakesABirthdayAndWhetherSheBought) {
  const std::string head = "phone,stores,birthday,bought\n";
  EXPECT_EQ(import(head + "13800138000,0123,02-29,0\n")["taken"], 1);
  for (const char* row : {"13900139000,0123,02-30,\n", "13900139000,0123,1990-01-02,\n", "13900139000,0123,,yes\n"})
    EXPECT_EQ(import(head + row)["taken"], 0) << row;
}

TEST_F(HqAdmin, SpeaksOnlyToLoopbackWithoutAProxy) {
  hq::HqOptions options;
  options.data = rig_.data() / "other";
  options.address = "0.0.0.0";
  auto opened = hq::HqServer::open(options);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::refused);
}

TEST_F(HqAdmin, StartsOnlyWithAHostForItsCodes) {
  hq::HqOptions options;
  options.data = rig_.data() / "other";
  const auto refusal = [&](const std::string& host) {
    options.public_host = host;
    auto opened = hq::HqServer::open(options);
    return opened ? "served" : std::string(name_of(opened.error().code)) + " " + opened.error().field;
  };
  EXPECT_EQ(refusal(""), "missing_field public_host");
  EXPECT_EQ(refusal("https://t.example.cn/"), "bad_format public_host");
  EXPECT_EQ(refusal("t.example.cn:8443"), "served");
  EXPECT_EQ(refusal(""), "served") << "the host is kept";
}

TEST_F(HqAdmin, KeepsItsHostWhenToldNone) {
  EXPECT_EQ(rig_.admin_answer("POST", "settings", R"({"public_host":""})").status, 400);
  EXPECT_EQ(rig_.admin_answer("POST", "settings", R"({"public_host":"a b"})").status, 400);
  EXPECT_EQ(rig_.admin("GET", "key")["public_host"], "T.EXAMPLE.CN");
}

}  // namespace
}  // namespace tillside::test
