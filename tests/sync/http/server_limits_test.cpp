// What a hostile or broken client gets, and what it costs.
#include <cstdio>
#include <fstream>

#include "tests/sync/http/running_server.h"

namespace tillside::http {
namespace {

std::size_t resident_kib() {
  std::ifstream status("/proc/self/status");
  std::string word;
  std::size_t kib = 0;
  while (status >> word) {
    if (word == "VmRSS:") status >> kib;
  }
  return kib;
}

TEST(ServerLimits, ABodyOverTheLimitIsRefusedBeforeItIsRead) {
  RunningServer server(echo);
  auto client = server.start().connect();
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10485760\r\n\r\n");
  EXPECT_EQ(client.read_response().status, 413U);
}

TEST(ServerLimits, AClientThatSendsTenMegabytesStillReadsTheRefusal) {
  RunningServer server(echo);
  auto client = server.start().connect();
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10485760\r\n\r\n");
  const std::string piece(64 * 1024, 'x');
  for (int i = 0; i < 160; ++i) client.send(piece);
  EXPECT_EQ(client.read_response().status, 413U);
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST(ServerLimits, AChunkedBodyIsCounted) {
  auto options = quick_options();
  options.body_limit = 100000;
  RunningServer server(options, echo);
  auto client = server.start().connect();
  client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "2710\r\n" + std::string(10000, 'x') + "\r\n";
  for (int i = 0; i < 10; ++i) client.send(chunk);
  client.send("1\r\n");
  EXPECT_EQ(client.read_response().status, 413U);
}

TEST(ServerLimits, ALargeHeaderIsRefused) {
  RunningServer server(echo);
  server.start();
  auto client = server.connect();
  client.send("GET / HTTP/1.1\r\nHost: h\r\nX-Long: " + std::string(20000, 'x'));
  EXPECT_EQ(client.read_response().status, 431U);
  auto other = server.connect();
  std::string many = "GET / HTTP/1.1\r\nHost: h\r\n";
  for (int i = 0; i < 101; ++i) many += "X" + std::to_string(i) + ": 1\r\n";
  other.send(many + "\r\n");
  EXPECT_EQ(other.read_response().status, 431U);
}

TEST(ServerLimits, AHeaderBelowTheLimitPasses) {
  RunningServer server(echo);
  EXPECT_EQ(server.start().connect().get("/", "X-Long: " + std::string(16000, 'x') + "\r\n").status, 200U);
}

TEST(ServerLimits, ASlowHeaderIsCutOff) {
  auto options = quick_options();
  options.request_timeout = 150ms;
  RunningServer server(options, echo);
  auto client = server.start().connect();
  const auto begun = std::chrono::steady_clock::now();
  client.send("GET / HTTP/1.1\r\nHost: h\r\n");
  EXPECT_EQ(client.read_response().status, 408U);
  EXPECT_GE(std::chrono::steady_clock::now() - begun, 150ms);
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST(ServerLimits, DrippingBytesDoNotExtendTheTime) {
  auto options = quick_options();
  options.request_timeout = 200ms;
  RunningServer server(options, echo);
  auto client = server.start().connect();
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
  const auto drip = [&] { return client.try_send("x") == 1; };
  EXPECT_TRUE(eventually([&] { return !drip() || server.server().stats().requests_refused == 1; }));
  EXPECT_EQ(client.read_response().status, 408U);
}

TEST(ServerLimits, AnIdleConnectionIsClosedSilently) {
  auto options = quick_options();
  options.idle_timeout = 100ms;
  RunningServer server(options, echo);
  auto client = server.start().connect();
  EXPECT_EQ(client.get("/").status, 200U);
  EXPECT_TRUE(client.is_closed_by_peer());
  EXPECT_TRUE(server.connect().is_closed_by_peer()) << "also one that never asked";
}

TEST(ServerLimits, AHeldRequestIsNotIdle) {
  auto options = quick_options();
  options.idle_timeout = options.request_timeout = 50ms;
  std::promise<Responder> held;
  RunningServer server(options, [&](const Request&, Responder responder) { held.set_value(std::move(responder)); });
  auto client = server.start().connect();
  client.send_request("GET", "/");
  auto responder = held.get_future().get();
  const auto later = std::chrono::steady_clock::now() + 300ms;
  EXPECT_TRUE(eventually([&] { return std::chrono::steady_clock::now() > later; }));
  EXPECT_TRUE(responder.alive());
  responder.send(text_response("late"));
  EXPECT_EQ(client.read_response().body, "late");
}

TEST(ServerLimits, AClientThatDoesNotReadIsCutOff) {
  auto options = quick_options();
  options.write_timeout = 150ms;
  RunningServer server(options, [](const Request&, Responder responder) {
    responder.send(text_response(std::string(20 * 1024 * 1024, 'x')));
  });
  auto client = RawHttpClient::tcp(server.start().port(), 4096);
  client.send_request("GET", "/");
  EXPECT_TRUE(eventually([&] { return server.server().stats().requests == 1; }));
  EXPECT_TRUE(eventually([&] { return server.server().stats().connections_open == 0; }));
}

TEST(ServerLimits, OneConnectionTooManyIsTurnedAway) {
  auto options = quick_options();
  options.max_connections = 3;
  RunningServer server(options, echo);
  server.start();
  std::vector<RawHttpClient> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(server.connect());
    EXPECT_EQ(clients.back().get("/").status, 200U);
  }
  auto refused = server.connect();
  EXPECT_EQ(refused.read_response().status, 503U);
  EXPECT_TRUE(refused.is_closed_by_peer());
  EXPECT_EQ(server.server().stats().connections_refused, 1U);
  clients.pop_back();
  EXPECT_TRUE(eventually([&] { return server.server().stats().connections_open == 2; }));
  EXPECT_EQ(server.connect().get("/").status, 200U);
}

TEST(ServerLimits, AnnouncedButUnsentBodiesCostNoMemory) {
  auto options = quick_options();
  options.body_limit = 64 * 1024 * 1024;
  RunningServer server(options, echo);
  server.start();
  const auto before = resident_kib();
  std::vector<RawHttpClient> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(server.connect());
    clients.back().send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 60000000\r\n\r\nx");
  }
  EXPECT_TRUE(eventually([&] { return server.server().stats().connections_open == 50; }));
  EXPECT_LT(resident_kib(), before + 20 * 1024);
}

}  // namespace
}  // namespace tillside::http
