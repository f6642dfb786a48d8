#include "pos_adapter/plugin/queue.h"

#include <new>

namespace tillside::pos {
namespace {

Waiting* make(Verb verb, std::uint32_t size) {
  void* const room = std::malloc(sizeof(Waiting));
  if (room == nullptr) return nullptr;
  auto* const fresh = new (room) Waiting;
  fresh->verb = verb;
  fresh->size = size;
  return fresh;
}

void erase(Waiting* waiting) {
  std::free(waiting->body);
  std::free(waiting);
}

}  // namespace

Queue::~Queue() {
  while (first_ != nullptr) {
    Waiting* const next = first_->next;
    erase(first_);
    first_ = next;
  }
}

void Queue::append(Waiting* fresh) {
  (last_ == nullptr ? first_ : last_->next) = fresh;
  last_ = fresh;
  bytes_ += fresh->size;
  count_.fetch_add(1, std::memory_order_release);
}

Queue::Added Queue::add(Verb verb, Text document) {
  Waiting* const fresh = make(verb, static_cast<std::uint32_t>(document.size));
  if (fresh == nullptr) return Added::no_memory;
  fresh->body = static_cast<char*>(std::malloc(document.size));
  if (fresh->body == nullptr) return erase(fresh), Added::no_memory;
  std::memcpy(fresh->body, document.data, document.size);
  const Locked locked(mutex_);
  if (!has_room() || bytes_ + document.size > limits_.bytes || unspooled_bytes_ + document.size > kMostUnspooled)
    return erase(fresh), Added::full;
  fresh->number = next_number_++;
  append(fresh);
  unspooled_bytes_ += fresh->size;
  unspooled_.fetch_add(1, std::memory_order_relaxed);
  if (unspooled_from_ == nullptr) unspooled_from_ = fresh;
  awake_ = true;
  work_.notify_all();
  return Added::yes;
}

bool Queue::add_spooled(std::uint8_t place, std::uint64_t number) {
  Waiting* const fresh = make(Verb::complete, 0);  // what it is stands in its file
  if (fresh == nullptr) return false;
  fresh->place = place;
  fresh->number = number;
  const Locked locked(mutex_);
  append(fresh);
  return true;
}

bool Queue::wait_until_empty(std::int64_t at) {
  const Locked locked(mutex_);
  while (first_ != nullptr && !hopeless_ && now_ns() < at) emptied_.wait_until(mutex_, at);
  return first_ == nullptr;
}

void Queue::set_hopeless(bool hopeless) {
  if (hopeless_.exchange(hopeless) == hopeless || !hopeless) return;
  const Locked locked(mutex_);
  emptied_.notify_all();
}

Waiting* Queue::front() {
  const Locked locked(mutex_);
  return first_;
}

Waiting* Queue::first_unspooled() {
  const Locked locked(mutex_);
  return unspooled_from_;
}

void Queue::now_spooled(Waiting& waiting) {
  const Locked locked(mutex_);
  std::free(waiting.body);
  waiting.body = nullptr;
  unspooled_bytes_ -= waiting.size;
  unspooled_.fetch_sub(1, std::memory_order_relaxed);
  while (unspooled_from_ != nullptr && unspooled_from_->spooled()) unspooled_from_ = unspooled_from_->next;
}

void Queue::pop() {
  const Locked locked(mutex_);
  Waiting* const gone = first_;
  first_ = gone->next;
  if (first_ == nullptr) last_ = nullptr;
  bytes_ -= gone->size;
  if (!gone->spooled()) {
    unspooled_bytes_ -= gone->size;
    unspooled_.fetch_sub(1, std::memory_order_relaxed);
    while (unspooled_from_ != nullptr && (unspooled_from_ == gone || unspooled_from_->spooled()))
      unspooled_from_ = unspooled_from_->next;
  }
  erase(gone);
  count_.fetch_sub(1, std::memory_order_release);
  if (first_ == nullptr) emptied_.notify_all();
}

void Queue::wait_for_work(std::int64_t at) {
  const Locked locked(mutex_);
  while (!awake_ && now_ns() < at) work_.wait_until(mutex_, at);
  awake_ = false;
}

void Queue::wake() {
  const Locked locked(mutex_);
  awake_ = true;
  work_.notify_all();
}

}  // namespace tillside::pos
