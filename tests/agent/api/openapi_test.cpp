#include <set>
#include <tuple>

#include "agent/domain/coupon_terms.h"
#include "tests/agent/api/api_test_fixture.h"
#include "tests/agent/api/schema.h"
#include "tests/fakes/raw_ws_client.h"

namespace tillside::api {
namespace {

class OpenApi : public ApiTest {
 protected:
  void SetUp() override { document = Json::parse(connect().get("/openapi.json").body); }

  // One real answer against the document: its status is described there, its body fits the schema.
  fakes::RawResponse check(const std::string& method, const std::string& path, const fakes::RawResponse& response) {
    SCOPED_TRACE(method + " " + path + " " + std::to_string(response.status));
    const auto status = std::to_string(response.status);
    seen.emplace(path, method, status);
    const Json& responses = document["paths"][path][method]["responses"];
    if (!responses.contains(status)) {
      ADD_FAILURE() << "this status is not described: " << response.body;
      return response;
    }
    check_content(responses[status], response);
    return response;
  }

  void check_content(const Json& described, const fakes::RawResponse& response) {
    if (!described.contains("content")) {
      EXPECT_EQ(response.body, "");
      return;
    }
    const auto type = response.header("Content-Type").substr(0, response.header("Content-Type").find(';'));
    ASSERT_TRUE(described["content"].contains(type)) << type << " is not described";
    if (!type.ends_with("json")) return;
    for (const auto& what : complaints(Json::parse(response.body), described["content"][type]["schema"], document)) {
      ADD_FAILURE() << what;
    }
  }

  void call_as_a_pos() {
    const std::string advise = "/v1/checkouts/advise", complete = "/v1/checkouts/complete";
    const auto advice = check("post", advise, post(advise, sample_total(1, "13700137000")));
    check("post", advise, post(advise, sample_total(1, "13800138000")));
    check("post", advise, post(advise, sample_total(1)));
    check("post", advise, post_text(advise, "{"));
    auto unknown = sample_total(1);
    unknown["state"] = "melting";
    check("post", advise, post(advise, unknown));
    check("post", advise, connect().request("POST", advise, "{}", bearer()));
    check("post", advise, connect().request("POST", advise, "{}"));
    const auto sold = Json::parse(check("post", complete, post(complete, sample_sale(1))).body);
    check("post", complete, post(complete, sample_sale(1)));
    auto other = sample_sale(1);
    other["lines"][0]["name"] = "西瓜";
    check("post", complete, post(complete, other));
    call_with_a_coupon(sold["coupons"][0]["url"]);
    identity = sold["identity"];
    showing = Json::parse(advice.body)["showing_id"];
  }

  void call_with_a_coupon(const std::string& code) {
    const std::string ask = "/v1/coupons/check", hold = "/v1/coupons/hold", release = "/v1/coupons/release";
    check("post", ask, post(ask, Json{{"code", code}, {"checkout", sample_total(2)}}));
    check("post", ask, post(ask, Json{{"code", "hello"}}));
    check("post", ask, post(ask, Json::object()));
    Json held = {{"hold_id", "h1"}, {"code", code}, {"lane_id", "L2"}};
    check("post", hold, post(hold, held));
    held["code"] = "0008-G000-07XK-2M9Q";
    check("post", hold, post(hold, held));
    check("post", ask, post(ask, Json{{"code", code}}));
    check("post", release, post(release, Json{{"hold_id", "h1"}}));
    check("post", release, post(release, Json{{"hold_id", ""}}));
    const std::string scans = "/v1/scans";
    check("post", scans, post(scans, Json{{"code", code}, {"lane_id", "L2"}}));
    check("post", scans, post(scans, Json{{"lane_id", "L2"}}));
    auto sale = sample_sale(20);
    sale["coupons"] = {code, "hello"};
    check("post", "/v1/checkouts/complete", post("/v1/checkouts/complete", sale));
  }

  // Headquarters told of a coupon of the member's.
  void call_with_her_own_coupon() {
    CouponBody body = body_of(live.shop().campaigns.front(), kSundayMorning);
    body.serial = 1;
    const store::ToldCoupon told{store::coupon_number(body.key, 1), 77, *encode_coupon(body), KeyId{17, 0}, {}};
    ASSERT_TRUE(live.store().writer().run([&](store::Session& s) { s.told().put(told, 0xFFFFFF); }).ok());
    live.store().persons().add(77);
    auto total = sample_total(30, "13800138000");
    total["customer"]["ids"][0]["proof"] = "scanned";
    const auto advice = check("post", "/v1/checkouts/advise", post("/v1/checkouts/advise", total));
    EXPECT_EQ(Json::parse(advice.body)["usable_coupons"].size(), 1U);
    const std::string hand_over = "/v1/coupons/hand-over";
    Json asked = {{"hold_id", "g1"}, {"code", coupon_id(body)}, {"lane_id", "L2"}, {"customer", total["customer"]}};
    check("post", hand_over, post(hand_over, asked));
    asked["customer"]["ids"][0]["proof"] = "sworn";
    check("post", hand_over, post(hand_over, asked));
    check("post", hand_over, post(hand_over, Json::object()));
  }

