#include "pos_adapter/journal/deliveries.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

namespace tillside::journal {
namespace {

constexpr std::int64_t kFirstBackoffMs = 200, kLongestBackoffMs = 30'000;

}  // namespace

// Outlives the Deliveries while answers are due.
struct Deliveries::Shared {
  std::mutex mutex;
  std::condition_variable changed;
  bool stopped = false;                                     // guarded by mutex
  std::vector<std::pair<std::uint64_t, Delivery>> answers;  // guarded by mutex
};

Deliveries::Deliveries(CheckoutIntake& intake, Waiter& waiter, bool as_live, std::size_t limit)
    : intake_(intake),
      waiter_(waiter),
      as_live_(as_live),
      limit_(std::max<std::size_t>(limit, 1)),
      shared_(std::make_shared<Shared>()) {}

bool Deliveries::give(Document&& document, const OnAnswer& on_answer) {
  if (stopped()) return false;
  entries_.push_back({next_id_++, std::move(document), {}});
  Entry& entry = entries_.back();
  if (!entry.document.checkout.ok()) {
    entry.answer = Delivery{Delivery::Kind::refused, "", entry.document.checkout.error(), {}};
  } else if (std::any_of(entries_.begin(), entries_.end(), [](const Entry& e) { return e.later(); })) {
    entry.answer = Delivery{Delivery::Kind::later, "", {}, {}};  // not before those in front of it
  } else {
    hand_in(entry);
  }
  collect();
  harvest(on_answer);
  while (entries_.size() >= limit_)
    if (!advance(on_answer)) return give_up();
  return true;
}

bool Deliveries::settle(const OnAnswer& on_answer) {
  collect();
  harvest(on_answer);
  while (!entries_.empty())
    if (!advance(on_answer)) return give_up();
  return !stopped();
}

bool Deliveries::give_up() {
  entries_.clear();
  return false;
}

void Deliveries::stop() {
  const std::lock_guard lock(shared_->mutex);
  shared_->stopped = true;
  shared_->changed.notify_all();
}

bool Deliveries::stopped() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->stopped;
}

void Deliveries::hand_in(const Entry& entry) {
  intake_.deliver(*entry.document.checkout, as_live_, [shared = shared_, id = entry.id](Delivery delivery) {
    const std::lock_guard lock(shared->mutex);
    shared->answers.emplace_back(id, std::move(delivery));
    shared->changed.notify_all();
  });
}

bool Deliveries::advance(const OnAnswer& on_answer) {
  const bool awaited = std::any_of(entries_.begin(), entries_.end(), [](const Entry& e) { return !e.answer; });
  if (!(awaited ? wait_for_answers() : retry())) return false;
  collect();
  harvest(on_answer);
  return true;
}

bool Deliveries::wait_for_answers() {
  std::unique_lock lock(shared_->mutex);
  shared_->changed.wait(lock, [this] { return shared_->stopped || !shared_->answers.empty(); });
  return !shared_->stopped;
}

void Deliveries::collect() {
  std::vector<std::pair<std::uint64_t, Delivery>> answers;
  {
    const std::lock_guard lock(shared_->mutex);
    answers.swap(shared_->answers);
  }
  for (auto& [id, delivery] : answers) {
    if (entries_.empty() || id < entries_.front().id || id - entries_.front().id >= entries_.size()) continue;
    const bool later = delivery.kind == Delivery::Kind::later;
    put_off_ += later ? 1 : 0;
    ready_ = !later;
    if (!later) backoff_ms_ = 0;
    entries_[static_cast<std::size_t>(id - entries_.front().id)].answer = std::move(delivery);
  }
}

void Deliveries::harvest(const OnAnswer& on_answer) {
  while (!entries_.empty() && entries_.front().answer && !entries_.front().later()) {
    Entry entry = std::move(entries_.front());
    entries_.pop_front();
    on_answer({entry.document.end, entry.document.line, entry.document.next_line, !entry.document.checkout.ok(),
               std::move(*entry.answer)});
  }
}

// Everything is answered, the first with `later`: hands it in again, after a pause unless the desk has just been ready.
bool Deliveries::retry() {
  if (!ready_) {
    backoff_ms_ = std::clamp(backoff_ms_ * 2, kFirstBackoffMs, kLongestBackoffMs);
    waiter_.wait(backoff_ms_);
    if (stopped()) return false;
  }
  entries_.front().answer.reset();
  hand_in(entries_.front());
  return true;
}

}  // namespace tillside::journal
