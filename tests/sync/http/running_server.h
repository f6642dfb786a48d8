#pragma once
// A server on a free loopback port, running on its own thread for the length of a test.

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <future>
#include <string>
#include <thread>

#include "sync/http/problem.h"
#include "sync/http/server.h"
#include "tests/fakes/raw_http_client.h"

namespace tillside::http {

using namespace std::chrono_literals;
using fakes::RawHttpClient;

// Deadlines short enough for tests; the sweep keeps up with them.
inline ServerOptions quick_options() {
  ServerOptions options;
  options.sweep_interval = 10ms;
  return options;
}

class RunningServer {
 public:
  RunningServer(ServerOptions options, Handler handler)
      : server_(std::move(options), std::move(handler)), port_(server_.listen_tcp("127.0.0.1", 0)) {}
  explicit RunningServer(Handler handler) : RunningServer(quick_options(), std::move(handler)) {}
  ~RunningServer() { stop(); }

  // After further listeners have been added.
  RunningServer& start() {
    thread_ = std::thread([this] { server_.run(); });
    return *this;
  }
  void stop() {
    server_.stop();
    if (thread_.joinable()) thread_.join();
  }

  RawHttpClient connect() const { return RawHttpClient::tcp(port_); }
  std::uint16_t port() const { return port_; }
  Server& server() { return server_; }

 private:
  Server server_;
  std::uint16_t port_;
  std::thread thread_;
};

// Polls until the condition holds; false after the client's patience.
inline bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + RawHttpClient::kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

// Answers what it was sent: "METHOD path?query body".
inline void echo(const Request& request, Responder responder) {
  std::string text(request.method_text);
  text.append(" ").append(request.path);
  if (!request.query.empty()) text.append("?").append(request.query);
  if (!request.body.empty()) text.append(" ").append(request.body);
  responder.send(text_response(text));
}

}  // namespace tillside::http
