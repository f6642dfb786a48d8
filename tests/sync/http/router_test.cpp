#include "sync/http/router.h"

#include <gtest/gtest.h>

#include "tests/fakes/captured_response.h"

namespace tillside::http {
namespace {

class RouterTest : public testing::Test {
 protected:
  RouterTest() {
    router_.get("/v1/staff", answer("all"));
    router_.get("/v1/staff/{id}", answer("one"));
    router_.get("/v1/staff/{id}/referral", answer("referral"));
    router_.get("/v1/staff/me", answer("me"));
    router_.post("/v1/staff", answer("new"));
    router_.get("/", answer("home"));
  }

  static RouteHandler answer(std::string name) {
    return [name](const Request&, const PathParams& params, Responder responder) {
      responder.send(text_response(name + "(" + std::string(params["id"]) + ")"));
    };
  }

  Response serve(Method method, std::string_view path) {
    const auto captured = fakes::CapturedResponse::make();
    Request request;
    request.method = method;
    request.path = path;
    router_.serve(request, Responder(captured));
    return captured->response().value();
  }

  Router router_;
};

TEST_F(RouterTest, FindsLiteralsAndParameters) {
  EXPECT_EQ(serve(Method::kGet, "/v1/staff").body, "all()");
  EXPECT_EQ(serve(Method::kPost, "/v1/staff").body, "new()");
  EXPECT_EQ(serve(Method::kGet, "/v1/staff/E2033").body, "one(E2033)");
  EXPECT_EQ(serve(Method::kGet, "/v1/staff/E%2F1/referral").body, "referral(E/1)");
  EXPECT_EQ(serve(Method::kGet, "/").body, "home()");
}

TEST_F(RouterTest, ALiteralWinsAndFallsBackToTheParameterBelow) {
  EXPECT_EQ(serve(Method::kGet, "/v1/staff/me").body, "me()");
  EXPECT_EQ(serve(Method::kGet, "/v1/staff/me/referral").body, "referral(me)");
}

TEST_F(RouterTest, HeadIsServedByGet) { EXPECT_EQ(serve(Method::kHead, "/v1/staff").body, "all()"); }

TEST_F(RouterTest, UnknownPathsAre404) {
  for (const auto* path : {"/nowhere", "/v1", "/v1/staff/", "/v1/staff/a/b", "", "v1/staff", "//v1/staff",
                           "/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a"}) {
    EXPECT_EQ(serve(Method::kGet, path).status, 404U) << path;
  }
}

TEST_F(RouterTest, OtherMethodsAre405WithAllow) {
  const auto response = serve(Method::kDelete, "/v1/staff");
  EXPECT_EQ(response.status, 405U);
  ASSERT_EQ(response.headers.back().name, "Allow");
  EXPECT_EQ(response.headers.back().value, "GET, HEAD, POST");
}

TEST_F(RouterTest, ABadlyEncodedSegmentIs400) { EXPECT_EQ(serve(Method::kGet, "/v1/staff/%zz").status, 400U); }

TEST_F(RouterTest, RefusesTheSameRouteTwice) {
  EXPECT_THROW(router_.get("/v1/staff", answer("again")), std::invalid_argument);
  EXPECT_THROW(router_.post("/v1/staff/{other}", answer("again")), std::invalid_argument);
  EXPECT_THROW(router_.get("no-slash", answer("bad")), std::invalid_argument);
}

}  // namespace
}  // namespace tillside::http
