// Coupons at the local API, as a POS calls it.
#include "agent/desk/redeemer.h"
#include "tests/agent/api/api_test_fixture.h"
#include "tests/agent/domain/keyboards.h"

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

// A US scanner behind a computer of another country: one coupon, whatever the keyboard, in every call.
TEST_F(CouponCalls, AForeignKeyboardSpendsTheSameCoupon) {
  const std::string german = samples::typed_through(samples::kQwertz, url());
  const std::string french = samples::typed_through(samples::kAzerty, url());
  const std::string nordic = samples::typed_through(samples::kNordic, url());
  for (const auto& scan : {german, french, nordic}) EXPECT_EQ(check(scan)["coupon"]["id"], coupon["id"]) << scan;
  EXPECT_EQ(check(samples::typed_through(samples::kAzerty, coupon["digits"].get<std::string>()))["state"], "free");
  EXPECT_EQ(hold("h1", german)["state"], "approved");
  EXPECT_EQ(hold("h1", french)["state"], "approved") << "the same hold of the same coupon";
  auto sale = sample_sale(2);
  sale["coupons"] = {german, french};
  const auto sold = Json::parse(post("/v1/checkouts/complete", sale).body);
  EXPECT_EQ(sold["redeemed"][0]["id"], coupon["id"]);
  EXPECT_EQ(sold["unapproved"][0]["reason"], "spent") << "one coupon, twice on the bill";
}

nlohmann::json just_now(nlohmann::json sale, const char* adapter) {
  sale["source"] = {{"adapter", adapter}, {"pos", "acme"}, {"confidence", "parsed"}};
  return sale;
}

// A POS that only prints names no coupon: what the cashier held on the lane's screen goes with the lane's next sale.
TEST_F(CouponCalls, WhatTheScreenHoldsIsSpentByADoorThatOnlyListens) {
  EXPECT_EQ(hold("h1", url())["state"], "approved");
  auto other_lane = just_now(sample_sale(2), "print");
  other_lane["lane_id"] = "L9";
  other_lane["checkout_id"] = "other";
  EXPECT_EQ(Json::parse(post("/v1/checkouts/complete", other_lane).body)["redeemed"], Json::array());
  EXPECT_EQ(Json::parse(post("/v1/checkouts/complete", just_now(sample_sale(3), "http")).body)["redeemed"],
            Json::array())
      << "a POS that can name coupons did not";
  auto old = just_now(sample_sale(4), "journal");
  old["occurred_at"] = "2026-11-22T09:05:03+08:00";
  EXPECT_EQ(Json::parse(post("/v1/checkouts/complete", old).body)["redeemed"], Json::array()) << "older than the hold";
  const auto first = post("/v1/checkouts/complete", just_now(sample_sale(5), "print"));
  const auto sold = Json::parse(first.body);
  ASSERT_EQ(sold["redeemed"].size(), 1U) << first.body;
  EXPECT_EQ(sold["redeemed"][0]["id"], coupon["id"]);
  EXPECT_EQ(sold["redeemed"][0]["value"], 2000);
  EXPECT_EQ(post("/v1/checkouts/complete", just_now(sample_sale(5), "print")).body, first.body);
  EXPECT_EQ(check(url())["reason"], "spent");
  EXPECT_EQ(asked("release", {{"hold_id", "h1"}})["state"], "spent");
}

TEST_F(CouponCalls, WhatTheScreenHoldsButTheBillIsTooSmallForStaysHeld) {
  EXPECT_EQ(hold("h1", url())["state"], "approved");
  auto small = just_now(sample_sale(2), "print");
  small["lines"][0]["unit_price"] = small["lines"][0]["amount"] = 5000;
  small["totals"] = {{"gross", 5000}, {"discount", 0}, {"tax", 0}, {"net", 5000}};
  small["tenders"][0]["amount"] = 5000;
  const auto sold = Json::parse(post("/v1/checkouts/complete", small).body);
  EXPECT_EQ(sold["redeemed"], Json::array());
  EXPECT_EQ(sold["unapproved"][0]["reason"], "min_spend");
  EXPECT_EQ(asked("release", {{"hold_id", "h1"}})["state"], "released");
}

class ScanCalls : public CouponCalls {
 protected:
  void SetUp() override {
    CouponCalls::SetUp();
    listener = live.happenings().listen(~0ULL, [this](const Happenings::Message& message) {
      if (message->find("\"type\":\"scanned\"") != message->npos) told.push_back(Json::parse(*message));
    });
    told.clear();
  }
  void TearDown() override { live.happenings().forget(listener); }
  Json scan(const Json& body) const {
    const auto response = post("/v1/scans", body);
    EXPECT_EQ(response.status, 200U) << response.body;
    return Json::parse(response.body);
  }
  std::vector<Json> told;
  std::uint64_t listener = 0;
};

TEST_F(ScanCalls, AScanIsCheckedAndShown) {
  const Json answer = scan({{"code", url() + "\r"}, {"lane_id", "L2"}});
  EXPECT_EQ(answer["state"], "free");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0]["lane"], "L2");
  EXPECT_EQ(told[0]["coupon"], answer);
  EXPECT_EQ(told[0]["code"], url() + "\r");
  EXPECT_EQ(scan({{"code", "6901234567892"}})["reason"], "not_a_code");
  ASSERT_EQ(told.size(), 2U);
  EXPECT_TRUE(told[1]["lane"].is_null());
}

// A Czech keyboard turned the digits of a typed form into letters; the page saw the keys themselves.
TEST_F(ScanCalls, TheKeysThemselvesAreReadWhenTheCharactersAreNoCode) {
  const Json answer = scan({{"code", "qqqqqq"}, {"us_code", url()}, {"lane_id", "L2"}});
  EXPECT_EQ(answer["state"], "free");
  EXPECT_EQ(told.at(0)["code"], url());
  EXPECT_EQ(scan({{"code", url()}, {"us_code", "qqqqqq"}})["state"], "free");
  EXPECT_EQ(scan({{"code", "hello"}, {"us_code", "there"}})["reason"], "not_a_code");
  EXPECT_EQ(told.back()["code"], "hello");
}

TEST_F(ScanCalls, BadScansAreNamed) {
  EXPECT_EQ(code_of(post("/v1/scans", Json::object()), 422), "missing_field");
  EXPECT_EQ(code_of(post("/v1/scans", {{"code", url()}, {"lane_id", "通道"}}), 422), "bad_format");
  EXPECT_EQ(code_of(post("/v1/scans", {{"code", 7}}), 422), "wrong_type");
  EXPECT_EQ(code_of(post("/v1/scans", {{"code", "a"}, {"us_code", std::string(5000, 'A')}}), 422), "out_of_range");
  EXPECT_EQ(code_of(connect().request("POST", "/v1/scans", "{}"), 401), "no_token");
  EXPECT_TRUE(told.empty());
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
