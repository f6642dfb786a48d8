// The events that wait for headquarters, read from and acknowledged in the till's database.
//
// Batches are read on a connection of their own, so that a long read disturbs no lookup at the till; everything that
// changes goes through the writer. Destroyed before the store. Any thread, but not the writer's.
#pragma once

#include <memory>
#include <mutex>

#include "agent/store/store.h"
#include "sync/client/ports.h"

namespace tillside::store {

class StoreOutbox final : public sync::Outbox {
 public:
  explicit StoreOutbox(Store& store) : store_(store) {}

  // Epochs that headquarters has not named yet are never part of a batch. storage trouble looks like nothing waiting.
  std::optional<Batch> next_batch(std::size_t max_events, std::size_t max_bytes) override;
  std::optional<Batch> next_forked_batch(std::size_t max_events, std::size_t max_bytes) override;
  // Never beyond the newest event of the epoch, however much headquarters claims to hold.
  Status acknowledged(const wire::Epoch& epoch, std::uint64_t seq) override;
  Status rewind(const wire::Epoch& epoch, std::uint64_t seq) override;
  Status forked(const wire::Epoch& epoch, std::uint64_t seq, std::uint64_t kept_to) override;
  Status parked(const wire::Epoch& epoch, const std::vector<wire::EventVerdict>& verdicts) override;
  // (0, 0) while headquarters has not named the current epoch.
  std::pair<std::uint64_t, std::uint64_t> progress() override;
  void on_new_events(std::function<void()> wake) override;

  // Deletes acknowledged events, and those of a fork that headquarters keeps, from before now - days, oldest first and
  // without holes, in small transactions. Of each epoch the newest of them stays: the next one's chain needs it. Events
  // stamped with a future time count as old, so that one jump of a clock holds nothing back. Returns how many went.
  Result<std::uint64_t> prune(std::uint32_t days, Instant now);

  struct Waiting {
    std::uint64_t unsent = 0;  // not acknowledged, in epochs headquarters knows or not
    std::uint64_t forked = 0;  // of a fork: headquarters holds another history and does not keep these yet
    std::uint64_t parked = 0;  // headquarters took them but set them aside
  };
  Waiting waiting();

 private:
  Database& reader();
  template <class BatchOf>
  std::optional<Batch> first_batch(BatchOf batch_of_epoch);

  Store& store_;
  std::mutex mutex_;  // guards the reader
  std::unique_ptr<Database> reader_;
};

}  // namespace tillside::store
