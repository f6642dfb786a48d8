// Coupons at the local API, as a POS calls it.
#include "agent/desk/redeemer.h"
#include "tests/agent/api/api_test_fixture.h"

namespace tillside::api {
namespace {

class CouponCalls : public ApiTest {
 protected:
  void SetUp() override { coupon = issued_sale(1)["coupons"][0]; }

  Json asked(std::string_view call, const Json& body) const {
    const auto response = post("/v1/coupons/" + std::string(call), body);
    EXPECT_EQ(response.status, 200U) << response.body;
    return Json::parse(response.body);
  }
  Json check(const std::string& code) const { return asked("check", {{"code", code}}); }
  Json hold(const std::string& hold_id, const std::string& code) const {
    return asked("hold", {{"hold_id", hold_id}, {"code", code}, {"lane_id", "L2"}, {"operator_id", "E1007"}});
  }
  std::string url() const { return coupon["url"]; }

  Json coupon;
};

TEST_F(CouponCalls, FromCheckToSale) {
  EXPECT_EQ(asked("check", {{"code", url()}, {"checkout", sample_total(2)}})["state"], "free");
  EXPECT_EQ(hold("h1", url())["state"], "approved");
  auto sale = sample_sale(2);
  sale["coupons"] = {url()};
  const auto first = post("/v1/checkouts/complete", sale);
  const auto sold = Json::parse(first.body);
  EXPECT_EQ(sold["redeemed"][0]["id"], coupon["id"]);
  EXPECT_EQ(sold["redeemed"][0]["value"], 2000);
  const auto again = post("/v1/checkouts/complete", sale);
  EXPECT_EQ(again.header("Tillside-Duplicate"), "true");
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(check(url())["reason"], "spent");
  EXPECT_EQ(asked("release", {{"hold_id", "h1"}})["state"], "spent");
}

TEST_F(CouponCalls, ACheckoutOfTheCallIsReadAsAdviseReadsIt) {
  auto total = sample_total(2);
  total["lines"][0]["kind"] = "melted";
  const auto response = post("/v1/coupons/check", {{"code", url()}, {"checkout", total}});
  EXPECT_EQ(code_of(response, 422), "unknown_value");
  EXPECT_EQ(field_of(response), "checkout.lines[0].kind");
}

TEST_F(CouponCalls, BadCallsAreNamed) {
  EXPECT_EQ(code_of(post_text("/v1/coupons/check", "{"), 400), "bad_json");
  EXPECT_EQ(code_of(post("/v1/coupons/check", Json::object()), 422), "missing_field");
  EXPECT_EQ(code_of(post("/v1/coupons/check", {{"code", std::string(5000, 'A')}}), 422), "out_of_range");
  EXPECT_EQ(code_of(post("/v1/coupons/hold", {{"code", url()}}), 422), "missing_field");
  EXPECT_EQ(code_of(post("/v1/coupons/hold", {{"code", url()}, {"hold_id", "a b"}, {"lane_id", "L2"}}), 422),
            "bad_format");
  EXPECT_EQ(code_of(post("/v1/coupons/hold", {{"code", url()}, {"hold_id", "h"}, {"lane_id", "通道"}}), 422),
            "bad_format");
  EXPECT_EQ(code_of(post("/v1/coupons/release", Json::object()), 422), "missing_field");
  EXPECT_EQ(code_of(connect().request("POST", "/v1/coupons/check", "{}"), 401), "no_token");
  EXPECT_EQ(code_of(connect().request("POST", "/v1/coupons/release", "{}", bearer()), 415), "wrong_content_type");
}

TEST_F(CouponCalls, AHoldIdOfAnotherCouponIsAConflict) {
  const std::string second = issued_sale(2)["coupons"][0]["url"];
  hold("h1", url());
  EXPECT_EQ(code_of(post("/v1/coupons/hold", {{"hold_id", "h1"}, {"code", second}, {"lane_id", "L2"}}), 409),
            "conflict");
}

// What a scanner behind a Chinese input method, another keyboard layout or a tired cashier makes of it.
TEST_F(CouponCalls, GarbledCodesAreRead) {
  std::string lower = url();
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  EXPECT_EQ(check(lower)["state"], "free");
  EXPECT_EQ(check(" " + url() + "\r\n")["state"], "free");
  std::string garbled = url();
  garbled.replace(5, 3, "Ö--");
  EXPECT_EQ(check(garbled)["state"], "free");
  EXPECT_EQ(check(url().substr(0, url().size() - 1))["reason"], "not_a_code");
}

TEST_F(CouponCalls, TenThousandGuessesFindNothing) {
  auto line = connect();
  const TypedCode right = *read_typed(coupon["typed"].get<std::string>());
  int stopped = 0;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    TypedCode guess = right;
    guess.mac = (right.mac + i * 3'436'000 + 1) & ((1ULL << 35) - 1);
    if (guess.mac == right.mac) continue;
    const auto response = line.request("POST", "/v1/coupons/check", Json{{"code", format_typed(guess)}}.dump(),
                                       bearer() + "Content-Type: application/json\r\nConnection: keep-alive\r\n");
    const std::string reason = Json::parse(response.body)["reason"];
    ASSERT_TRUE(reason == "forged" || reason == "too_many_tries") << reason;
    stopped += reason == "too_many_tries" ? 1 : 0;
  }
  EXPECT_EQ(stopped, 10'000 - TypedTries::kMisses);
}

TEST_F(CouponCalls, ScreensAreTold) {
  std::vector<std::string> told;
  const auto listener = live.happenings().listen(0, [&](const Happenings::Message& message) {
    if (message->find("\"type\":\"coupon\"") != message->npos) told.push_back(*message);
  });
  hold("h1", url());
  EXPECT_EQ(asked("release", {{"hold_id", "h1"}})["state"], "released");
  live.desk().expect_durable();
  issued_sale(7);  // its answer comes after the release's telling
  live.happenings().forget(listener);
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(Json::parse(told[0])["coupon"]["state"], "approved");
  EXPECT_EQ(Json::parse(told[0])["lane"], "L2");
  EXPECT_EQ(Json::parse(told[1])["coupon"]["state"], "released");
}

}  // namespace
}  // namespace tillside::api
