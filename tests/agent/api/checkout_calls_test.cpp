#include "tests/agent/api/api_test_fixture.h"

namespace tillside::api {
namespace {

TEST_F(ApiTest, AdviseTellsTheVerdictThePromptAndTheJoinCode) {
  const auto response = post("/v1/checkouts/advise", sample_total(1, "13700137000"));
  ASSERT_EQ(response.status, 200U) << response.body;
  const auto advice = Json::parse(response.body);
  EXPECT_EQ(advice["verdict"]["status"], "not_member");
  EXPECT_EQ(advice["prompts"][0]["code"], "invite");
  const std::string showing = advice["showing_id"];
  EXPECT_EQ(advice["join"]["url"], "HTTPS://T.EXAMPLE.CN/R/" + showing);
  EXPECT_EQ(advice["coupons_to_come"][0]["campaign"], 1);
}

TEST_F(ApiTest, AMemberHereIsNotInvited) {
  const auto advice = Json::parse(post("/v1/checkouts/advise", sample_total(1, "13800138000")).body);
  EXPECT_EQ(advice["verdict"]["status"], "member");
  EXPECT_EQ(advice["verdict"]["here"], true);
  EXPECT_TRUE(advice["join"].is_null());
}

TEST_F(ApiTest, CompleteClosesTheShowingAndIssuesACoupon) {
  const auto advice = Json::parse(post("/v1/checkouts/advise", sample_total(1)).body);
  const auto answer = issued_sale(1);
  EXPECT_EQ(answer["showing_id"], advice["showing_id"]);
  EXPECT_EQ(answer["identity"], "0123:L2:20261122:0:1:completed");
  EXPECT_EQ(answer["sale"], true);
  ASSERT_EQ(answer["coupons"].size(), 1U);
  EXPECT_THAT(answer["coupons"][0]["url"].get<std::string>(), ::testing::StartsWith("HTTPS://T.EXAMPLE.CN/C/"));
}

TEST_F(ApiTest, TheSameCompleteIsAnsweredByteForByte) {
  const auto first = post("/v1/checkouts/complete", sample_sale(1));
  const auto again = post("/v1/checkouts/complete", sample_sale(1));
  EXPECT_EQ(first.header("Tillside-Duplicate"), "");
  EXPECT_EQ(again.header("Tillside-Duplicate"), "true");
  EXPECT_EQ(again.status, 200U);
  EXPECT_EQ(again.body, first.body);
}

TEST_F(ApiTest, OtherContentUnderTheSameNumberIsAConflict) {
  issued_sale(1);
  auto other = sample_sale(1);
  other["lines"][0]["amount"] = other["lines"][0]["unit_price"] = 500;
  other["totals"]["gross"] = other["totals"]["net"] = other["tenders"][0]["amount"] = 500;
  EXPECT_EQ(code_of(post("/v1/checkouts/complete", other), 409), "conflict");
}

TEST_F(ApiTest, ALateCheckoutIssuesNothingUnlessItIsReplayedAsLive) {
  clock.advance(kHour);
  EXPECT_TRUE(issued_sale(1)["coupons"].empty());
  const auto live_again = post("/v1/checkouts/complete", sample_sale(2), "Tillside-As-Live: 1\r\n");
  EXPECT_EQ(Json::parse(live_again.body)["coupons"].size(), 1U);
}

TEST_F(ApiTest, AVoidRevokesWhatTheSaleEarned) {
  const auto sold = issued_sale(1);
  auto voided = sample_sale(1);
  voided["state"] = "voided";
  voided["sequence"] = 2;
  voided["checkout_id"] = "0123-L2-20261122-2";
  voided["original"] = {{"checkout_id", "0123-L2-20261122-1"}};
  voided["lines"][0]["kind"] = "returned";
  voided["lines"][0]["amount"] = -12345;
  voided["lines"][0]["quantity"] = "-1";
  voided["totals"]["gross"] = voided["totals"]["net"] = voided["tenders"][0]["amount"] = -12345;
  const auto response = post("/v1/checkouts/reverse", voided);
  ASSERT_EQ(response.status, 200U) << response.body;
  EXPECT_EQ(Json::parse(response.body)["revoked"][0]["id"], sold["coupons"][0]["id"]);
}

TEST_F(ApiTest, ASuspendIsRecordedAsAnEvent) {
  auto suspended = sample_sale(0);
  suspended["state"] = "suspended";
  suspended["tenders"] = Json::array();
  const auto response = post("/v1/checkouts/event", suspended);
  ASSERT_EQ(response.status, 200U) << response.body;
  EXPECT_EQ(Json::parse(response.body)["recorded"], true);
}

TEST_F(ApiTest, WhatWasNotPrintedIsRevokedOnce) {
  const auto sold = issued_sale(1);
  const std::string path = "/v1/checkouts/" + sold["identity"].get<std::string>() + "/not_printed";
  const auto first = post_text(path, "{}");
  ASSERT_EQ(first.status, 200U) << first.body;
  EXPECT_EQ(Json::parse(first.body)["revoked"][0]["id"], sold["coupons"][0]["id"]);
  EXPECT_TRUE(Json::parse(post_text(path, "{}").body)["revoked"].empty());
}

TEST_F(ApiTest, TheCashiersKeyIsRecordedAtItsShowing) {
  const auto advice = Json::parse(post("/v1/checkouts/advise", sample_total(1)).body);
  const std::string path = "/v1/prompts/" + advice["showing_id"].get<std::string>();
  EXPECT_EQ(post(path, Json{{"answer", "asked"}, {"operator_id", "E1007"}}).status, 200U);
  const auto unknown = post(path, Json{{"answer", "shrugged"}});
  EXPECT_EQ(code_of(unknown, 422), "unknown_value");
  EXPECT_EQ(field_of(unknown), "answer");
  EXPECT_EQ(code_of(post(path, Json::object()), 422), "missing_field");
  EXPECT_EQ(code_of(post("/v1/prompts/nonsense", Json{{"answer", "asked"}}), 404), "not_found");
}

TEST_F(ApiTest, StaffAreListedWithoutThoseWhoLeft) {
  const auto staff = Json::parse(get("/v1/staff").body)["staff"];
  ASSERT_EQ(staff.size(), 2U);
  EXPECT_EQ(staff[0]["staff_id"], "E2033");
  EXPECT_EQ(staff[0]["has_badge"], true);
  EXPECT_EQ(staff[1]["has_badge"], false);
}

TEST_F(ApiTest, HealthSaysReadyOrWhatToMend) {
  EXPECT_EQ(Json::parse(connect().get("/health").body)["status"], "ready");
  live.set_ready(false);
  const auto health = Json::parse(connect().get("/health").body);
  EXPECT_EQ(health["status"], "degraded");
  EXPECT_EQ(health["zh"], "磁盘已满，请清理");
}

TEST_F(ApiTest, MetricsCountWhatHappened) {
  issued_sale(1);
  const auto metrics = connect().get("/metrics");
  EXPECT_THAT(metrics.header("Content-Type"), ::testing::StartsWith("text/plain; version=0.0.4"));
  EXPECT_THAT(metrics.body, ::testing::HasSubstr("\ntillside_checkouts_completed_total 1\n"));
  EXPECT_THAT(metrics.body, ::testing::HasSubstr("\ntillside_coupons_issued_total 1\n"));
  EXPECT_THAT(metrics.body, ::testing::HasSubstr("# TYPE tillside_outbox_events gauge\ntillside_outbox_events 3\n"));
}

TEST_F(ApiTest, TheUnixSocketTrustsItsOwnUser) {
  const auto response = fakes::RawHttpClient::unix_socket(live.socket()).get("/v1/staff");
  EXPECT_EQ(response.status, 200U);
}

}  // namespace
}  // namespace tillside::api
