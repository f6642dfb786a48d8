// A till's disk in memory, seen through the sync client's ports, that can die after any durable step.
//
// What is durable lives in Disk and can be copied, as a disk can. Dying throws Died once the step is durable; the test
// throws the client's objects away and makes new ones over the same Disk, as a restart would.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "sync/client/ports.h"

namespace tillside::fakes {

struct Died {};

class FakeTill final : public sync::Outbox, public sync::ContactState, public sync::KeyRing, public sync::DownlinkSink {
 public:
  struct EpochLog {
    std::vector<std::string> events;
    std::uint64_t acknowledged = 0, retained_from = 1;
    std::optional<std::uint64_t> forked_from;
    std::uint64_t fork_kept = 0;
    std::vector<wire::EventVerdict> parked;
  };
  struct Disk {
    std::optional<wire::Identity> identity;
    wire::ContactValue contact;
    std::optional<Bytes16> pending_nonce;
    std::vector<wire::LeftEpoch> left;
    std::uint32_t key_number = 1;     // seed of the current pair; the next is one higher
    std::uint32_t seed = 0;           // of this till's keys
    std::vector<wire::Epoch> epochs;  // in the order they began
    std::map<wire::Epoch, EpochLog> log;
    std::string cursor;
    std::vector<wire::Change> changes;
    std::optional<wire::MembersCheckpoint> checkpoint;
    std::map<std::string, std::string> snapshots;  // bytes so far
    std::set<std::string> good_snapshots;
  };

  Disk disk;
  int die_after = -1;  // durable steps from now; -1: never
  int steps = 0;       // durable steps taken
  bool disk_full = false;
  bool forgets_to_fork = false;  // a store with a defect: keeps sending a forked epoch

  FakeTill() = default;
  explicit FakeTill(std::uint32_t seed) { disk.seed = seed; }

  void sell(std::string event);  // commits an event under the current epoch
  const EpochLog& log_of(const wire::Epoch& epoch) const { return disk.log.at(epoch); }

  std::optional<Batch> next_batch(std::size_t max_events, std::size_t max_bytes) override;
  std::optional<Batch> next_forked_batch(std::size_t max_events, std::size_t max_bytes) override;
  Status acknowledged(const wire::Epoch& epoch, std::uint64_t seq) override;
  Status rewind(const wire::Epoch& epoch, std::uint64_t seq) override;
  Status forked(const wire::Epoch& epoch, std::uint64_t seq, std::uint64_t kept_to) override;
  Status parked(const wire::Epoch& epoch, const std::vector<wire::EventVerdict>& verdicts) override;
  std::pair<std::uint64_t, std::uint64_t> progress() override;
  void on_new_events(std::function<void()> wake) override;

  std::optional<wire::Identity> identity() override;
  Status enrolled(const wire::EnrollAnswer& answer) override;
  Result<Pending> begin_contact(const Bytes16& fresh_nonce) override;
  Status contacted(const wire::ContactAnswer& answer) override;

  Result<wire::KeyPair> current() override;
  Result<wire::KeyPair> next() override;
  Status switch_to_next() override;

  std::string cursor() override;
  Status apply(const wire::DownlinkAnswer& answer) override;
  std::optional<wire::MembersCheckpoint> wanted_snapshot() override;
  std::uint64_t snapshot_bytes(const std::string& name) override;
  Status snapshot_piece(const std::string& name, std::uint64_t offset, std::string_view bytes) override;
  Status snapshot_done(const wire::MembersCheckpoint& checkpoint) override;

 private:
  Status durable();  // counts a step, and dies when it is the one
  void take_identity(const wire::Identity& identity);
  wire::KeyPair pair(std::uint32_t number) const;

  std::recursive_mutex mutex_;
  std::function<void()> wake_;
};

}  // namespace tillside::fakes
