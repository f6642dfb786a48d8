#include <sys/stat.h>

#include "agent/platform/files.h"
#include "tests/agent/api/api_test_fixture.h"
#include "tests/fakes/raw_ws_client.h"

namespace tillside::api {
namespace {

constexpr const char* kPosOrigin = "https://pos.example:8443";

class Access : public ApiTest {
 protected:
  Access() : ApiTest({kPosOrigin}) {}

  std::string new_link() const {
    return Json::parse(post("/v1/links", Json{{"page", "/cashier"}}).body)["url"].get<std::string>();
  }
  static std::string path_of(const std::string& url) { return url.substr(url.find("/open/")); }
  std::string opened_cookie() const {
    const auto opened = connect().get(path_of(new_link()));
    EXPECT_EQ(opened.status, 303U);
    const auto cookie = opened.header("Set-Cookie");
    return "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n";
  }
  std::string own_origin() const { return "http://127.0.0.1:" + std::to_string(live.port()); }
  fakes::RawResponse post_as_page(const std::string& cookie, const std::string& headers) const {
    auto client = connect();
    client.send("POST /v1/links HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(live.port()) + "\r\n" + cookie +
                headers + "Content-Type: application/json\r\nContent-Length: 19\r\n\r\n{\"page\":\"/cashier\"}");
    return client.read_response();
  }
};

TEST_F(Access, NobodyComesInWithoutTheToken) {
  EXPECT_EQ(code_of(connect().get("/v1/staff"), 401), "no_token");
  const auto wrong = connect().get("/v1/staff", "Authorization: Bearer 0123456789abcdef\r\n");
  EXPECT_EQ(code_of(wrong, 401), "no_token");
  EXPECT_EQ(wrong.header("WWW-Authenticate"), "Bearer realm=\"tillside\"");
  EXPECT_EQ(get("/v1/staff").status, 200U);
}

TEST_F(Access, TheTokenIsItsOwnersAloneAndSurvivesARestart) {
  struct stat facts {};
  ASSERT_EQ(::stat((live.folder() / "api-token").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
  const auto token = live.token();
  EXPECT_EQ(token.size(), 64U);
  live.restart();
  EXPECT_EQ(live.token(), token);
  EXPECT_EQ(get("/v1/staff").status, 200U);
}

TEST_F(Access, AForeignHostIsMisdirected) {
  auto client = connect();
  client.send("GET /v1/staff HTTP/1.1\r\nHost: evil.example\r\n" + bearer() + "\r\n");
  EXPECT_EQ(code_of(client.read_response(), 421), "foreign_host");
}

TEST_F(Access, AForeignOriginIsRefusedEvenWithTheToken) {
  EXPECT_EQ(code_of(get("/v1/staff", "Origin: https://evil.example\r\n"), 403), "foreign_origin");
  EXPECT_EQ(code_of(get("/v1/staff", "Origin: null\r\n"), 403), "foreign_origin");
}

TEST_F(Access, AConfiguredOriginMayCallAndReadsTheAnswer) {
  const auto response = get("/v1/staff", std::string("Origin: ") + kPosOrigin + "\r\n");
  EXPECT_EQ(response.status, 200U);
  EXPECT_EQ(response.header("Access-Control-Allow-Origin"), kPosOrigin);
  EXPECT_EQ(response.header("Vary"), "Origin");
}

TEST_F(Access, APreflightIsAnsweredWithoutAToken) {
  const std::string asked =
      "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization\r\n"
      "Access-Control-Request-Private-Network: true\r\n";
  const auto allowed =
      connect().request("OPTIONS", "/v1/checkouts/advise", {}, std::string("Origin: ") + kPosOrigin + "\r\n" + asked);
  EXPECT_EQ(allowed.status, 204U);
  EXPECT_EQ(allowed.header("Access-Control-Allow-Origin"), kPosOrigin);
  EXPECT_EQ(allowed.header("Access-Control-Allow-Private-Network"), "true");
  EXPECT_THAT(allowed.header("Access-Control-Allow-Headers"), ::testing::HasSubstr("Authorization"));
  const auto foreign =
      connect().request("OPTIONS", "/v1/checkouts/advise", {}, "Origin: https://evil.example\r\n" + asked);
  EXPECT_EQ(foreign.status, 403U);
  EXPECT_EQ(foreign.header("Access-Control-Allow-Private-Network"), "");
}

TEST_F(Access, ALinkOpensAPageOnce) {
  const auto link = new_link();
  EXPECT_THAT(link, ::testing::StartsWith(own_origin() + "/open/"));
  EXPECT_THAT(link, ::testing::EndsWith("?to=/cashier"));
  const auto opened = connect().get(path_of(link));
  EXPECT_EQ(opened.status, 303U);
  EXPECT_EQ(opened.header("Location"), "/cashier");
  EXPECT_THAT(opened.header("Set-Cookie"), ::testing::EndsWith("; HttpOnly; SameSite=Strict"));
  EXPECT_EQ(code_of(connect().get(path_of(link)), 410), "link_used");
}

TEST_F(Access, ALinkIsOverAfterAMinute) {
  const auto link = new_link();
  clock.advance(60'000);
  EXPECT_EQ(code_of(connect().get(path_of(link)), 410), "link_used");
}

TEST_F(Access, ALinkLeadsToOurOwnPagesOnly) {
  for (const char* to : {"https://evil.example", "//evil.example", "/v1/staff", "cashier"}) {
    EXPECT_EQ(code_of(post("/v1/links", Json{{"page", to}}), 422), "unknown_value") << to;
  }
}

TEST_F(Access, ACookieOpensThePageAndSurvivesARestart) {
  const auto cookie = opened_cookie();
  EXPECT_EQ(connect().get("/cashier", cookie).status, 200U);
  live.restart();
  EXPECT_EQ(connect().get("/cashier", cookie).status, 200U);
  EXPECT_EQ(connect().get("/cashier").status, 401U);
  EXPECT_EQ(connect().get("/v1/staff", cookie).status, 200U);
}

TEST_F(Access, CookiesAreKeptHashed) {
  const auto cookie = opened_cookie();
  const auto value = cookie.substr(cookie.find('=') + 1, 64);
  const auto kept = read_file(live.folder() / "api-sessions").value_or("");
  EXPECT_EQ(kept.size(), 65U);
  EXPECT_THAT(kept, ::testing::Not(::testing::HasSubstr(value)));
}

TEST_F(Access, SessionsAreBoundedTheOldestGivesWay) {
  const auto first = opened_cookie();
  for (std::size_t i = 0; i < 64; ++i) opened_cookie();
  EXPECT_EQ(connect().get("/v1/staff", first).status, 401U);
}

TEST_F(Access, ACookieChangesNothingFromElsewhere) {
  const auto cookie = opened_cookie();
  EXPECT_EQ(code_of(post_as_page(cookie, ""), 403), "cross_site");
  EXPECT_EQ(code_of(post_as_page(cookie, "Sec-Fetch-Site: same-site\r\n"), 403), "cross_site");
  EXPECT_EQ(code_of(post_as_page(cookie, std::string("Origin: ") + kPosOrigin + "\r\n"), 403), "cross_site");
  EXPECT_EQ(post_as_page(cookie, "Sec-Fetch-Site: same-origin\r\n").status, 200U);
  EXPECT_EQ(post_as_page(cookie, "Origin: " + own_origin() + "\r\n").status, 200U);
}

TEST_F(Access, PagesAllowNothingFromElsewhere) {
  const auto page = connect().get("/cashier", opened_cookie());
  EXPECT_THAT(page.header("Content-Security-Policy"), ::testing::HasSubstr("default-src 'none'"));
  EXPECT_EQ(page.header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(page.header("Cache-Control"), "no-store");
}

TEST_F(Access, AForeignPageGetsNoWebSocket) {
  const auto cookie = opened_cookie();
  fakes::RawWsClient screen(connect());
  EXPECT_EQ(screen.open("/v1/events", cookie + "Origin: http://127.0.0.1:1\r\n").status, 403U);
}

}  // namespace
}  // namespace tillside::api
