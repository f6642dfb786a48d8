// One suite for every transport.
#include <gtest/gtest.h>

#include <chrono>
#include <future>

#include "sync/client/curl_transport.h"
#include "sync/client/plain_transport.h"
#include "tests/sync/client/raw_server.h"

namespace tillside::sync {
namespace {

using test::RawServer;
using Clock = std::chrono::steady_clock;

template <class T>
class Transport : public ::testing::Test {};
using Transports = ::testing::Types<CurlTransport, PlainTransport>;
TYPED_TEST_SUITE(Transport, Transports);

TransportOptions to(const RawServer& server) {
  TransportOptions options;
  options.base_url = server.url();
  return options;
}

std::string answer(const std::string& body, const std::string& head = "HTTP/1.1 200 OK") {
  return head + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

TYPED_TEST(Transport, SendsAllOfARequestAndReusesTheConnection) {
  std::vector<std::string> heard;
  RawServer server([&](RawServer::Visit& visit) {
    for (auto request = visit.hear_request(); !request.empty(); request = visit.hear_request()) {
      heard.push_back(request);
      visit.say(answer("{}"));
    }
  });
  TypeParam transport(to(server));
  HqTransport::Request request;
  request.method = "POST";
  request.path = "/v1/uplink?x=1";
  request.body = std::string("a\0b", 3);
  request.content_type = "application/x-ndjson";
  request.content_encoding = "zstd";
  request.bearer = "secret";
  for (int i = 0; i < 2; ++i) {
    auto got = transport.exchange(request);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->status, 200);
    EXPECT_EQ(got->body, "{}");
  }
  EXPECT_EQ(server.connections(), 1);
  ASSERT_EQ(heard.size(), 2u);
  EXPECT_TRUE(heard[0].starts_with("POST /v1/uplink?x=1 HTTP/1.1\r\n"));
  EXPECT_TRUE(heard[0].ends_with(request.body));
  for (const char* line : {"Content-Type: application/x-ndjson\r\n", "Content-Encoding: zstd\r\n",
                           "Authorization: Bearer secret\r\n", "Content-Length: 3\r\n"})
    EXPECT_NE(heard[0].find(line), std::string::npos) << line;
}

TYPED_TEST(Transport, HandsBackRefusalsWithTheirRetryAfter) {
  RawServer server([](RawServer::Visit& visit) {
    (void)visit.hear_request();
    visit.say(answer("busy", "HTTP/1.1 503 Busy\r\nRetry-After: 17"));
  });
  TypeParam transport(to(server));
  auto got = transport.exchange({});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 503);
  EXPECT_EQ(got->retry_after_s, 17);
  EXPECT_EQ(got->body, "busy");
}

TYPED_TEST(Transport, GivesUpOnAStalledAnswer) {
  RawServer server([](RawServer::Visit& visit) {
    (void)visit.hear_request();
    visit.say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly so much");
    visit.wait_for_end();
  });
  auto options = to(server);
  options.low_speed_s = 1;
  TypeParam transport(options);
  const auto start = Clock::now();
  auto got = transport.exchange({});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::unavailable);
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(10));
}

TYPED_TEST(Transport, AHeldPollMayBeSilentLonger) {
  std::promise<void> release;
  RawServer server([held = release.get_future().share()](RawServer::Visit& visit) {
    (void)visit.hear_request();
    held.wait_for(std::chrono::milliseconds(2500));
    visit.say(answer("{}"));
  });
  auto options = to(server);
  options.low_speed_s = 1;
  TypeParam transport(options);
  HqTransport::Request request;
  request.silence_s = 20;
  EXPECT_TRUE(transport.exchange(request));
}

TYPED_TEST(Transport, TheTotalTimeIsBounded) {
  RawServer server([](RawServer::Visit& visit) { visit.wait_for_end(); });
  TypeParam transport(to(server));
  HqTransport::Request request;
  request.total_timeout_s = 1;
  auto got = transport.exchange(request);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::unavailable);
}

TYPED_TEST(Transport, CancelEndsTheExchangeUnderWayAndLaterOnes) {
  std::promise<void> asked;
  RawServer server([&](RawServer::Visit& visit) {
    (void)visit.hear_request();
    asked.set_value();
    visit.wait_for_end();
  });
  TypeParam transport(to(server));
  auto got = std::async(std::launch::async, [&] { return transport.exchange({}); });
  asked.get_future().wait();
  const auto start = Clock::now();
  transport.cancel();
  auto result = got.get();
  EXPECT_LT(Clock::now() - start, std::chrono::milliseconds(900));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().detail, "cancelled");
  EXPECT_FALSE(transport.exchange({}));
}

TYPED_TEST(Transport, ASeveredConnectionIsUnavailable) {
  RawServer server([](RawServer::Visit& visit) {
    (void)visit.hear_request();
    visit.say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
  });
  TypeParam transport(to(server));
  auto got = transport.exchange({});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::unavailable);
}

TYPED_TEST(Transport, BoundsTheAnswersSize) {
  RawServer server([](RawServer::Visit& visit) {
    (void)visit.hear_request();
    visit.say(answer(std::string(5000, 'x')));
  });
  auto options = to(server);
  options.max_body = 4999;
  TypeParam transport(options);
  auto got = transport.exchange({});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::out_of_range);
}

