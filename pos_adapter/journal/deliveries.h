// Hands documents to the intake in order, a bounded number at a time, and tells in that order what became of each.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "agent/domain/intake.h"
#include "pos_adapter/journal/reader.h"
#include "pos_adapter/journal/waiter.h"

namespace tillside::journal {

struct Answered {
  std::uint64_t end = 0, line = 0, next_line = 0;
  bool unreadable = false;  // never handed in; delivery.error says why
  Delivery delivery;        // never `later`
};

// All from one thread but stop(). Answers may arrive on any thread, also after destruction.
class Deliveries {
 public:
  using OnAnswer = std::function<void(const Answered&)>;

  Deliveries(CheckoutIntake& intake, Waiter& waiter, bool as_live, std::size_t limit);

  // Blocks while `limit` documents are unanswered. False: stopped; unanswered documents are forgotten.
  bool give(Document&& document, const OnAnswer& on_answer);
  bool settle(const OnAnswer& on_answer);  // blocks until all are answered; false: stopped

  void stop();  // any thread; for good
  bool stopped() const;
  std::uint64_t put_off() const { return put_off_; }  // answers `later` so far

 private:
  struct Shared;
  struct Entry {
    std::uint64_t id = 0;
    Document document;
    std::optional<Delivery> answer;
    bool later() const { return answer && answer->kind == Delivery::Kind::later; }
  };

  void hand_in(const Entry& entry);
  bool advance(const OnAnswer& on_answer);
  bool wait_for_answers();
  void collect();
  void harvest(const OnAnswer& on_answer);
  bool retry();
  bool give_up();  // forgets the unanswered ones

  CheckoutIntake& intake_;
  Waiter& waiter_;
  bool as_live_;
  std::size_t limit_;
  std::shared_ptr<Shared> shared_;
  std::deque<Entry> entries_;
  std::uint64_t next_id_ = 0, put_off_ = 0;
  std::int64_t backoff_ms_ = 0;
  bool ready_ = true;  // the last answer was not `later`
};

}  // namespace tillside::journal
