#pragma once
// One io thread's world: its io_context, its connections, and the sweep that keeps all their deadlines.

#include <array>
#include <atomic>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "sync/http/server.h"

namespace tillside::http {

namespace asio = boost::asio;
using Executor = asio::io_context::executor_type;
using StreamSocket = asio::basic_stream_socket<asio::generic::stream_protocol, Executor>;
using CoarseTimer =
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;

// What all shards of a server share. Immutable but for the counters.
struct ServerCore {
  ServerOptions options;
  Handler handler;
  std::string common_lines;  // the common headers, ready to send

  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused_connections{0};
  std::atomic<std::uint64_t> open_connections{0};
  std::atomic<std::uint64_t> open_websockets{0};
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> refused_requests{0};

  void report(std::string_view what) const {
    if (options.on_fault) options.on_fault(what);
  }
};

// What the sweep looks after. All calls on the shard's thread.
class Swept {
 public:
  virtual ~Swept() = default;
  virtual void check_deadline(std::int64_t now_ms) = 0;
  virtual void finish_soon() = 0;  // the server is stopping: close when idle, else after the answer in flight
  virtual void close_now() = 0;

 private:
  friend class Shard;
  std::size_t slot_ = 0;
};

// Its own thread only, but for post(), in_own_thread() and finish().
class Shard {
 public:
  explicit Shard(std::shared_ptr<ServerCore> core);

  ServerCore& core() { return *core_; }
  const ServerOptions& options() const { return core_->options; }
  asio::io_context& io() { return io_; }

  // Runs the io thread until begin_stop() has come to its end.
  void run();
  void begin_stop();
  bool stopping() const { return stopping_; }

  // From any thread: runs fn on the shard's thread; drops it after finish().
  template <typename Function>
  void post(Function&& fn) {
    std::lock_guard lock(gate_);
    if (!finished_) asio::post(io_, std::forward<Function>(fn));
  }
  bool in_own_thread() const { return thread_.load(std::memory_order_relaxed) == std::this_thread::get_id(); }

  // Closes everything and lets go of what still waits. Called once the thread has ended.
  void finish();

  void add(Swept& item);
  void remove(Swept& item);

  // Milliseconds of a steady clock, as of the last sweep.
  std::int64_t now_ms() const { return now_ms_; }
  // A deadline that is not reached before `limit` has passed, though now_ms() may be a sweep old.
  std::int64_t deadline_in(std::chrono::milliseconds limit) const {
    return now_ms_ + (limit + sweep_interval_).count();
  }
  const std::string& date() const { return date_; }

  // An answer is about to come from another thread: see Responder::expect_soon().
  void expect_answer() { ++answers_expected_; }
  void answer_came() { --answers_expected_; }

  void every(std::chrono::milliseconds interval, std::function<void()> fn);
  // Called on the thread when stopping begins.
  void on_stop(std::function<void()> fn) { stop_hooks_.push_back(std::move(fn)); }
  // Called at each sweep.
  void on_sweep(std::function<void()> fn) { sweep_hooks_.push_back(std::move(fn)); }

  // Room for reading what is to be thrown away, shared by the shard's connections.
  std::array<char, 16 * 1024>& scratch() { return scratch_; }

 private:
  struct Ticker;
  bool is_worth_looking_out() const { return answers_expected_ == 1 && has_spare_core_; }
  void look_out();
  void read_clocks();
  void arm_sweep();
  void sweep();
  void end_if_empty();
  static void arm(const std::shared_ptr<Ticker>& ticker);

  std::shared_ptr<ServerCore> core_;
  std::chrono::milliseconds sweep_interval_;
  asio::io_context io_{1};
  CoarseTimer sweep_timer_{io_};
  std::vector<std::shared_ptr<Ticker>> tickers_;
  std::vector<std::function<void()>> stop_hooks_;
  std::vector<std::function<void()>> sweep_hooks_;
  std::vector<Swept*> items_;
  std::int64_t now_ms_ = 0;
  std::int64_t stop_deadline_ms_ = 0;
  std::string date_;
  const bool has_spare_core_ = std::thread::hardware_concurrency() > 1;
  std::size_t answers_expected_ = 0;
  bool stopping_ = false;
  bool ended_ = false;  // io_ has been told to stop; what is left runs in finish()
  std::atomic<std::thread::id> thread_{};
  std::array<char, 16 * 1024> scratch_{};

  std::mutex gate_;
  bool finished_ = false;  // guarded by gate_
};

}  // namespace tillside::http
