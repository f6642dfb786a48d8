#include "sync/http/websocket_session.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>
#include <utility>

namespace tillside::http {
namespace {

namespace beast = boost::beast;
namespace websocket = beast::websocket;
using Error = boost::system::error_code;

constexpr std::uint16_t kNoCode = 1005;
constexpr std::uint16_t kVanished = 1006;
constexpr std::uint16_t kTooSlow = 1013;
constexpr std::size_t kKeptInput = 16 * 1024;
constexpr std::size_t kReasonLimit = 123;  // bytes a close frame can carry
constexpr std::chrono::seconds kHandshakeTime{5};

using Handshake = beast::http::request<beast::http::empty_body>;

Handshake to_handshake(const Request& request) {
  Handshake handshake;
  handshake.method(beast::http::verb::get);
  handshake.target({request.target.data(), request.target.size()});
  for (const auto& [name, value] : request.headers) {
    handshake.insert({name.data(), name.size()}, {value.data(), value.size()});
  }
  return handshake;
}

std::uint16_t code_for(const Error& error, const websocket::close_reason& reason) {
  if (reason.code != 0) return reason.code;  // what the peer's close frame said
  if (error == websocket::error::closed) return kNoCode;
  if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow) return 1009;
  if (error == websocket::error::bad_frame_payload) return 1007;
  if (error == websocket::condition::protocol_violation) return 1002;
  return kVanished;
}

class Session final : public WsSession, public Swept, public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<Shard> shard, StreamSocket socket, std::shared_ptr<WsListener> listener,
          const WsOptions& options)
      : shard_(std::move(shard)), stream_(std::move(socket)), listener_(std::move(listener)), options_(options) {}

  void start(const Request& request) {
    shard_->add(*this);
    shard_->core().open_websockets.fetch_add(1, std::memory_order_relaxed);
    configure();
    stream_.async_accept(to_handshake(request),
                         [self = shared_from_this()](const Error& error) { self->on_accept(error); });
  }

  bool send(std::shared_ptr<const std::string> text) override {
    std::lock_guard lock(mutex_);
    if (state_ != State::kOpen) return false;
    if (queue_.size() >= options_.queue_messages || queued_bytes_ + text->size() > options_.queue_bytes) {
      clear_queue();
      begin_closing(kTooSlow, "too slow");
      return false;
    }
    queued_bytes_ += text->size();
    queue_.push_back(std::move(text));
    poke();
    return true;
  }

  void close(std::uint16_t code, std::string_view reason) override {
    std::lock_guard lock(mutex_);
    if (state_ == State::kOpen) begin_closing(code, reason);
  }

  bool is_open() const override {
    std::lock_guard lock(mutex_);
    return state_ == State::kOpen;
  }

  void check_deadline(std::int64_t now_ms) override {
    if (deadline_ms_ != 0 && now_ms >= deadline_ms_) close_now();
  }
  void finish_soon() override { close(1001, "going away"); }
  void close_now() override {
    const auto self = shared_from_this();
    Error ignored;
    (void)stream_.next_layer().close(ignored);
    end(kVanished);
  }

 private:
  enum class State { kOpen, kClosing, kClosed };

  void configure() {
    stream_.set_option(websocket::stream_base::timeout{kHandshakeTime, options_.idle_timeout, true});
    stream_.set_option(websocket::stream_base::decorator(
        [lines = &shard_->options().common_headers](websocket::response_type& response) {
          response.set(beast::http::field::server, "tillside");
          for (const auto& [name, value] : *lines) response.set(name, value);
        }));
    stream_.read_message_max(options_.message_limit);
    stream_.auto_fragment(false);
    stream_.text(true);
  }

  void on_accept(const Error& error) {
    if (ended_) return;
    if (error) return close_now();
    accepted_ = true;
    guarded([&] { listener_->on_open(shared_from_this()); });
    read();
    pump();
  }

  void read() {
    stream_.async_read(input_, [self = shared_from_this()](const Error& error, std::size_t) { self->on_read(error); });
  }

  void on_read(const Error& error) {
    if (ended_ || close_started_) return;
    if (error) return end(code_for(error, stream_.reason()));
    if (stream_.got_text()) {
      const auto text = input_.cdata();
      guarded([&] { listener_->on_text({static_cast<const char*>(text.data()), text.size()}); });
    } else {
      close(1003, "text only");
    }
    input_.clear();
    if (input_.capacity() > kKeptInput) input_.shrink_to_fit();
    if (!ended_) read();
  }

  // Sends what is queued, one message at a time, then the close frame if closing.
  void pump() {
    bool closing = false;
    {
      std::lock_guard lock(mutex_);
      poked_ = false;
      if (writing_ || !accepted_ || ended_ || close_started_) return;
      closing = queue_.empty() && state_ == State::kClosing;
      if (!closing && queue_.empty()) return;
      if (!closing) take_next();
    }
    closing ? send_close() : send_current();
  }

  void take_next() {
    current_ = std::move(queue_.front());
    queue_.pop_front();
    queued_bytes_ -= current_->size();
  }

  void send_current() {
    writing_ = true;
    stream_.async_write(asio::buffer(*current_), [self = shared_from_this()](const Error& error, std::size_t) {
      self->writing_ = false;
      self->current_.reset();
      if (!error) self->pump();
    });
  }

  void send_close() {
    close_started_ = true;
    deadline_ms_ = shard_->deadline_in(kHandshakeTime);
    stream_.async_close(websocket::close_reason(websocket::close_code(close_code_), close_reason_),
                        [self = shared_from_this()](const Error&) { self->end(kVanished); });
  }

  // The following three: mutex_ is held.
  void clear_queue() {
    queue_.clear();
    queued_bytes_ = 0;
  }
  void begin_closing(std::uint16_t code, std::string_view reason) {
    state_ = State::kClosing;
    close_code_ = code;
    close_reason_.assign(reason.substr(0, kReasonLimit));
    poke();
    shard_->post([self = shared_from_this()] { self->deadline_ms_ = self->closing_deadline(); });
  }
  void poke() {
    if (!std::exchange(poked_, true)) shard_->post([self = shared_from_this()] { self->pump(); });
  }

  // A peer that does not even take the close frame is cut off then.
  std::int64_t closing_deadline() const { return shard_->deadline_in(shard_->options().write_timeout); }

  void end(std::uint16_t code) {
    if (std::exchange(ended_, true)) return;
    const auto self = shared_from_this();
    {
      std::lock_guard lock(mutex_);
      if (state_ == State::kClosing) code = close_code_;
      state_ = State::kClosed;
      clear_queue();
    }
    shard_->remove(*this);
    shard_->core().open_websockets.fetch_sub(1, std::memory_order_relaxed);
    shard_->core().open_connections.fetch_sub(1, std::memory_order_relaxed);
    const auto listener = std::exchange(listener_, nullptr);
    if (accepted_) guarded([&] { listener->on_close(code); });
  }

  template <typename Call>
  void guarded(Call call) {
    try {
      call();
    } catch (const std::exception& error) {
      shard_->core().report(error.what());
      close(1011, "internal error");
    }
  }

  const std::shared_ptr<Shard> shard_;
  websocket::stream<StreamSocket, false> stream_;  // without compression
  std::shared_ptr<WsListener> listener_;
  const WsOptions options_;

  // The shard's thread only.
  beast::flat_buffer input_;
  std::shared_ptr<const std::string> current_;
  std::int64_t deadline_ms_ = 0;
  bool accepted_ = false;
  bool writing_ = false;
  bool close_started_ = false;
  bool ended_ = false;

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::deque<std::shared_ptr<const std::string>> queue_;
  std::size_t queued_bytes_ = 0;
  State state_ = State::kOpen;
  std::uint16_t close_code_ = 1000;
  std::string close_reason_;
  bool poked_ = false;
};

}  // namespace

void start_websocket(const std::shared_ptr<Shard>& shard, StreamSocket socket, const Request& request,
                     std::shared_ptr<WsListener> listener, const WsOptions& options) {
  std::make_shared<Session>(shard, std::move(socket), std::move(listener), options)->start(request);
}

}  // namespace tillside::http
