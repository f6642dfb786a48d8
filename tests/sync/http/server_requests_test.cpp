// What a well-behaved (or only odd) client gets: keep-alive, pipelining, versions, bodies, refusals.
#include <nlohmann/json.hpp>

#include "tests/sync/http/running_server.h"

namespace tillside::http {
namespace {

class ServerRequests : public testing::Test {
 protected:
  ServerRequests() { server_.start(); }
  RunningServer server_{echo};
};

TEST_F(ServerRequests, AnswersOneAfterAnotherOnOneConnection) {
  auto client = server_.connect();
  for (int i = 0; i < 100; ++i) {
    const auto response = client.request("POST", "/n?i=" + std::to_string(i), "body");
    ASSERT_EQ(response.status, 200U);
    ASSERT_EQ(response.body, "POST /n?i=" + std::to_string(i) + " body");
    ASSERT_FALSE(response.header("Date").empty());
    ASSERT_EQ(response.header("Content-Type"), "text/plain; charset=utf-8");
  }
  EXPECT_EQ(server_.server().stats().connections_accepted, 1U);
  EXPECT_EQ(server_.server().stats().requests, 100U);
}

TEST_F(ServerRequests, AnswersAThousandConnectionsInTurn) {
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(server_.connect().get("/").status, 200U) << i;
  EXPECT_TRUE(eventually([&] { return server_.server().stats().connections_open == 0; }));
}

TEST_F(ServerRequests, AnswersPipelinedRequestsInOrder) {
  auto client = server_.connect();
  std::string text;
  for (int i = 0; i < 500; ++i) text += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\n\r\n";
  client.send(text);
  for (int i = 0; i < 500; ++i) ASSERT_EQ(client.read_response().body, "GET /" + std::to_string(i));
}

TEST_F(ServerRequests, HeadHasTheLengthButNoBody) {
  auto client = server_.connect();
  const auto response = client.request("HEAD", "/thing");
  EXPECT_EQ(response.header("Content-Length"), "11");
  EXPECT_EQ(client.get("/next").body, "GET /next");
}

TEST_F(ServerRequests, ClosesWhenAsked) {
  auto client = server_.connect();
  const auto response = client.get("/", "Connection: close\r\n");
  EXPECT_EQ(response.header("Connection"), "close");
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST_F(ServerRequests, Http10ClosesUnlessItAsksToKeep) {
  auto client = server_.connect();
  client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(client.read_response().header("Connection"), "keep-alive");
  client.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.read_response().header("Connection"), "close");
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST_F(ServerRequests, TellsTheClientToContinue) {
  auto client = server_.connect();
  client.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  EXPECT_EQ(client.read_response().status, 100U);
  client.send("body");
  EXPECT_EQ(client.read_response().body, "POST / body");
}

TEST_F(ServerRequests, ReadsChunkedBodies) {
  auto client = server_.connect();
  client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  client.send("2\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(client.read_response().body, "POST / abcde");
}

TEST_F(ServerRequests, TakesAndGivesLargeBodies) {
  auto client = server_.connect();
  const std::string body(1024 * 1024, 'x');
  for (int i = 0; i < 3; ++i) {
    const auto response = client.request("POST", "/", body);
    ASSERT_EQ(response.body.size(), body.size() + 7);
    ASSERT_EQ(response.body.substr(7), body);
  }
}

TEST_F(ServerRequests, AHalfClosedClientGetsItsAnswers) {
  auto client = server_.connect();
  client.send_request("GET", "/1");
  client.send_request("GET", "/2");
  client.half_close();
  EXPECT_EQ(client.read_response().body, "GET /1");
  EXPECT_EQ(client.read_response().body, "GET /2");
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST_F(ServerRequests, RefusesABadRequestWithAProblemAndCloses) {
  auto client = server_.connect();
  client.send("NOT HTTP\r\n\r\n");
  const auto response = client.read_response();
  EXPECT_EQ(response.status, 400U);
  EXPECT_EQ(response.header("Content-Type"), "application/problem+json");
  EXPECT_EQ(response.header("Connection"), "close");
  EXPECT_EQ(nlohmann::json::parse(response.body)["code"], "bad-request");
  EXPECT_TRUE(client.is_closed_by_peer());
  EXPECT_EQ(server_.server().stats().requests_refused, 1U);
}

TEST_F(ServerRequests, ARefusedRequestsFollowersAreNotServed) {
  auto client = server_.connect();
  client.send(
      "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
      "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(client.read_response().status, 400U);
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_EQ(server_.server().stats().requests, 0U);
}

TEST_F(ServerRequests, AnswersEarlierPipelinedRequestsBeforeRefusing) {
  auto client = server_.connect();
  client.send("GET /good HTTP/1.1\r\nHost: h\r\n\r\nGET bad bad\r\n\r\n");
  EXPECT_EQ(client.read_response().body, "GET /good");
  EXPECT_EQ(client.read_response().status, 400U);
}

TEST(ServerResponses, SendsSharedAndLargeBodiesWholeAndInOrder) {
  const auto page = std::make_shared<const std::string>(300000, 'p');
  RunningServer server([&](const Request& request, Responder responder) {
    Response response;
    if (request.path == "/page") response.shared_body = page;
    if (request.path == "/large") response.body.assign(5000000, 'l');
    if (request.path == "/small") response.body = "s";
    responder.send(std::move(response));
  });
  auto client = server.start().connect();
  for (const auto* path : {"/small", "/page", "/large", "/small", "/page"}) client.send_request("GET", path);
  EXPECT_EQ(client.read_response().body, "s");
  EXPECT_EQ(client.read_response().body, *page);
  EXPECT_EQ(client.read_response().body, std::string(5000000, 'l'));
  EXPECT_EQ(client.read_response().body, "s");
  EXPECT_EQ(client.read_response().body, *page);
  EXPECT_EQ(client.request("HEAD", "/page").header("Content-Length"), "300000");
}

TEST(ServerResponses, AddsHeadersButNeverASplitOne) {
  auto options = quick_options();
  options.common_headers = {{"X-Content-Type-Options", "nosniff"}};
  RunningServer server(options, [](const Request&, Responder responder) {
    Response response = text_response("x", 204);
    response.with("Tillside-Duplicate", "true").with("X-Bad", "a\r\nSet-Cookie: b");
    responder.send(std::move(response));
  });
  const auto response = server.start().connect().get("/");
  EXPECT_EQ(response.status, 204U);
  EXPECT_EQ(response.header("Tillside-Duplicate"), "true");
  EXPECT_EQ(response.header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(response.header("Content-Length"), "");
  EXPECT_EQ(response.header("Set-Cookie"), "");
}

TEST(ServerThreads, ServesFromSeveralThreads) {
  auto options = quick_options();
  options.threads = 3;
  RunningServer server(options, echo);
  server.start();
  std::vector<RawHttpClient> clients;
  for (int i = 0; i < 12; ++i) clients.push_back(server.connect());
  for (int round = 0; round < 50; ++round) {
    for (auto& client : clients) client.send_request("GET", "/" + std::to_string(round));
    for (auto& client : clients) ASSERT_EQ(client.read_response().body, "GET /" + std::to_string(round));
  }
}

}  // namespace
}  // namespace tillside::http