struct Pieces {
  std::string bytes;
  HqTransport::Request request;
  explicit Pieces(std::optional<std::uint64_t> from) {
    request.range_from = from;
    request.on_piece = [this](std::string_view piece) -> Status {
      bytes += piece;
      return {};
    };
  }
};

TYPED_TEST(Transport, PiecesBeginAtTheRangeAlsoWhenTheServerSendsAll) {
  std::string range;
  RawServer server([&](RawServer::Visit& visit) {
    range = visit.hear_request();
    const bool whole = range.find("/whole") != range.npos;
    visit.say(whole ? answer("0123456789") : answer("456789", "HTTP/1.1 206 Partial"));
  });
  TypeParam transport(to(server));
  for (const char* path : {"/whole", "/part"}) {
    Pieces pieces(4);
    pieces.request.path = path;
    auto got = transport.exchange(pieces.request);
    ASSERT_TRUE(got) << got.error().detail;
    EXPECT_EQ(pieces.bytes, "456789");
    EXPECT_EQ(got->body, "");
    EXPECT_NE(range.find("Range: bytes=4-\r\n"), std::string::npos);
  }
}

TYPED_TEST(Transport, AnErrorsBodyIsNoPiece) {
  RawServer server([](RawServer::Visit& visit) {
    (void)visit.hear_request();
    visit.say(answer("gone", "HTTP/1.1 404 Not Found"));
  });
  TypeParam transport(to(server));
  Pieces pieces({});
  auto got = transport.exchange(pieces.request);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->body, "gone");
  EXPECT_EQ(pieces.bytes, "");
}

TYPED_TEST(Transport, APieceThatCannotBeKeptEndsTheExchangeWithItsReason) {
  RawServer server([](RawServer::Visit& visit) {
    (void)visit.hear_request();
    visit.say(answer("0123456789"));
    visit.wait_for_end();
  });
  TypeParam transport(to(server));
  HqTransport::Request request;
  request.on_piece = [](std::string_view) -> Status { return Error{ErrorCode::storage_full, "", ""}; };
  auto got = transport.exchange(request);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::storage_full);
}

TYPED_TEST(Transport, RedirectsAreNotFollowed) {
  RawServer server([](RawServer::Visit& visit) {
    (void)visit.hear_request();
    visit.say(answer("", "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/"));
  });
  TypeParam transport(to(server));
  auto got = transport.exchange({});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->status, 302);
}

TYPED_TEST(Transport, PlainHttpToAnotherMachineIsRefusedBeforeAnythingIsSent) {
  TransportOptions options;
  options.base_url = "http://192.0.2.1";
  TypeParam transport(options);
  auto got = transport.exchange({});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::refused);
}

TYPED_TEST(Transport, NobodyListeningIsUnavailable) {
  std::string url;
  {
    RawServer server([](RawServer::Visit&) {});
    url = server.url();
  }
  TransportOptions options;
  options.base_url = url;
  TypeParam transport(options);
  auto got = transport.exchange({});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::unavailable);
}

TYPED_TEST(Transport, AnIdleConnectionClosedByTheServerIsReplacedWithoutAnError) {
  RawServer server([](RawServer::Visit& visit) {
    (void)visit.hear_request();
    visit.say(answer("{}"));
  });
  TypeParam transport(to(server));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(transport.exchange({}));
  EXPECT_EQ(server.connections(), 3);
}

TYPED_TEST(Transport, ChunksAndBodiesToTheEndOfTheConnectionAreRead) {
  RawServer server([](RawServer::Visit& visit) {
    const auto request = visit.hear_request();
    if (request.find("/chunks") != request.npos)
      visit.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0a\r\n0123456789\r\n0\r\n\r\n");
    else
      visit.say("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n\r\nabc0123456789");
  });
  TypeParam transport(to(server));
  for (const char* path : {"/chunks", "/to_end"}) {
    HqTransport::Request request;
    request.path = path;
    auto got = transport.exchange(request);
    ASSERT_TRUE(got) << got.error().detail;
    EXPECT_EQ(got->body, "abc0123456789");
  }
}

TYPED_TEST(Transport, WhatIsNoHttpIsUnavailable) {
  RawServer server([](RawServer::Visit& visit) {
    (void)visit.hear_request();
    visit.say("SSH-2.0-OpenSSH_9.2\r\n\r\n");
  });
  TypeParam transport(to(server));
  auto got = transport.exchange({});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::unavailable);
}

TEST(MakeTransport, ChoosesByTheAddress) {
  const auto made = [](const char* url) {
    TransportOptions options;
    options.base_url = url;
    return make_transport(options);
  };
  EXPECT_NE(dynamic_cast<PlainTransport*>(made("http://127.0.0.1:1").get()), nullptr);
  EXPECT_NE(dynamic_cast<CurlTransport*>(made("https://hq.example.cn").get()), nullptr);
  EXPECT_FALSE(made("http://hq.example.cn")->exchange({}));
}

}  // namespace
}  // namespace tillside::sync
