// The duty to answer: held, handed on, dropped, too late; listening sockets; stopping.
#include <sys/stat.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>

#include "tests/sync/http/running_server.h"

namespace tillside::http {
namespace {

// A handler that keeps responders for the test to use.
class Held {
 public:
  Handler handler() {
    return [this](const Request& request, Responder responder) {
      std::lock_guard lock(mutex_);
      paths_.emplace_back(request.path);
      waiting_.push_back(std::move(responder));
      arrived_.notify_all();
    };
  }
  Responder take() {
    std::unique_lock lock(mutex_);
    if (!arrived_.wait_for(lock, RawHttpClient::kPatience, [this] { return !waiting_.empty(); })) {
      throw std::runtime_error("no request arrived");
    }
    auto responder = std::move(waiting_.front());
    waiting_.erase(waiting_.begin());
    return responder;
  }
  std::size_t arrived() {
    std::lock_guard lock(mutex_);
    return paths_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Responder> waiting_;
  std::vector<std::string> paths_;
};

class ServerResponder : public testing::Test {
 protected:
  ServerResponder() { server_.start(); }
  void TearDown() override { server_.stop(); }

  Held held_;
  RunningServer server_{held_.handler()};
};

TEST_F(ServerResponder, MayBeCalledFromAnotherThread) {
  auto client = server_.connect();
  for (int i = 0; i < 200; ++i) {
    client.send_request("POST", "/", std::string(static_cast<std::size_t>(i) * 100, 'x'));
    held_.take().send(text_response(std::to_string(i)));
    ASSERT_EQ(client.read_response().body, std::to_string(i));
  }
}

TEST_F(ServerResponder, HoldsBackPipelinedRequestsUntilItsTurn) {
  auto client = server_.connect();
  client.send_request("GET", "/1");
  client.send_request("GET", "/2");
  auto first = held_.take();
  client.send_request("GET", "/3");
  EXPECT_EQ(held_.arrived(), 1U);
  first.send(text_response("one"));
  held_.take().send(text_response("two"));
  held_.take().send(text_response("three"));
  for (const auto* body : {"one", "two", "three"}) EXPECT_EQ(client.read_response().body, body);
}

TEST_F(ServerResponder, DroppedUnansweredGives500) {
  auto client = server_.connect();
  client.send_request("GET", "/");
  { const auto dropped = held_.take(); }
  EXPECT_EQ(client.read_response().status, 500U);
  client.send_request("GET", "/");
  held_.take().send(text_response("fine"));
  EXPECT_EQ(client.read_response().body, "fine");
}

TEST_F(ServerResponder, TellsWhenThePeerHasGone) {
  auto client = server_.connect();
  client.send_request("GET", "/");
  auto responder = held_.take();
  EXPECT_TRUE(responder.alive());
  std::promise<void> gone;
  responder.on_close([&] { gone.set_value(); });
  client.close();
  EXPECT_EQ(gone.get_future().wait_for(RawHttpClient::kPatience), std::future_status::ready);
  EXPECT_FALSE(responder.alive());
  responder.send(text_response("nobody listens"));
  EXPECT_TRUE(eventually([&] { return server_.server().stats().connections_open == 0; }));
}

TEST_F(ServerResponder, TellsOfAResetAndOfAPeerThatLeftBefore) {
  auto client = server_.connect();
  client.send_request("GET", "/");
  auto responder = held_.take();
  client.reset();
  EXPECT_TRUE(eventually([&] { return !responder.alive(); }));
  std::promise<void> gone;
  responder.on_close([&] { gone.set_value(); });
  EXPECT_EQ(gone.get_future().wait_for(RawHttpClient::kPatience), std::future_status::ready);
}

TEST_F(ServerResponder, StillAnswersAPeerThatOnlyClosedItsHalf) {
  auto client = server_.connect();
  client.send_request("GET", "/");
  auto responder = held_.take();
  client.half_close();
  EXPECT_TRUE(eventually([&] { return !responder.alive(); }));
  responder.send(text_response("for the listener"));
  EXPECT_EQ(client.read_response().body, "for the listener");
  EXPECT_TRUE(client.is_closed_by_peer());
}

TEST_F(ServerResponder, DroppedAfterThePeerLeftClosesSilently) {
  auto client = server_.connect();
  client.send_request("GET", "/");
  {
    const auto dropped = held_.take();
    client.half_close();
    EXPECT_TRUE(eventually([&] { return !dropped.alive(); }));
  }
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(ServerResponder, OutlivesTheServer) {
  auto client = server_.connect();
  client.send_request("GET", "/");
  auto responder = held_.take();
  server_.stop();
  EXPECT_FALSE(responder.alive());
  responder.send(text_response("too late"));
}

TEST_F(ServerResponder, StoppingLetsTheAnswerInFlightFinish) {
  auto client = server_.connect();
  client.send_request("GET", "/");
  auto responder = held_.take();
  auto idle = server_.connect();
  server_.server().stop();
  EXPECT_TRUE(idle.is_closed_by_peer());
  responder.send(text_response("last"));
  const auto response = client.read_response();
  EXPECT_EQ(response.body, "last");
  EXPECT_EQ(response.header("Connection"), "close");
  server_.stop();
  EXPECT_THROW(server_.connect(), std::runtime_error);
}

TEST_F(ServerResponder, StoppingTellsHeldRequestsWhichThenAnswer503) {
  auto client = server_.connect();
  client.send_request("GET", "/");
  auto responder = std::make_shared<Responder>(held_.take());
  std::promise<void> told;
  responder->on_close([&] { told.set_value(); });
  server_.server().stop();
  EXPECT_EQ(told.get_future().wait_for(RawHttpClient::kPatience), std::future_status::ready);
  responder.reset();
  EXPECT_EQ(client.read_response().status, 503U);
}

TEST(ServerHandler, AnExceptionAnswers500AndIsReported) {
  auto options = quick_options();
  std::promise<std::string> fault;
  options.on_fault = [&](std::string_view what) { fault.set_value(std::string(what)); };
  RunningServer server(options, [](const Request&, Responder) { throw std::runtime_error("broken"); });
  EXPECT_EQ(server.start().connect().get("/").status, 500U);
  EXPECT_EQ(fault.get_future().get(), "broken");
}

TEST(ServerHandler, MayReadTheRequestAfterAnsweringWithinTheCall) {
  std::promise<std::string> seen;
  RunningServer server([&](const Request& request, Responder responder) {
    responder.send(text_response("x"));
    seen.set_value(std::string(request.path));
  });
  server.start().connect().get("/still-there");
  EXPECT_EQ(seen.get_future().get(), "/still-there");
}

TEST(ServerOwner, PostsAndTicksOnTheIoThread) {
  RunningServer server(echo);
  std::promise<std::thread::id> posted;
  std::promise<std::thread::id> ticked;
  int ticks = 0;
  server.server().post([&] { posted.set_value(std::this_thread::get_id()); });
  server.server().every(5ms, [&] {
    if (++ticks == 3) ticked.set_value(std::this_thread::get_id());
  });
  server.start();
  const auto thread = posted.get_future().get();
  EXPECT_EQ(ticked.get_future().get(), thread);
  EXPECT_NE(thread, std::this_thread::get_id());
}

TEST(ServerOwner, SurvivesAnExceptionOfItsOwnFunctions) {
  auto options = quick_options();
  std::promise<std::string> fault;
  options.on_fault = [&](std::string_view what) { fault.set_value(std::string(what)); };
  RunningServer server(options, echo);
  server.server().post([] { throw std::runtime_error("owner's mistake"); });
  server.start();
  EXPECT_EQ(fault.get_future().get(), "owner's mistake");
  EXPECT_EQ(server.connect().get("/").status, 200U);
}

TEST(ServerOwner, MayStopBeforeRunning) {
  RunningServer server(echo);
  server.server().stop();
  server.start().stop();
}

class ServerUnixSocket : public testing::Test {
 protected:
  ServerUnixSocket() { std::filesystem::create_directory(folder_); }
  ~ServerUnixSocket() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("tillside-http-" + std::to_string(::getpid()));
  std::filesystem::path path_ = folder_ / "agent.sock";
};

void tell_peer(const Request& request, Responder responder) {
  const auto& peer = *request.peer;
  responder.send(text_response(std::string(peer.is_unix ? "unix" : "tcp") + " " +
                               (peer.uid ? std::to_string(*peer.uid) : "none") + " " +
                               (peer.is_loopback ? "loopback " : "far ") + peer.address));
}

TEST_F(ServerUnixSocket, KnowsItsPeersUser) {
  RunningServer server(tell_peer);
  server.server().listen_unix(path_, 0600);
  server.start();
  struct stat info {};
  ASSERT_EQ(::stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
  EXPECT_EQ(RawHttpClient::unix_socket(path_).get("/").body, "unix " + std::to_string(::getuid()) + " loopback ");
  EXPECT_EQ(server.connect().get("/").body, "tcp none loopback 127.0.0.1");
  server.stop();
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(ServerUnixSocket, ReplacesAStaleFileButNeverALiveOneOrSomethingElse) {
  const int stale = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path_.c_str(), sizeof(address.sun_path) - 1);
  ASSERT_EQ(::bind(stale, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  ::close(stale);

  RunningServer server(echo);
  server.server().listen_unix(path_, 0660);
  server.start();
  EXPECT_EQ(RawHttpClient::unix_socket(path_).get("/").status, 200U);

  RunningServer second(echo);
  EXPECT_THROW(second.server().listen_unix(path_, 0660), std::runtime_error);
  std::ofstream(folder_ / "file") << "precious";
  EXPECT_THROW(second.server().listen_unix(folder_ / "file", 0660), std::runtime_error);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "file"));
}

TEST(ServerListen, NamesWhatIsInTheWay) {
  RunningServer server(echo);
  Server second({}, echo);
  try {
    second.listen_tcp("127.0.0.1", server.port());
    FAIL() << "two servers on one port";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find(std::to_string(server.port())), std::string::npos) << error.what();
  }
  EXPECT_THROW(second.listen_tcp("not an address", 0), std::runtime_error);
}

}  // namespace
}  // namespace tillside::http
