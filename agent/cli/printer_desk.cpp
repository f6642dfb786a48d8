#include "agent/cli/printer_desk.h"

#include <exception>
#include <utility>

namespace tillside::cli {

PrinterDesk::PrinterDesk(PrinterTalk& talk, Answer answer, Say say, std::chrono::milliseconds again)
    : talk_(talk), answer_(std::move(answer)), say_(std::move(say)), again_(again), thread_([this] { run(); }) {}

PrinterDesk::~PrinterDesk() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void PrinterDesk::ask(escpos::PaperReceipt receipt) {
  {
    const std::lock_guard lock(mutex_);
    open_.emplace(receipt.number, Open());
    receipts_.push_back(std::move(receipt));
    if (receipts_.size() > kQueuedAtMost) {
      open_.erase(receipts_.front().number);
      receipts_.pop_front();
    }
  }
  wake_.notify_all();
}

void PrinterDesk::outcome(std::uint64_t number, bool printed) {
  {
    const std::lock_guard lock(mutex_);
    const auto open = open_.find(number);
    if (open == open_.end()) return;
    open->second.known = true;
    open->second.printed = printed;
    settle(number, open->second);
  }
  wake_.notify_all();
}

// Both halves are known: what the agent issued, and what came out.
void PrinterDesk::settle(std::uint64_t number, Open& open) {
  if (!open.told || !open.known) return;
  if (!open.printed && !open.identity.empty()) taken_back_.push_back(open.identity);
  if (taken_back_.size() > kKeptAtMost) taken_back_.pop_front();
  open_.erase(number);
}

void PrinterDesk::run() {
  (void)talk_.warm_up();
  std::unique_lock lock(mutex_);
  for (;;) {
    if (receipts_.empty() && !stopping_) {
      const auto something = [&] { return stopping_ || !receipts_.empty(); };
      if (!has_more()) {
        wake_.wait(lock, [&] { return something() || has_more(); });
      } else if (!catch_up_unlocked(lock)) {
        wake_.wait_for(lock, again_, something);
      }
      continue;
    }
    if (receipts_.empty()) break;
    const escpos::PaperReceipt receipt = std::move(receipts_.front());
    receipts_.pop_front();
    lock.unlock();
    serve(receipt);
    lock.lock();
  }
  while (has_more() && catch_up_unlocked(lock)) {
  }
}

void PrinterDesk::serve(const escpos::PaperReceipt& receipt) {
  Told told;
  try {
    told = talk_.tell(receipt);
  } catch (const std::exception&) {
    told = {};
    told.what = "failed";
  }
  {
    const std::lock_guard lock(mutex_);
    if (told.untold) keep(std::move(*told.untold));
    const auto open = open_.find(receipt.number);
    if (open != open_.end()) {
      open->second.told = true;
      open->second.identity = told.identity;
      settle(receipt.number, open->second);
    }
  }
  say_(told.what);
  answer_(receipt.number, std::move(told.answer));
}

void PrinterDesk::keep(Untold untold) {
  const auto unread = [](const Untold& one) { return one.receipt ? one.receipt->bytes.size() : 0; };
  untold_.push_back(std::move(untold));
  std::size_t bytes = 0;
  for (const Untold& one : untold_) bytes += unread(one);
  while (untold_.size() > kKeptAtMost || bytes > kUnreadAtMost) {
    bytes -= unread(untold_.front());
    untold_.pop_front();
  }
}

// One of what is still to be said; the lock is open while the agent is talked to. False: it is not there.
bool PrinterDesk::catch_up_unlocked(std::unique_lock<std::mutex>& lock) {
  if (!untold_.empty()) {
    const Untold untold = untold_.front();
    lock.unlock();
    const auto identity = talk_.tell_again(untold);
    lock.lock();
    if (!identity) return false;
    if (!untold_.empty()) untold_.pop_front();
    if (!identity->empty()) taken_back_.push_back(*identity);
    return true;
  }
  const std::string identity = taken_back_.front();
  lock.unlock();
  const bool done = talk_.take_back(identity);
  lock.lock();
  if (done && !taken_back_.empty()) taken_back_.pop_front();
  return done;
}

}  // namespace tillside::cli
