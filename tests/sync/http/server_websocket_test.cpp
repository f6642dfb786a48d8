#include <atomic>
#include <condition_variable>
#include <mutex>

#include "tests/fakes/raw_ws_client.h"
#include "tests/sync/http/running_server.h"

namespace tillside::http {
namespace {

using fakes::RawWsClient;

// Echoes, and remembers what happened.
class EchoListener final : public WsListener {
 public:
  void on_open(const std::shared_ptr<WsSession>& session) override {
    std::lock_guard lock(mutex_);
    session_ = session;
    changed_.notify_all();
  }
  void on_text(std::string_view text) override { session()->send(std::make_shared<const std::string>(text)); }
  void on_close(std::uint16_t code) override {
    std::lock_guard lock(mutex_);
    close_code_ = code;
    changed_.notify_all();
  }

  std::shared_ptr<WsSession> session() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, RawHttpClient::kPatience, [this] { return session_ != nullptr; });
    return session_;
  }
  int close_code() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, RawHttpClient::kPatience, [this] { return close_code_ != 0; });
    return close_code_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<WsSession> session_;
  int close_code_ = 0;
};

class ServerWebSocket : public testing::Test {
 protected:
  RunningServer& start(WsOptions options = {}) {
    options_ = options;
    return server_.start();
  }
  RawWsClient open(int receive_buffer = 0) {
    listener_ = std::make_shared<EchoListener>();
    listeners_.push_back(listener_);
    RawWsClient client(RawHttpClient::tcp(server_.port(), receive_buffer));
    const auto response = client.open("/ws", "X-Padding: " + std::string(3000, 'p') + "\r\n");
    EXPECT_EQ(response.status, 101U);
    EXPECT_EQ(response.header("Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    return client;
  }
  void TearDown() override { server_.stop(); }

  WsOptions options_;
  std::shared_ptr<EchoListener> listener_;
  std::vector<std::shared_ptr<EchoListener>> listeners_;
  RunningServer server_{quick_options(), [this](const Request& request, Responder responder) {
                          if (request.path != "/ws") return responder.send(text_response("plain"));
                          responder.upgrade(listener_, options_);
                        }};
};

TEST_F(ServerWebSocket, Echoes) {
  start();
  auto client = open();
  for (const auto& text : {std::string("你好"), std::string(60000, 'x'), std::string()}) {
    client.send_text(text);
    const auto frame = client.read_frame();
    EXPECT_EQ(frame.opcode, 1);
    EXPECT_EQ(frame.payload, text);
  }
  EXPECT_EQ(server_.server().stats().websockets_open, 1U);
}

TEST_F(ServerWebSocket, JoinsFragmentsAndAnswersPings) {
  start();
  auto client = open();
  client.send_frame(1, "one ", false);
  client.send_frame(9, "are you there?");
  client.send_frame(0, "two ", false);
  client.send_frame(0, "three");
  const auto pong = client.read_frame();
  EXPECT_EQ(pong.opcode, 10);
  EXPECT_EQ(pong.payload, "are you there?");
  EXPECT_EQ(client.read_frame().payload, "one two three");
}

TEST_F(ServerWebSocket, BroadcastsFromAnotherThread) {
  start();
  std::vector<RawWsClient> clients;
  for (int i = 0; i < 5; ++i) clients.push_back(open());
  for (int i = 0; i < 100; ++i) {
    const auto text = std::make_shared<const std::string>("news " + std::to_string(i));
    for (const auto& listener : listeners_) EXPECT_TRUE(listener->session()->send(text));
  }
  for (auto& client : clients) {
    for (int i = 0; i < 100; ++i) ASSERT_EQ(client.read_frame().payload, "news " + std::to_string(i));
  }
}

TEST_F(ServerWebSocket, ClosesOneThatReadsTooSlowly) {
  start({.queue_messages = 16, .queue_bytes = 4 * 1024 * 1024});
  auto client = open(4096);
  const auto session = listener_->session();
  const auto text = std::make_shared<const std::string>(200000, 'x');
  EXPECT_TRUE(eventually([&] { return !session->send(text); }));
  EXPECT_FALSE(session->is_open());
  EXPECT_FALSE(session->send(text));
  auto frame = client.read_frame();
  while (frame.opcode == 1) frame = client.read_frame();
  EXPECT_EQ(frame.close_code(), 1013);
  client.send_frame(8, frame.payload);
  client.raw().close();
  EXPECT_EQ(listener_->close_code(), 1013);
}

TEST_F(ServerWebSocket, CutsOffOneThatTakesNotEvenTheCloseFrame) {
  auto options = quick_options();
  options.write_timeout = 150ms;
  const auto listener = std::make_shared<EchoListener>();
  RunningServer server(options, [&](const Request&, Responder responder) {
    responder.upgrade(listener, {.queue_messages = 4, .queue_bytes = 64 * 1024 * 1024});
  });
  RawWsClient client(RawHttpClient::tcp(server.start().port(), 4096));
  client.open("/ws");
  const auto text = std::make_shared<const std::string>(8 * 1024 * 1024, 'x');
  EXPECT_TRUE(eventually([&] { return !listener->session()->send(text); }));
  EXPECT_EQ(listener->close_code(), 1013);
  EXPECT_TRUE(eventually([&] { return server.server().stats().connections_open == 0; }));
}

TEST_F(ServerWebSocket, RefusesOversizeMessages) {
  start({.message_limit = 1000});
  auto client = open();
  client.send_frame(1, std::string(600, 'x'), false);
  client.send_frame(0, std::string(600, 'x'));
  EXPECT_EQ(client.read_frame().close_code(), 1009);
  client.raw().close();
  EXPECT_EQ(listener_->close_code(), 1009);
}

TEST_F(ServerWebSocket, RefusesBinaryAndBadText) {
  start();
  auto client = open();
  client.send_frame(2, "bytes");
  EXPECT_EQ(client.read_frame().close_code(), 1003);
  auto other = open();
  other.send_text("\xff\xff");
  EXPECT_EQ(other.read_frame().close_code(), 1007);
}

TEST_F(ServerWebSocket, TellsHowItEnded) {
  start();
  auto client = open();
  client.send_frame(8, std::string("\x03\xe8", 2));
  EXPECT_EQ(client.read_frame().close_code(), 1000);
  client.raw().close();
  EXPECT_EQ(listener_->close_code(), 1000);
  auto vanishing = open();
  listener_->session();
  vanishing.raw().reset();
  EXPECT_EQ(listener_->close_code(), 1006);
  EXPECT_TRUE(eventually([&] { return server_.server().stats().connections_open == 0; }));
}

TEST_F(ServerWebSocket, ClosesAfterWhatIsQueued) {
  start();
  auto client = open();
  const auto session = listener_->session();
  session->send(std::make_shared<const std::string>("last words"));
  session->close(4001, "signed out");
  EXPECT_EQ(client.read_frame().payload, "last words");
  const auto frame = client.read_frame();
  EXPECT_EQ(frame.close_code(), 4001);
  EXPECT_EQ(frame.payload.substr(2), "signed out");
  client.send_frame(8, frame.payload);
  client.raw().close();
  EXPECT_EQ(listener_->close_code(), 4001);
}

TEST_F(ServerWebSocket, PingsSilentPeersAndDropsDeadOnes) {
  start({.idle_timeout = 200ms});
  auto client = open();
  const auto ping = client.read_frame();
  EXPECT_EQ(ping.opcode, 9);
  client.send_frame(10, ping.payload);
  EXPECT_EQ(client.read_frame().opcode, 9) << "alive, asked again";
  EXPECT_EQ(listener_->close_code(), 1006) << "no pong this time";
}

TEST_F(ServerWebSocket, SaysGoodbyeWhenTheServerStops) {
  start();
  auto client = open();
  listener_->session();
  server_.server().stop();
  const auto frame = client.read_frame();
  EXPECT_EQ(frame.close_code(), 1001);
  client.send_frame(8, frame.payload);
  client.raw().close();
  EXPECT_EQ(listener_->close_code(), 1001);
}

TEST_F(ServerWebSocket, StopsEvenIfThePeerDoesNotAnswer) {
  auto options = quick_options();
  options.stop_timeout = 100ms;
  const auto listener = std::make_shared<EchoListener>();
  RunningServer server(options, [&](const Request&, Responder responder) { responder.upgrade(listener); });
  RawWsClient client(RawHttpClient::tcp(server.start().port()));
  client.open("/ws");
  listener->session();
  server.stop();
  EXPECT_EQ(listener->close_code(), 1001);
  EXPECT_FALSE(listener->session()->send(std::make_shared<const std::string>("too late")));
}

TEST_F(ServerWebSocket, AnOrdinaryRequestIsTold426) {
  start();
  auto client = server_.connect();
  const auto response = client.get("/ws");
  EXPECT_EQ(response.status, 426U);
  EXPECT_EQ(response.header("Upgrade"), "websocket");
  EXPECT_EQ(client.get("/other").body, "plain");
}

TEST_F(ServerWebSocket, MayBeOpenedLaterFromAnotherThread) {
  std::promise<Responder> held;
  const auto listener = std::make_shared<EchoListener>();
  RunningServer server([&](const Request&, Responder responder) { held.set_value(std::move(responder)); });
  server.start();
  std::thread opener([&] { held.get_future().get().upgrade(listener); });
  RawWsClient client(server.connect());
  EXPECT_EQ(client.open("/ws").status, 101U);
  opener.join();
  client.send_text("hello");
  EXPECT_EQ(client.read_frame().payload, "hello");
}

}  // namespace
}  // namespace tillside::http
