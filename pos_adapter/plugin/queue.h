// What waits for delivery, in order. Any thread adds at the end; the library's own thread alone takes from the front.
#pragma once

#include <atomic>
#include <cstdint>

#include "pos_adapter/plugin/text.h"
#include "pos_adapter/plugin/threads.h"
#include "pos_adapter/plugin/verbs.h"

namespace tillside::pos {

// One document. Its fields are the library's own thread's once it is in the queue.
struct Waiting {
  Waiting* next = nullptr;
  std::uint64_t number = 0;  // in its folder, rising
  char* body = nullptr;      // owned; null once it is on the disk
  std::uint32_t size = 0;
  std::uint16_t attempts = 0;
  std::uint8_t place = 0;  // its folder in the spool; 0 is our own
  Verb verb = Verb::complete;

  bool spooled() const { return body == nullptr; }
  Text document() const { return {body, size}; }
};

class Queue {
 public:
  static constexpr std::size_t kMostUnspooled = 8U << 20;

  struct Limits {
    std::uint32_t documents = 10'000;
    std::uint64_t bytes = 64U << 20;
  };
  enum class Added : std::uint8_t { yes, full, no_memory };

  explicit Queue(Limits limits) : limits_(limits) {}
  ~Queue();
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;

  // Any thread. Copies the document.
  Added add(Verb verb, Text document);
  std::uint32_t waiting() const { return count_.load(std::memory_order_acquire); }
  std::uint32_t unspooled() const { return unspooled_.load(std::memory_order_relaxed); }
  // Until nothing waits, `at` has come or it is hopeless; true: nothing waits.
  bool wait_until_empty(std::int64_t at);
  // Whether waiting is of no use: the front was tried in vain, or cannot be tried. Any thread.
  void set_hopeless(bool hopeless);
  bool is_hopeless() const { return hopeless_.load(std::memory_order_relaxed); }

  // The library's own thread.
  bool add_spooled(std::uint8_t place, std::uint64_t number);  // one that an ended process left
  bool has_room() const { return waiting() < limits_.documents; }
  Waiting* front();
  Waiting* first_unspooled();  // from the front on
  void now_spooled(Waiting& waiting);
  void pop();
  // Until something was added, `at` has come or wake() was called since the last return.
  void wait_for_work(std::int64_t at);
  void wake();  // any thread

 private:
  void append(Waiting* fresh);  // locked

  const Limits limits_;
  Mutex mutex_;
  Condition work_, emptied_;
  Waiting* first_ = nullptr;
  Waiting* last_ = nullptr;
  Waiting* unspooled_from_ = nullptr;  // everything before it is on the disk; null: everything is
  std::uint64_t bytes_ = 0, unspooled_bytes_ = 0, next_number_ = 1;
  bool awake_ = false;
  std::atomic<bool> hopeless_{false};
  std::atomic<std::uint32_t> count_{0}, unspooled_{0};
};

}  // namespace tillside::pos