  void call_around_the_checkout() {
    auto returned = sample_sale(2);
    returned["state"] = "returned";
    returned["original"] = {{"checkout_id", "0123-L2-20261122-1"}};
    returned["lines"][0]["kind"] = "returned";
    for (auto* sum : {&returned["lines"][0]["amount"], &returned["totals"]["gross"], &returned["totals"]["net"],
                      &returned["tenders"][0]["amount"]}) {
      *sum = -12345;
    }
    const std::string reverse = "/v1/checkouts/reverse", event = "/v1/checkouts/event";
    check("post", reverse, post(reverse, returned));
    check("post", reverse, post(reverse, sample_sale(3)));
    auto exchanged = sample_sale(30);
    exchanged["state"] = "exchanged";
    auto back = returned["lines"][0];
    back["line_no"] = 2;
    back["original"] = {{"checkout_id", "0123-L2-20261122-20"}, {"line_no", 1}};
    exchanged["lines"].push_back(back);
    const auto answer = check("post", "/v1/checkouts/complete", post("/v1/checkouts/complete", exchanged));
    EXPECT_EQ(Json::parse(answer.body)["taken_back"]["refund"]["amount"], 12345) << answer.body;
    auto suspended = sample_total(4);
    suspended["state"] = "suspended";
    check("post", event, post(event, suspended));
    const std::string not_printed = "/v1/checkouts/{identity}/not_printed", prompts = "/v1/prompts/{showing_id}";
    check("post", not_printed, post_text("/v1/checkouts/" + identity + "/not_printed", "{}"));
    check("post", not_printed, post_text("/v1/checkouts/none/not_printed", "{}"));
    check("post", prompts, post("/v1/prompts/" + showing, Json{{"answer", "asked"}}));
    check("post", prompts, post("/v1/prompts/" + showing, Json{{"answer", "sang"}}));
    check("post", prompts, post("/v1/prompts/none", Json{{"answer", "asked"}}));
  }

  void call_for_pictures() {
    const std::string receipt = "/v1/checkouts/{identity}/receipt";
    for (const char* format : {"escpos58", "escpos80", "text", "svg", "png", "pdf"}) {
      check("get", receipt, get("/v1/checkouts/" + identity + "/receipt?format=" + format));
    }
    check("get", receipt, get("/v1/checkouts/" + identity + "/receipt?format=text&only=none"));
    check("get", receipt, get("/v1/checkouts/none/receipt"));
    for (const char* format : {"svg", "png", "text", "escpos58", "escpos80"}) {
      check("get", "/v1/qr", get("/v1/qr?showing=" + showing + "&format=" + format));
      check("get", "/v1/staff/{id}/referral", get(std::string("/v1/staff/E2033/referral?format=") + format));
    }
    check("get", "/v1/qr", get("/v1/qr"));
    check("get", "/v1/staff/{id}/referral", get("/v1/staff/E2033/referral"));
    check("get", "/v1/staff/{id}/referral", get("/v1/staff/E2034/referral"));
    check("get", "/v1/staff/{id}/referral", get("/v1/staff/E2035/referral"));
    check("get", "/v1/staff/{id}/referral", get("/v1/staff/none/referral"));
  }

  void call_as_a_person() {
    for (const char* path : {"/", "/health", "/metrics", "/openapi.json", "/cashier"}) {
      check("get", path, connect().get(path));
      check("get", path, get(path));
    }
    for (const char* path : {"/v1/shop", "/v1/staff", "/v1/status", "/v1/events"}) {
      check("get", path, get(path));
      check("get", path, connect().get(path));
    }
    fakes::RawWsClient screen(connect());
    check("get", "/v1/events", screen.open("/v1/events", bearer()));
    check("post", "/v1/links", post("/v1/links", Json{{"page", "/elsewhere"}}));
    const auto link = Json::parse(check("post", "/v1/links", post("/v1/links", Json{{"page", "/cashier"}})).body);
    const std::string url = link["url"];
    for (int i = 0; i < 2; ++i) check("get", "/open/{code}", connect().get(url.substr(url.find("/open/"))));
    check("post", "/v1/enrolment", post("/v1/enrolment", Json{{"code", "ABCD-EFGH"}}));
  }

  // What went well is described for every call; each of those was seen, but for the one that needs headquarters.
  std::vector<std::string> unseen() const {
    std::vector<std::string> missing;
    for (const auto& [path, methods] : document["paths"].items()) {
      for (const auto& [method, operation] : methods.items()) {
        for (const auto& [status, unused] : operation["responses"].items()) {
          const bool well = status < "400" && path != "/v1/enrolment";
          if (well && !seen.contains({path, method, status})) missing.push_back(method + " " + path + " " + status);
        }
      }
    }
    return missing;
  }

  Json document;
  std::string identity, showing;
  std::set<std::tuple<std::string, std::string, std::string>> seen;
};

TEST_F(OpenApi, EveryRealAnswerIsAsDescribed) {
  call_as_a_pos();
  call_with_her_own_coupon();
  call_around_the_checkout();
  call_for_pictures();
  call_as_a_person();
  EXPECT_THAT(unseen(), ::testing::IsEmpty());
}

TEST_F(OpenApi, TheCheckedSchemaNoticesWhatIsWrong) {
  const Json schema = document["components"]["schemas"]["Health"];
  EXPECT_THAT(complaints({{"status", "ready"}, {"zh", ""}, {"en", ""}}, schema, document), ::testing::IsEmpty());
  EXPECT_EQ(complaints({{"status", "fine"}, {"zh", 1}, {"more", ""}}, schema, document).size(), 4U);
}

}  // namespace
}  // namespace tillside::api
