#include "sync/http/guard.h"

#include <gtest/gtest.h>

namespace tillside::http {
namespace {

TEST(HostAllowed, LoopbackNamesWithAnyPort) {
  for (const auto* host : {"127.0.0.1", "127.0.0.1:7979", "localhost", "LOCALHOST:80", "[::1]", "[::1]:7979"}) {
    EXPECT_TRUE(host_allowed(host)) << host;
  }
}

TEST(HostAllowed, RefusesWhatDnsRebindingLooksLike) {
  for (const auto* host :
       {"", "evil.example", "evil.example:7979", "127.0.0.1.evil.example", "localhost.evil.example",
        "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:123456", "[::1", "[::1]x", "::1", "127.0.0.1:1:2", "user@127.0.0.1"}) {
    EXPECT_FALSE(host_allowed(host)) << host;
  }
}

TEST(HostAllowed, ConfiguredNames) {
  const std::vector<std::string> configured = {"till.store.example", "hq.example:8443"};
  EXPECT_TRUE(host_allowed("till.store.example:1234", configured));
  EXPECT_TRUE(host_allowed("HQ.example:8443", configured));
  EXPECT_FALSE(host_allowed("hq.example", configured));
  EXPECT_FALSE(host_allowed("hq.example:8444", configured));
}

TEST(OriginAllowed, SameOriginAndConfiguredOnly) {
  const std::vector<std::string> configured = {"https://pos.example:8443"};
  EXPECT_TRUE(origin_allowed("", "127.0.0.1:7979"));
  EXPECT_TRUE(origin_allowed("http://127.0.0.1:7979", "127.0.0.1:7979"));
  EXPECT_TRUE(origin_allowed("https://pos.example:8443", "127.0.0.1:7979", configured));
  EXPECT_FALSE(origin_allowed("https://pos.example", "127.0.0.1:7979", configured));
  EXPECT_FALSE(origin_allowed("http://127.0.0.1:8080", "127.0.0.1:7979"));
  EXPECT_FALSE(origin_allowed("http://", ""));
  EXPECT_FALSE(origin_allowed("null", "127.0.0.1:7979", {"null"}));
}

TEST(BearerToken, OnlyAWellFormedOne) {
  EXPECT_EQ(bearer_token("Bearer abc.def"), "abc.def");
  EXPECT_EQ(bearer_token("bearer  abc "), "abc");
  EXPECT_EQ(bearer_token("Basic abc"), "");
  EXPECT_EQ(bearer_token("Bearer"), "");
  EXPECT_EQ(bearer_token("Bearer "), "");
  EXPECT_EQ(bearer_token("Bearer a b"), "");
}

TEST(SameSecret, ComparesWhole) {
  EXPECT_TRUE(same_secret("s3cret", "s3cret"));
  EXPECT_TRUE(same_secret("", ""));
  EXPECT_FALSE(same_secret("s3cret", "s3cre"));
  EXPECT_FALSE(same_secret("s3cret", "S3cret"));
  EXPECT_FALSE(same_secret("", "x"));
}

TEST(CookieValue, FindsTheExactName) {
  EXPECT_EQ(cookie_value("a=1; session=xyz; b=2", "session"), "xyz");
  EXPECT_EQ(cookie_value("session=\"quoted\"", "session"), "quoted");
  EXPECT_EQ(cookie_value("mysession=no;session=a=b", "session"), "a=b");
  EXPECT_EQ(cookie_value("a=1", "session"), std::nullopt);
  EXPECT_EQ(cookie_value("", "session"), std::nullopt);
}

TEST(PercentDecode, DecodesOrRefuses) {
  EXPECT_EQ(percent_decode("E%201+x"), "E 1+x");
  EXPECT_EQ(percent_decode("a+b", true), "a b");
  EXPECT_EQ(percent_decode("%E6%A6%B4%e8%8e%b2"), "榴莲");
  for (const auto* bad : {"%", "%1", "%zz", "a%0", "%00"}) EXPECT_EQ(percent_decode(bad), std::nullopt) << bad;
}

TEST(PercentEncode, RoundTrips) {
  EXPECT_EQ(percent_encode("a b/榴"), "a%20b%2F%E6%A6%B4");
  EXPECT_EQ(percent_decode(percent_encode("~x&y=%")), "~x&y=%");
}

TEST(Query, FindsAndParses) {
  EXPECT_EQ(find_query_value("a=1&format=svg&a=2", "a"), "1");
  EXPECT_EQ(find_query_value("form%61t=e%2Bx+y", "format"), "e+x y");
  EXPECT_EQ(find_query_value("flag", "flag"), "");
  EXPECT_EQ(find_query_value("a=%zz", "a"), std::nullopt);
  EXPECT_EQ(find_query_value("", "a"), std::nullopt);
  const auto all = parse_query("a=1&&b=%zz&c=3");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1], (std::pair<std::string, std::string>{"c", "3"}));
}

TEST(ContentType, IgnoresParametersAndCase) {
  EXPECT_TRUE(content_type_is("Application/JSON; charset=utf-8", "application/json"));
  EXPECT_TRUE(content_type_is("application/json", "application/json"));
  EXPECT_FALSE(content_type_is("application/jsonx", "application/json"));
  EXPECT_FALSE(content_type_is("", "application/json"));
}

}  // namespace
}  // namespace tillside::http
