#include "sync/http/shard.h"

#include <algorithm>

#include "sync/http/response_writer.h"

namespace tillside::http {

struct Shard::Ticker {
  Ticker(asio::io_context& io, std::chrono::milliseconds every, std::function<void()> fn)
      : timer(io), interval(every), run(std::move(fn)) {}
  CoarseTimer timer;
  std::chrono::milliseconds interval;
  std::function<void()> run;
  bool stopped = false;

  void stop() {
    stopped = true;
    timer.cancel();
  }
};

Shard::Shard(std::shared_ptr<ServerCore> core)
    : core_(std::move(core)), sweep_interval_(core_->options.sweep_interval) {
  read_clocks();
}

void Shard::read_clocks() {
  using namespace std::chrono;
  now_ms_ = duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
  date_ = http_date(duration_cast<seconds>(system_clock::now().time_since_epoch()).count());
}

void Shard::run() {
  thread_ = std::this_thread::get_id();
  read_clocks();
  arm_sweep();
  while (!io_.stopped()) {
    try {
      if (is_worth_looking_out()) look_out();
      io_.run_one();
    } catch (const std::exception& error) {
      core_->report(error.what());  // thrown by a function the owner gave us
    }
  }
}

// With several answers to come the thread has enough to do; for a single one the way through sleep and wake would be a
// tenth of a durable call.
void Shard::look_out() {
  const auto until = std::chrono::steady_clock::now() + Responder::kLookOut;
  while (is_worth_looking_out() && !io_.stopped() && std::chrono::steady_clock::now() < until) io_.poll_one();
}

void Shard::arm_sweep() {
  sweep_timer_.expires_after(sweep_interval_);
  sweep_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) sweep();
  });
}

void Shard::sweep() {
  read_clocks();
  for (const auto& hook : sweep_hooks_) hook();
  const bool out_of_patience = stopping_ && now_ms_ >= stop_deadline_ms_;
  for (std::size_t i = items_.size(); i-- > 0;) {
    if (i >= items_.size()) continue;
    out_of_patience ? items_[i]->close_now() : items_[i]->check_deadline(now_ms_);
  }
  if (stopping_) end_if_empty();
  if (!io_.stopped()) arm_sweep();
}

void Shard::begin_stop() {
  if (std::exchange(stopping_, true)) return;
  read_clocks();
  stop_deadline_ms_ = now_ms_ + options().stop_timeout.count();
  sweep_interval_ = std::min(sweep_interval_, std::max(options().stop_timeout / 4, std::chrono::milliseconds(10)));
  for (const auto& hook : stop_hooks_) hook();
  for (const auto& ticker : tickers_) ticker->stop();
  for (std::size_t i = items_.size(); i-- > 0;) {
    if (i < items_.size()) items_[i]->finish_soon();
  }
  arm_sweep();
  end_if_empty();
}

void Shard::end_if_empty() {
  if (!items_.empty() || std::exchange(ended_, true)) return;
  sweep_timer_.cancel();
  io_.stop();
}

void Shard::finish() {
  {
    std::lock_guard lock(gate_);
    finished_ = true;
  }
  ended_ = true;
  while (!items_.empty()) items_.back()->close_now();
  for (const auto& hook : stop_hooks_) hook();
  for (const auto& ticker : tickers_) ticker->stop();
  sweep_timer_.cancel();
  stopping_ = true;
  io_.restart();
  io_.poll();
}

void Shard::add(Swept& item) {
  item.slot_ = items_.size();
  items_.push_back(&item);
}

void Shard::remove(Swept& item) {
  items_.back()->slot_ = item.slot_;
  items_[item.slot_] = items_.back();
  items_.pop_back();
  if (stopping_ && items_.empty()) asio::post(io_, [this] { end_if_empty(); });
}

void Shard::every(std::chrono::milliseconds interval, std::function<void()> fn) {
  if (stopping_) return;
  tickers_.push_back(std::make_shared<Ticker>(io_, interval, std::move(fn)));
  arm(tickers_.back());
}

void Shard::arm(const std::shared_ptr<Ticker>& ticker) {
  ticker->timer.expires_after(ticker->interval);
  ticker->timer.async_wait([ticker](const boost::system::error_code& error) {
    if (error || ticker->stopped) return;
    arm(ticker);
    ticker->run();
  });
}

}  // namespace tillside::http
