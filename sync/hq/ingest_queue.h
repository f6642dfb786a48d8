// Group commit: batches of concurrent senders become durable in one transaction, then each is acknowledged.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "sync/hq/ledger.h"

namespace tillside::hq {

// A batch with the text its views point into.
struct OwnedBatch {
  std::string text;
  IngestBatch batch;
};

// Any thread. One thread of its own writes. Destroying it finishes what was taken.
class IngestQueue {
 public:
  using Done = std::function<void(Result<IngestOutcome>)>;  // on the writing thread, after the commit

  // on_callers_thread: no thread of its own, put() writes at once; for simulations, where one thread does everything.
  IngestQueue(Ledger& ledger, std::size_t max_waiting, bool on_callers_thread = false);
  ~IngestQueue();
  IngestQueue(const IngestQueue&) = delete;
  IngestQueue& operator=(const IngestQueue&) = delete;

  // False when too many wait: then nothing was taken and done is not called.
  bool put(std::unique_ptr<OwnedBatch> batch, Done done);
  std::size_t waiting() const;
  void stop();

 private:
  struct Item {
    std::unique_ptr<OwnedBatch> owned;
    Done done;
  };
  void write();
  void write_here(Item item);
  void commit(std::deque<Item>& group);

  Ledger& ledger_;
  const std::size_t max_waiting_;
  const bool on_callers_thread_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Item> waiting_;  // guarded by mutex_
  bool stopping_ = false;     // guarded by mutex_
  std::thread thread_;        // none with on_callers_thread
};

}  // namespace tillside::hq
