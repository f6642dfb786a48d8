#pragma once
// One accepted connection: reads requests, hands them to the handler, writes the answers in order.

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "sync/http/file_range.h"
#include "sync/http/request_reader.h"
#include "sync/http/shard.h"

namespace tillside::http {

// Kept alive by its pending reads and writes and by the responder of the request at hand.
// The shard's thread only, but for Exchange's calls.
class Connection final : public detail::Exchange, public Swept, public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<Shard> shard, StreamSocket socket, Peer peer);
  ~Connection() override;

  void start();

  // detail::Exchange
  void answer(Response&& response) override;
  void upgrade(std::shared_ptr<WsListener> listener, const WsOptions& options) override;
  void abandon() noexcept override;
  void watch(std::function<void()> on_close) override;
  void expect_soon() override;
  bool alive() const noexcept override { return alive_.load(std::memory_order_acquire); }

  // Swept
  void check_deadline(std::int64_t now_ms) override;
  void finish_soon() override;
  void close_now() override;

 private:
  using Error = boost::system::error_code;

  // Reading
  void begin_read();
  void on_read(const Error& error, std::size_t bytes);
  void on_end_of_input();
  void drive();
  void await_input();

  // One request
  void dispatch();
  void answer_here(Response& response);
  void close_exchange();  // its answer is made, or nobody waits for it
  void end_exchange();
  void abandon_here();
  void stop_reading();
  void refuse(const Refusal& refusal);
  void refuse_slow_sender();
  void watch_here(std::function<void()> on_close);
  void notify_gone();

  // Writing
  void compose(const Request& request, Response& response, bool keep_alive);
  void attach_body(Response& response, std::uint64_t length);
  bool flush();  // true when all has been sent; else it goes on by itself and then settles, or has closed
  bool send_pending(Error& error);
  bool refill();
  void on_writable(const Error& error);
  void settle();        // all has been sent: what next?
  void settle_later();  // the same, below someone else's stack
  bool has_large_output() const;

  // Changing protocol
  struct Upgrade;
  void upgrade_here(std::shared_ptr<WsListener> listener, const WsOptions& options);
  void refuse_upgrade();
  void hand_over();

  // Ending
  void linger();
  void discard();

  std::shared_ptr<Shard> shard_;
  StreamSocket socket_;
  Peer peer_;
  RequestReader reader_;

  std::string out_;   // heads and small bodies
  std::string body_;  // a large body, sent after out_ without copying it there
  std::shared_ptr<const std::string> shared_body_;
  std::string_view body_view_;  // of whichever body follows out_
  std::size_t sent_ = 0;        // of out_ and body_view_ together
  std::unique_ptr<FileSource> file_;
  std::unique_ptr<Upgrade> upgrade_;
  std::function<void()> on_close_;

  std::int64_t deadline_ms_ = 0;          // 0: none
  std::int64_t request_deadline_ms_ = 0;  // of the request that is arriving; 0: none has begun
  std::atomic<bool> alive_{true};
  bool open_ = true;
  bool registered_ = false;
  bool exchange_open_ = false;  // a responder is out
  bool expected_soon_ = false;  // the shard looks out for its answer
  bool in_handler_ = false;
  bool read_pending_ = false;
  bool writing_ = false;  // waiting for the socket to take more
  bool input_ended_ = false;
  bool close_after_write_ = false;
  bool lingering_ = false;
};

}  // namespace tillside::http
