#include "agent/reservations.h"

#include "agent/platform/random.h"

namespace tillside {
namespace {

using wire::ReservationAnswer;
using wire::ReservationState;

Grantor::Answer answer_of(const std::optional<ReservationAnswer>& said) {
  if (!said) return {};
  if (said->state == ReservationState::granted) return {Grantor::Answer::Kind::granted, RedeemReason::none};
  if (said->state == ReservationState::redeemed) return {Grantor::Answer::Kind::refused, RedeemReason::spent};
  const auto reason = redeem_reason_of(said->reason);
  return {Grantor::Answer::Kind::refused,
          reason && *reason != RedeemReason::none ? *reason : RedeemReason::needs_network};
}

}  // namespace

Reservations::Reservations(Token token, Connect connect, bool on_callers_thread)
    : token_(std::move(token)), connect_(std::move(connect)), on_callers_thread_(on_callers_thread) {
  if (!on_callers_thread_) thread_ = std::thread([this] { loop(); });
}

Reservations::~Reservations() { stop(); }

bool Reservations::reachable() const {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return false;
  }
  return token_().has_value();
}

Bytes16 Reservations::new_rid() { return random_bytes<Bytes16>(); }

void Reservations::ask(const Question& question, std::function<void(Answer)> done) {
  wire::ReservationRequest request;
  request.rid = question.rid;
  request.coupon = question.coupon;
  request.policy = question.policy;
  request.value = question.value;
  put({request, [done = std::move(done)](const std::optional<ReservationAnswer>& said) { done(answer_of(said)); }});
}

void Reservations::release(const Bytes16& rid, std::function<void(bool)> done) {
  wire::ReservationRequest request;
  request.release = true;
  request.rid = rid;
  put({request, [done = std::move(done)](const std::optional<ReservationAnswer>& said) { done(said.has_value()); }});
}

void Reservations::put(Waiting waiting) {
  if (on_callers_thread_) return ask_now(waiting);
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && waiting_.size() < kMaxWaiting) {
      waiting_.push_back(std::move(waiting));
      wake_.notify_one();
      return;
    }
  }
  waiting.done(std::nullopt);
}

void Reservations::stop() {
  std::deque<Waiting> left;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    left.swap(waiting_);
    if (transport_) transport_->cancel();
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
  for (const Waiting& one : left) one.done(std::nullopt);
}

void Reservations::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    const Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    ask_now(next);
    lock.lock();
  }
}

std::optional<ReservationAnswer> Reservations::exchange(const wire::ReservationRequest& asked) {
  const auto token = token_();
  if (!token) return std::nullopt;
  std::shared_ptr<sync::HqTransport> transport;
  {
    const std::lock_guard lock(mutex_);
    if (!transport_ && !stopping_) transport_ = connect_();
    transport = transport_;
  }
  if (!transport) return std::nullopt;
  sync::HqTransport::Request request;
  request.method = "POST";
  request.path = "/v1/reservations";
  request.body = wire::write(asked);
  request.content_type = "application/json";
  request.bearer = *token;
  request.total_timeout_s = kPatienceS;
  const auto answer = transport->exchange(request);
  if (!answer || answer->status != 200) return std::nullopt;
  auto said = wire::read_reservation_answer(answer->body);
  if (!said) return std::nullopt;
  return std::move(*said);
}

}  // namespace tillside
