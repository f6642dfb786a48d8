// Keeps a till and headquarters in step: one thread for contacts and uplink, one for the downlink's long poll.
//
// Nothing here is waited for by a checkout. Whatever goes wrong is waited out; nothing is ever deleted or unenrolled.
#pragma once

#include <atomic>
#include <thread>

#include "sync/client/downlink_turns.h"
#include "sync/client/uplink_turns.h"
#include "sync/client/waiter.h"

namespace tillside::sync {

class SyncLoop {
 public:
  // All of these outlive the loop. Two transports: cancelling or timing out one never touches the other.
  struct Parts {
    ContactState& state;
    KeyRing& keys;
    Outbox& outbox;
    DownlinkSink& sink;
    HqTransport& up;
    HqTransport& down;
    const Clock& clock;
    Random& random;
  };
  struct Options {
    UplinkOptions up;
    DownlinkOptions down;
  };
  // `tell` is called on the loop's threads and must not block (SyncBoard).
  SyncLoop(Parts parts, Options options, SyncBoard::Tell tell = {});
  ~SyncLoop();  // stops
  SyncLoop(const SyncLoop&) = delete;
  SyncLoop& operator=(const SyncLoop&) = delete;

  void start();  // once. Also makes the key ring follow the identity, should the last run have died between the two
  void stop();   // cancels both transports and joins; safe to call twice. There is no start after it
  void wake();   // any thread: the till was just enrolled, or a person asks to try now
  SyncStatus status() const;  // any thread
  // The access token in use, while headquarters answers. Any thread.
  std::optional<std::string> live_token() const;

 private:
  void run_up();
  void run_down();

  Parts parts_;
  SyncBoard board_;
  AccessToken token_;
  // Shared with the outbox's wake call, which may be under way while this ends.
  std::shared_ptr<ThreadWaiter> up_waiter_ = std::make_shared<ThreadWaiter>();
  ThreadWaiter down_waiter_;
  std::shared_ptr<UplinkTurns> up_turns_;
  DownlinkTurns down_turns_;
  std::atomic<bool> stopping_{false};
  std::thread up_thread_, down_thread_;
};

}  // namespace tillside::sync
