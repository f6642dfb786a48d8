// Calls of a POS with the right token, short enough to read in a test.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tests/agent/api/live_api.h"
#include "tests/fakes/raw_http_client.h"

namespace tillside::api {

class ApiTest : public ::testing::Test {
 protected:
  using Json = nlohmann::json;

  explicit ApiTest(std::vector<std::string> origins = {}) : live({.clock = &clock, .origins = std::move(origins)}) {}

  fakes::RawHttpClient connect() const { return fakes::RawHttpClient::tcp(live.port()); }

  std::string bearer() const { return "Authorization: Bearer " + live.token() + "\r\n"; }

  fakes::RawResponse get(std::string_view target, std::string_view headers = {}) const {
    return connect().get(target, bearer() + std::string(headers));
  }
  fakes::RawResponse post_text(std::string_view target, std::string_view body, std::string_view headers = {}) const {
    return connect().request("POST", target, body,
                             bearer() + "Content-Type: application/json\r\n" + std::string(headers));
  }
  fakes::RawResponse post(std::string_view target, const Json& body, std::string_view headers = {}) const {
    return post_text(target, body.dump(), headers);
  }

  // The problem's code, after its status was checked.
  static std::string code_of(const fakes::RawResponse& response, unsigned status) {
    EXPECT_EQ(response.status, status) << response.body;
    EXPECT_EQ(response.header("Content-Type"), "application/problem+json");
    const auto document = Json::parse(response.body, nullptr, false);
    return document.is_object() ? document.value("code", "") : "";
  }
  static std::string field_of(const fakes::RawResponse& response) {
    return Json::parse(response.body).value("field", "");
  }

  Json issued_sale(std::int64_t sequence) const {
    const auto response = post("/v1/checkouts/complete", sample_sale(sequence));
    EXPECT_EQ(response.status, 200U) << response.body;
    return Json::parse(response.body);
  }

  HandClock clock;
  LiveApi live;
};

}  // namespace tillside::api
