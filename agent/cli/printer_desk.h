// The desk of the print door: receipts queue up for the one thread that talks to the agent, the wire never waits.
//
// What the agent could not be told while it was away is told again when it is back, from memory: at most kKeptAtMost
// documents, and kUnreadAtMost bytes of paper that could not be read without it; the oldest give way. A sale told that
// late prints nothing, so its coupons are taken back; so are those of a block that came too late for its receipt.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "agent/cli/printer_talk.h"
#include "pos_adapter/escpos/paper_desk.h"

namespace tillside::cli {

class PrinterDesk final : public escpos::PaperDesk {
 public:
  static constexpr std::size_t kQueuedAtMost = 64, kKeptAtMost = 1000, kUnreadAtMost = 16 * 1024 * 1024;

  // `answer` is called from the desk's thread, also for receipts that get nothing. `talk` must outlive the desk.
  using Answer = std::function<void(std::uint64_t number, escpos::PaperAnswer answer)>;
  using Say = std::function<void(std::string_view what)>;  // what became of a receipt; from the desk's thread
  PrinterDesk(PrinterTalk& talk, Answer answer, Say say, std::chrono::milliseconds again = std::chrono::seconds(5));
  ~PrinterDesk() override;  // takes back what is still to be taken back, if the agent is there

  void ask(escpos::PaperReceipt receipt) override;
  void outcome(std::uint64_t number, bool printed) override;

 private:
  struct Open {
    bool told = false;   // the agent has been
    bool known = false;  // the outcome is
    bool printed = false;
    std::string identity;
  };
  void run();
  void serve(const escpos::PaperReceipt& receipt);
  void settle(std::uint64_t number, Open& open);
  void keep(Untold untold);
  bool catch_up_unlocked(std::unique_lock<std::mutex>& lock);
  bool has_more() const { return !untold_.empty() || !taken_back_.empty(); }

  PrinterTalk& talk_;
  const Answer answer_;
  const Say say_;
  const std::chrono::milliseconds again_;

  std::mutex mutex_;  // guards all below
  std::condition_variable wake_;
  std::deque<escpos::PaperReceipt> receipts_;
  std::map<std::uint64_t, Open> open_;
  std::deque<Untold> untold_;
  std::deque<std::string> taken_back_;  // identities, to be
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace tillside::cli
