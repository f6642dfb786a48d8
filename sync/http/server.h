#pragma once
// The one hardened HTTP/1.1 server of the till agent and of headquarters: limits, keep-alive, pipelining,
// held-open requests, file ranges and WebSockets. Boost stays in the .cpp files.
//
//   Server server(options, [](const Request& request, Responder responder) { responder.send(json_response("{}")); });
//   auto port = server.listen_tcp("127.0.0.1", 0);
//   server.listen_unix("/run/tillside/agent.sock", 0660);
//   server.run();   // until stop() from any thread

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sync/http/message.h"

namespace tillside::http {

// One open WebSocket. All calls may come from any thread.
class WsSession {
 public:
  virtual ~WsSession() = default;

  // Queues one text message. False when the session is closed or closing, or when the queue was full: then the
  // session is being closed with code 1013 and what was queued is dropped.
  virtual bool send(std::shared_ptr<const std::string> text) = 0;

  // Starts the closing handshake after what is queued has been sent. Later sends return false.
  virtual void close(std::uint16_t code = 1000, std::string_view reason = {}) = 0;

  virtual bool is_open() const = 0;
};

// What the owner does with a WebSocket. Called on the io thread of the session, one call at a time.
class WsListener {
 public:
  virtual ~WsListener() = default;
  virtual void on_open(const std::shared_ptr<WsSession>& session) = 0;
  virtual void on_text(std::string_view text) = 0;  // valid UTF-8, at most WsOptions::message_limit bytes
  // Once, last of all, and only after on_open. 1001: the server stops; 1006: the peer vanished; 1009: it sent too long
  // a message; 1013: it read too slowly.
  virtual void on_close(std::uint16_t code) = 0;
};

struct WsOptions {
  std::size_t message_limit = 64 * 1024;          // bytes of one received message, fragments together
  std::size_t queue_messages = 256;               // waiting to be sent
  std::size_t queue_bytes = 1024 * 1024;          // waiting to be sent
  std::chrono::milliseconds idle_timeout{30000};  // silence: half of it brings a ping, all of it the end
};

namespace detail {
// One request being answered; the connection implements it.
class Exchange {
 public:
  virtual ~Exchange() = default;
  virtual void answer(Response&& response) = 0;
  virtual void upgrade(std::shared_ptr<WsListener> listener, const WsOptions& options) = 0;
  virtual void abandon() noexcept = 0;
  virtual void watch(std::function<void()> on_close) = 0;
  virtual void expect_soon() = 0;
  virtual bool alive() const noexcept = 0;
};
}  // namespace detail

// The duty to answer one request, exactly once, from any thread, now or later. Movable; not shared.
// Called inside the handler it answers at once; from another thread it hands over to the connection's io thread.
// Destroyed without an answer it answers 500 (503 while the server is stopping; nothing when the peer has gone).
// Answers to a peer that has gone are dropped silently. The request's views end with the call.
class Responder {
 public:
  Responder() = default;
  explicit Responder(std::shared_ptr<detail::Exchange> exchange) : exchange_(std::move(exchange)) {}
  Responder(Responder&&) noexcept = default;
  Responder& operator=(Responder&& other) noexcept {
    if (this != &other) {
      abandon();
      exchange_ = std::move(other.exchange_);
    }
    return *this;
  }
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;
  ~Responder() { abandon(); }

  // Further calls on an empty responder do nothing.
  void send(Response response) {
    if (auto exchange = std::move(exchange_)) exchange->answer(std::move(response));
  }

  // Answers 101 and turns the connection into a WebSocket. A request without wants_upgrade is answered 426.
  void upgrade(std::shared_ptr<WsListener> listener, const WsOptions& options = {}) {
    if (auto exchange = std::move(exchange_)) exchange->upgrade(std::move(listener), options);
  }

  // False once the peer has sent its last byte (it left, or it closed its half and still listens) or the server is
  // stopping. Held-open requests should be answered or dropped then; an answer is still tried.
  bool alive() const noexcept { return exchange_ && exchange_->alive(); }

