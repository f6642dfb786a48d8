// Asks headquarters about coupons this till may not decide alone, over a connection of its own, one question at a time.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "agent/desk/grantor.h"
#include "sync/client/ports.h"
#include "sync/wire/reservation.h"

namespace tillside {

// Any thread. Bounded: beyond kMaxWaiting a question is unanswered at once.
class Reservations final : public Grantor {
 public:
  static constexpr std::size_t kMaxWaiting = 64;
  static constexpr int kPatienceS = 3;  // for one answer: a shopper stands there

  // token: the access token while headquarters is in contact, else nullopt. connect: a new connection, or null without
  // an address. Both from any thread; they are used until stop().
  using Token = std::function<std::optional<std::string>()>;
  using Connect = std::function<std::unique_ptr<sync::HqTransport>()>;
  // on_callers_thread: no thread of its own, each question is asked and answered at once; for simulations, where one
  // thread does everything.
  Reservations(Token token, Connect connect, bool on_callers_thread = false);
  ~Reservations() override;  // stops

  bool reachable() const override;
  Bytes16 new_rid() override;
  void ask(const Question& question, std::function<void(Answer)> done) override;
  void release(const Bytes16& rid, std::function<void(bool told)> done) override;

  void stop();  // answers what waits with unanswered; so is all that comes later

 private:
  struct Waiting {
    wire::ReservationRequest request;
    std::function<void(std::optional<wire::ReservationAnswer>)> done;
  };
  void put(Waiting waiting);
  void ask_now(const Waiting& waiting) { waiting.done(exchange(waiting.request)); }
  void loop();
  std::optional<wire::ReservationAnswer> exchange(const wire::ReservationRequest& request);

  const Token token_;
  const Connect connect_;
  const bool on_callers_thread_;
  mutable std::mutex mutex_;  // guards the four below
  std::condition_variable wake_;
  std::deque<Waiting> waiting_;
  bool stopping_ = false;
  std::shared_ptr<sync::HqTransport> transport_;
  std::thread thread_;
};

}  // namespace tillside
