#include "sync/http/connection.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <exception>
#include <utility>

#include "sync/http/problem.h"
#include "sync/http/response_writer.h"
#include "sync/http/websocket_session.h"

namespace tillside::http {
namespace {

constexpr std::size_t kCopiedBody = 16 * 1024;     // bodies up to this are copied behind their head
constexpr std::size_t kBatchedOutput = 64 * 1024;  // answers to pipelined requests are sent together up to this
constexpr std::size_t kFilePiece = 64 * 1024;
constexpr std::size_t kOutputTurn = 1024 * 1024;  // sent in one go before others get their turn
constexpr std::size_t kKeptOutput = 16 * 1024;
constexpr std::size_t kKeptInput = 16 * 1024;

ReaderLimits limits_of(const ServerOptions& options) {
  return {options.header_limit, options.header_count_limit, options.body_limit};
}

constexpr Problem kNoAnswer{.status = 500,
                            .code = "no-answer",
                            .title_zh = "服务内部错误",
                            .title_en = "Internal error: the request was not answered"};
constexpr Problem kStopping{.status = 503,
                            .code = "stopping",
                            .title_zh = "服务正在停止",
                            .title_en = "The service is stopping",
                            .mend_zh = "稍后重试",
                            .mend_en = "Try again shortly"};
constexpr Problem kNotAWebSocket{.status = 426,
                                 .code = "websocket-required",
                                 .title_zh = "此地址只接受 WebSocket 连接",
                                 .title_en = "This address only takes WebSocket connections"};
constexpr Refusal kSlowSender{408, "request-timeout", "请求未在规定时间内到齐", "The request did not arrive in time"};

}  // namespace

struct Connection::Upgrade {
  std::shared_ptr<WsListener> listener;
  WsOptions options;
};

Connection::Connection(std::shared_ptr<Shard> shard, StreamSocket socket, Peer peer)
    : shard_(std::move(shard)),
      socket_(std::move(socket)),
      peer_(std::move(peer)),
      reader_(limits_of(shard_->options()), &peer_) {}

Connection::~Connection() = default;

void Connection::start() {
  shard_->add(*this);
  if (shard_->stopping()) return close_now();
  await_input();
}

// Reading

void Connection::begin_read() {
  if (read_pending_ || input_ended_) return;
  const auto room = reader_.room();
  if (room.empty()) return;
  read_pending_ = true;
  socket_.async_read_some(
      asio::buffer(room.data(), room.size()),
      [self = shared_from_this()](const Error& error, std::size_t bytes) { self->on_read(error, bytes); });
}

void Connection::on_read(const Error& error, std::size_t bytes) {
  read_pending_ = false;
  if (!open_) return;
  if (lingering_ && error) return close_now();
  if (lingering_) return writing_ ? void() : discard();
  if (error == asio::error::eof) return on_end_of_input();
  if (error && error != asio::error::operation_aborted) return close_now();
  if (!error) reader_.received(bytes);
  if (upgrade_) return hand_over();
  if (exchange_open_) return begin_read();
  if (!writing_) drive();
}

void Connection::on_end_of_input() {
  input_ended_ = true;
  alive_ = false;
  if (upgrade_) return close_now();
  if (exchange_open_) return notify_gone();
  if (!writing_) drive();
}

void Connection::drive() {
  while (open_ && !exchange_open_ && !writing_) {
    if (upgrade_) return hand_over();
    if (read_pending_) return stop_reading();
    switch (reader_.advance()) {
      case RequestReader::Progress::kNeedMore:
        return await_input();
      case RequestReader::Progress::kRefused:
        return refuse(reader_.refusal());
      case RequestReader::Progress::kReady:
        dispatch();
    }
  }
}

void Connection::await_input() {
  if (reader_.take_continue()) out_.append("HTTP/1.1 100 Continue\r\n\r\n");
  if (!flush()) return;
  if (input_ended_ || shard_->stopping()) return close_now();
  if (!reader_.in_progress()) {
    deadline_ms_ = shard_->deadline_in(shard_->options().idle_timeout);
  } else {
    if (request_deadline_ms_ == 0) request_deadline_ms_ = shard_->deadline_in(shard_->options().request_timeout);
    deadline_ms_ = request_deadline_ms_;
  }
  begin_read();
}

// Ends a pending read; on_read goes on from there.
void Connection::stop_reading() {
  Error ignored;
  (void)socket_.cancel(ignored);
}

// One request

void Connection::dispatch() {
  exchange_open_ = in_handler_ = true;
  deadline_ms_ = request_deadline_ms_ = 0;
  shard_->core().requests.fetch_add(1, std::memory_order_relaxed);
  try {
    shard_->core().handler(reader_.request(), Responder(shared_from_this()));
  } catch (const std::exception& error) {
    shard_->core().report(error.what());
  } catch (...) {
    shard_->core().report("a handler threw something that is no exception");
  }
  in_handler_ = false;
  if (exchange_open_) {
    if (flush()) begin_read();
  } else if (open_ && !upgrade_) {
    reader_.finish(false);
    if (has_large_output() && flush() && close_after_write_) close_now();
  }
}

bool Connection::has_large_output() const {
  return close_after_write_ || file_ || !body_view_.empty() || out_.size() >= kBatchedOutput;
}

void Connection::answer(Response&& response) {
  if (shard_->in_own_thread()) return answer_here(response);
  shard_->post([self = shared_from_this(), held = std::move(response)]() mutable { self->answer_here(held); });
}

void Connection::answer_here(Response& response) {
  on_close_ = nullptr;
  if (!open_) return;
  const bool keep_alive = reader_.keep_alive() && !shard_->stopping();
  compose(reader_.request(), response, keep_alive);
  close_after_write_ = !keep_alive;
  close_exchange();
  if (!in_handler_) end_exchange();
}

void Connection::expect_soon() {
  if (!exchange_open_ || expected_soon_) return;
  expected_soon_ = true;
  shard_->expect_answer();
}

void Connection::close_exchange() {
  exchange_open_ = false;
  if (std::exchange(expected_soon_, false)) shard_->answer_came();
}

void Connection::end_exchange() {
  reader_.finish(read_pending_);
  if (flush()) settle_later();
}

void Connection::abandon() noexcept {
  try {
    if (shard_->in_own_thread()) return abandon_here();
    shard_->post([self = shared_from_this()] { self->abandon_here(); });
  } catch (const std::exception& error) {
    shard_->core().report(error.what());
  }
}

void Connection::abandon_here() {
  on_close_ = nullptr;
  if (!open_) return;
  if (input_ended_) return close_now();
  auto response = problem(shard_->stopping() ? kStopping : kNoAnswer, reader_.request());
  answer_here(response);
}

void Connection::refuse(const Refusal& refusal) {
  shard_->core().refused_requests.fetch_add(1, std::memory_order_relaxed);
  auto response = problem(
      {.status = refusal.status, .code = refusal.code, .title_zh = refusal.title_zh, .title_en = refusal.title_en},
      reader_.request());
  compose(reader_.request(), response, false);
  close_after_write_ = lingering_ = true;
  if (flush()) linger();
}

void Connection::watch(std::function<void()> on_close) {
  if (shard_->in_own_thread()) return watch_here(std::move(on_close));
  shard_->post(
      [self = shared_from_this(), held = std::move(on_close)]() mutable { self->watch_here(std::move(held)); });
}

void Connection::watch_here(std::function<void()> on_close) {
  if (!exchange_open_) return;
  on_close_ = std::move(on_close);
  if (!alive()) notify_gone();
}

void Connection::notify_gone() {
  if (!on_close_) return;
  asio::post(shard_->io(), [self = shared_from_this()] {
    if (auto callback = std::exchange(self->on_close_, nullptr)) callback();
  });
}

// Writing

void Connection::compose(const Request& request, Response& response, bool keep_alive) {
  if (response.status < 200 || response.status > 599) response.status = 500;
  if (response.file) file_ = FileSource::open(request, response);
  const auto& body = response.shared_body ? *response.shared_body : response.body;
  const std::uint64_t length = file_ ? file_->length() : body.size();
  append_head(out_, response,
              {.content_length = length,
               .keep_alive = keep_alive,
               .http10 = reader_.is_http10(),
               .date = shard_->date(),
               .common_lines = shard_->core().common_lines});
  if (request.method == Method::kHead || is_bodiless(response.status)) {
    file_.reset();
  } else if (!file_) {
    attach_body(response, length);
  }
}

void Connection::attach_body(Response& response, std::uint64_t length) {
  if (length <= kCopiedBody) {
    out_.append(response.shared_body ? *response.shared_body : response.body);
  } else if (response.shared_body) {
    shared_body_ = std::move(response.shared_body);
    body_view_ = *shared_body_;
  } else {
    body_ = std::move(response.body);
    body_view_ = body_;
  }
}

bool Connection::flush() {
  if (writing_ || !open_) return false;
  if (out_.empty() && !file_) return true;
  Error error;
  if (send_pending(error)) return true;
  if (error != asio::error::would_block) {
    close_now();
    return false;
  }
  writing_ = true;
  deadline_ms_ = shard_->deadline_in(shard_->options().write_timeout);
  socket_.async_wait(asio::socket_base::wait_write,
                     [self = shared_from_this()](const Error& failed) { self->on_writable(failed); });
  return false;
}

bool Connection::send_pending(Error& error) {
  std::size_t turn = 0;
  do {
    while (sent_ < out_.size() + body_view_.size()) {
      if (turn > kOutputTurn) error = asio::error::would_block;
      if (error) return false;
      const auto head = asio::buffer(out_) + sent_;
      const auto tail = asio::buffer(body_view_.data(), body_view_.size()) + (sent_ - std::min(sent_, out_.size()));
      const auto bytes = tail.size() == 0 ? socket_.write_some(head, error)
                                          : socket_.write_some(std::array<asio::const_buffer, 2>{head, tail}, error);
      sent_ += bytes;
      turn += bytes;
    }
  } while (refill());
  if (file_) error = asio::error::eof;
  return !error;
}

// Drops what has been sent and takes the next piece of the file. False when there is none; a file_ that is still
// there then has ended before its time.
bool Connection::refill() {
  sent_ = 0;
  body_view_ = {};
  shared_body_.reset();
  std::string().swap(body_);
  if (file_ && file_->left() > 0) {
    out_.resize(kFilePiece);
    out_.resize(file_->read(out_));
    if (!out_.empty()) return true;
  } else {
    file_.reset();
  }
  out_.clear();
  if (out_.capacity() > kKeptOutput) std::string().swap(out_);
  return false;
}

void Connection::on_writable(const Error& error) {
  writing_ = false;
  if (!open_) return;
  if (error) return close_now();
  deadline_ms_ = 0;
  if (flush()) settle();
}

void Connection::settle() {
  if (lingering_) return linger();
  if (close_after_write_) return close_now();
  if (exchange_open_) return begin_read();
  drive();
}

void Connection::settle_later() {
  if (close_after_write_) return close_now();
  if (!read_pending_) {
    asio::post(shard_->io(), [self = shared_from_this()] { self->drive(); });
  } else if (reader_.in_progress() || reader_.capacity() > kKeptInput) {
    stop_reading();
  } else {
    deadline_ms_ = shard_->deadline_in(shard_->options().idle_timeout);
  }
}

// Changing protocol

void Connection::upgrade(std::shared_ptr<WsListener> listener, const WsOptions& options) {
  if (shard_->in_own_thread()) return upgrade_here(std::move(listener), options);
  shard_->post([self = shared_from_this(), held = std::move(listener), options]() mutable {
    self->upgrade_here(std::move(held), options);
  });
}

void Connection::upgrade_here(std::shared_ptr<WsListener> listener, const WsOptions& options) {
  if (!open_) return;
  if (!reader_.request().wants_upgrade) return refuse_upgrade();
  upgrade_ = std::make_unique<Upgrade>(Upgrade{std::move(listener), options});
  close_exchange();
  on_close_ = nullptr;
  if (!in_handler_) hand_over();
}

void Connection::refuse_upgrade() {
  auto response = problem(kNotAWebSocket, reader_.request());
  response.with("Upgrade", "websocket");
  answer_here(response);
}

void Connection::hand_over() {
  if (read_pending_) return stop_reading();
  if (input_ended_ || reader_.has_following()) return close_now();  // frames before our answer: no WebSocket client
  if (!flush()) return;
  open_ = false;
  shard_->remove(*this);
  start_websocket(shard_, std::move(socket_), reader_.request(), std::move(upgrade_->listener), upgrade_->options);
}

// Ending

void Connection::check_deadline(std::int64_t now_ms) {
  if (deadline_ms_ == 0 || now_ms < deadline_ms_) return;
  if (!writing_ && !lingering_ && reader_.in_progress()) return refuse(kSlowSender);
  close_now();
}

void Connection::finish_soon() {
  if (exchange_open_) {
    alive_ = false;
    return notify_gone();
  }
  if (lingering_ || upgrade_) return;
  if (!writing_) return close_now();
  close_after_write_ = true;
}

// The peer is still sending what has been refused. Closing now would make its system drop our answer unread
// (a reset), so we say that we are done and read on for a while.
void Connection::linger() {
  Error ignored;
  (void)socket_.shutdown(asio::socket_base::shutdown_send, ignored);
  deadline_ms_ = shard_->deadline_in(shard_->options().linger_timeout);
  if (input_ended_) return close_now();
  if (!read_pending_) discard();
}

void Connection::discard() {
  socket_.async_read_some(asio::buffer(shard_->scratch()),
                          [self = shared_from_this()](const Error& error, std::size_t) {
                            if (!self->open_) return;
                            error ? self->close_now() : self->discard();
                          });
}

void Connection::close_now() {
  if (!open_) return;
  const auto self = shared_from_this();
  open_ = false;
  alive_ = false;
  Error ignored;
  (void)socket_.close(ignored);
  shard_->remove(*this);
  shard_->core().open_connections.fetch_sub(1, std::memory_order_relaxed);
  file_.reset();
  if (std::exchange(expected_soon_, false)) shard_->answer_came();
  if (exchange_open_) notify_gone();
}

}  // namespace tillside::http
