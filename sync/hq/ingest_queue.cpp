#include "sync/hq/ingest_queue.h"

namespace tillside::hq {
namespace {
constexpr std::size_t kGroup = 16;  // batches a transaction
}

IngestQueue::IngestQueue(Ledger& ledger, std::size_t max_waiting, bool on_callers_thread)
    : ledger_(ledger), max_waiting_(max_waiting), on_callers_thread_(on_callers_thread) {
  if (!on_callers_thread_) thread_ = std::thread([this] { write(); });
}

IngestQueue::~IngestQueue() { stop(); }

bool IngestQueue::put(std::unique_ptr<OwnedBatch> batch, Done done) {
  if (on_callers_thread_) return write_here({std::move(batch), std::move(done)}), true;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || waiting_.size() >= max_waiting_) return false;
    waiting_.push_back({std::move(batch), std::move(done)});
  }
  wake_.notify_one();
  return true;
}

std::size_t IngestQueue::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

void IngestQueue::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void IngestQueue::write() {
  for (;;) {
    std::deque<Item> group;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      while (!waiting_.empty() && group.size() < kGroup) {
        group.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
      }
    }
    commit(group);
  }
}

void IngestQueue::write_here(Item item) {
  std::deque<Item> alone;
  alone.push_back(std::move(item));
  commit(alone);
}

// When a group fails, each batch is tried by itself: one that cannot be written does not hold up the others.
void IngestQueue::commit(std::deque<Item>& group) {
  std::vector<IngestBatch> batches;
  batches.reserve(group.size());
  for (auto& item : group) batches.push_back(std::move(item.owned->batch));
  auto outcomes = ledger_.ingest(batches);
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (outcomes) {
      group[i].done(std::move((*outcomes)[i]));
      continue;
    }
    auto alone = group.size() == 1 ? Result<std::vector<IngestOutcome>>(outcomes.error())
                                   : ledger_.ingest(std::span(&batches[i], 1));
    if (alone)
      group[i].done(std::move(alone->front()));
    else
      group[i].done(alone.error());
  }
}

}  // namespace tillside::hq
