#include "tests/agent/api/api_test_fixture.h"

namespace tillside::api {
namespace {

using BadInput = ApiTest;
constexpr std::string_view kAdvise = "/v1/checkouts/advise";
constexpr std::string_view kComplete = "/v1/checkouts/complete";

TEST_F(BadInput, AnotherContentTypeIsRefused) {
  const auto response = connect().request("POST", kAdvise, "{}", bearer() + "Content-Type: text/plain\r\n");
  EXPECT_EQ(code_of(response, 415), "wrong_content_type");
}

TEST_F(BadInput, TenMegabytesAreRefusedBeforeTheyAreRead) {
  auto client = connect();
  client.send("POST /v1/checkouts/advise HTTP/1.1\r\nHost: 127.0.0.1\r\n" + bearer() +
              "Content-Type: application/json\r\nContent-Length: 10485760\r\n\r\n");
  EXPECT_EQ(client.read_response().status, 413U);
}

TEST_F(BadInput, TextThatIsNotUtf8IsNamed) {
  auto text = sample_sale(1).dump();
  text.replace(text.find("榴莲"), 6, "\xC1\xF1\xC1\xAB");
  EXPECT_EQ(code_of(post_text(kComplete, text), 400), "invalid_utf8");
}

TEST_F(BadInput, AThousandLevelsAreTooDeep) {
  const std::string deep = "{\"odd\":" + std::string(1000, '[') + std::string(1000, ']') + "}";
  EXPECT_EQ(code_of(post_text(kAdvise, deep), 400), "too_deep");
  EXPECT_EQ(code_of(post_text("/v1/prompts/x", deep), 400), "too_deep");
}

TEST_F(BadInput, WhatIsNoJsonIsNoJson) {
  for (const std::string_view text : {"", "{", "[]", "null", "{\"a\":1}x", "{\"state\":\"total\",}"}) {
    EXPECT_EQ(post_text(kAdvise, text).status / 100, 4U) << text;
  }
}

TEST_F(BadInput, AnUnknownEnumValueIsRefusedByName) {
  auto sale = sample_sale(1);
  sale["tenders"][0]["type"] = "seashells";
  const auto response = post(kComplete, sale);
  EXPECT_EQ(code_of(response, 422), "unknown_value");
  EXPECT_EQ(field_of(response), "tenders[0].type");
}

TEST_F(BadInput, AWrongTypeNamesItsField) {
  auto sale = sample_sale(1);
  sale["lines"][0]["unit_price"] = true;
  const auto response = post(kComplete, sale);
  EXPECT_EQ(code_of(response, 422), "wrong_type");
  EXPECT_EQ(field_of(response), "lines[0].unit_price");
}

TEST_F(BadInput, ANegativeSaleIsOutOfRange) {
  auto sale = sample_sale(1);
  sale["lines"][0]["amount"] = -1;
  EXPECT_EQ(code_of(post(kComplete, sale), 422), "out_of_range");
}

TEST_F(BadInput, AnAmountBeyondAllMoneyIsRefused) {
  auto sale = sample_sale(1);
  sale["lines"][0]["amount"] = 9'000'000'000'000'000;
  EXPECT_EQ(post(kComplete, sale).status, 422U);
}

TEST_F(BadInput, AnotherCurrencyIsRefused) {
  auto sale = sample_sale(1);
  sale["currency"] = "USD";
  EXPECT_EQ(code_of(post(kComplete, sale), 422), "currency_mismatch");
}

TEST_F(BadInput, TotalsThatDoNotAddUpAreTakenAndFlagged) {
  auto sale = sample_sale(1);
  sale["totals"]["gross"] = 99999;
  const auto response = post(kComplete, sale);
  ASSERT_EQ(response.status, 200U) << response.body;
  EXPECT_THAT(Json::parse(response.body)["flags"], ::testing::Contains("totals_do_not_add_up"));
}

TEST_F(BadInput, ARefusalIsForgotten) {
  auto sale = sample_sale(1);
  sale["state"] = "suspended";
  EXPECT_EQ(code_of(post(kComplete, sale), 422), "unknown_value");
  EXPECT_EQ(post(kComplete, sample_sale(1)).header("Tillside-Duplicate"), "");
}

TEST_F(BadInput, ProblemsSpeakTheCallersLanguage) {
  const auto chinese = Json::parse(post_text(kAdvise, "{").body);
  EXPECT_EQ(chinese["title"], "不是有效的 JSON 文档");
  const auto english = Json::parse(post_text(kAdvise, "{", "Accept-Language: en-GB,zh;q=0.5\r\n").body);
  EXPECT_EQ(english["title"], "This is not a valid JSON document");
  EXPECT_EQ(english["type"], "urn:tillside:problem:bad_json");
}

TEST_F(BadInput, AnUnknownAddressAndAnotherMethodAreProblems) {
  EXPECT_EQ(get("/v1/nothing").status, 404U);
  const auto response = get("/v1/checkouts/advise");
  EXPECT_EQ(response.status, 405U);
  EXPECT_EQ(response.header("Allow"), "POST");
}

}  // namespace
}  // namespace tillside::api