  // Calls on the io thread, once, when alive() turns false; not when it was answered before. A send() from another
  // thread at the same moment may overlap the call. The callback must not own this responder.
  void on_close(std::function<void()> callback) {
    if (exchange_) exchange_->watch(std::move(callback));
  }

  // Inside the handler only: the answer comes from another thread within fractions of a millisecond, so the io thread
  // looks out for it for kLookOut rather than sleep and be woken. Costs that much of a core when no answer comes.
  void expect_soon() {
    if (exchange_) exchange_->expect_soon();
  }
  static constexpr std::chrono::microseconds kLookOut{400};

  explicit operator bool() const noexcept { return exchange_ != nullptr; }

 private:
  void abandon() noexcept {
    if (auto exchange = std::move(exchange_)) exchange->abandon();
  }
  std::shared_ptr<detail::Exchange> exchange_;
};

// Called on an io thread; must not block. An exception answers 500 and is reported to ServerOptions::on_fault.
using Handler = std::function<void(const Request&, Responder)>;

struct ServerOptions {
  std::size_t header_limit = 16 * 1024;              // bytes of request line and headers; beyond: 431
  std::size_t header_count_limit = 100;              // beyond: 431
  std::size_t body_limit = 1024 * 1024;              // bytes; beyond: 413, before the body is read
  std::chrono::milliseconds request_timeout{10000};  // from a request's first byte to its last; beyond: 408
  std::chrono::milliseconds idle_timeout{75000};     // between requests; beyond: closed
  std::chrono::milliseconds write_timeout{30000};    // without progress while sending; beyond: closed
  std::chrono::milliseconds linger_timeout{2000};    // reading on after an early refusal so that it can be read
  std::chrono::milliseconds stop_timeout{2000};      // how long stop() waits for answers in flight
  // How often deadlines are checked: they are kept to within one such interval, never early.
  std::chrono::milliseconds sweep_interval{1000};
  std::size_t max_connections = 256;   // beyond: 503 and closed at once
  unsigned threads = 1;                // io threads, run()'s own included; handlers then run on several
  std::vector<Header> common_headers;  // added to every response (for example X-Content-Type-Options)
  // What went wrong outside any request (accept failing, a handler's exception). Never holds request content.
  std::function<void(std::string_view what)> on_fault;
};

struct ServerStats {
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_refused = 0;  // over max_connections
  std::uint64_t connections_open = 0;
  std::uint64_t websockets_open = 0;
  std::uint64_t requests = 0;          // handed to the handler
  std::uint64_t requests_refused = 0;  // answered 4xx by the server itself
};

class Server {
 public:
  Server(ServerOptions options, Handler handler);
  ~Server();  // run() must have returned, or never have been called
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Binds and listens at once; clients wait until run(). Before run() only.
  // `port` 0 takes a free one. Returns the port. Throws std::runtime_error that names the address and the reason.
  std::uint16_t listen_tcp(const std::string& address, std::uint16_t port);

  // Replaces a stale socket file; throws std::runtime_error when another process listens there or when something
  // that is no socket stands in the way. `mode` as for chmod. The file is removed by stop().
  void listen_unix(const std::filesystem::path& path, unsigned mode);

  // Blocks until stop(). Once per server.
  void run();

  // From any thread, also before run() and repeatedly. Stops accepting, lets answers in flight finish within
  // stop_timeout, closes the rest.
  void stop();

  // Runs fn on the first io thread, soon. From any thread; after run() has returned fn is dropped. What it throws is
  // reported to on_fault.
  void post(std::function<void()> fn);

  // Runs fn on the first io thread about every `interval` until stop().
  void every(std::chrono::milliseconds interval, std::function<void()> fn);

  ServerStats stats() const;  // from any thread

 private:
  struct Parts;
  std::shared_ptr<Parts> parts_;
};

}  // namespace tillside::http
