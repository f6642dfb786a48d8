#include "tests/fakes/fake_till.h"

#include <algorithm>

#include "sync/wire/signing.h"
#include "sync/wire/snapshot.h"

namespace tillside::fakes {
namespace {

wire::ChainHash chain_before(const FakeTill::EpochLog& log, std::uint64_t seq) {
  wire::ChainHash hash{};
  for (std::uint64_t i = 1; i < seq; ++i) hash = wire::chain(hash, log.events[i - 1]);
  return hash;
}

std::optional<FakeTill::Batch> batch_of(const wire::Epoch& epoch, const FakeTill::EpochLog& log, std::uint64_t first,
                                        std::uint64_t last, std::size_t max_events, std::size_t max_bytes) {
  first = std::max(first, log.retained_from);
  if (first > last) return std::nullopt;
  FakeTill::Batch batch{{epoch, first, 0, chain_before(log, first), log.retained_from}, {}};
  std::size_t bytes = 0;
  for (auto seq = first; seq <= last && batch.events.size() < max_events; ++seq) {
    bytes += log.events[seq - 1].size();
    if (!batch.events.empty() && bytes > max_bytes) break;
    batch.events.push_back(log.events[seq - 1]);
  }
  batch.head.count = static_cast<std::uint32_t>(batch.events.size());
  return batch;
}

}  // namespace

Status FakeTill::durable() {
  ++steps;
  if (die_after > 0 && --die_after == 0) {
    die_after = -1;
    throw Died{};
  }
  return {};
}

wire::KeyPair FakeTill::pair(std::uint32_t number) const {
  Bytes32 seed{};
  seed[0] = static_cast<std::uint8_t>(number);
  seed[1] = static_cast<std::uint8_t>(disk.seed);
  return wire::key_pair_from_seed(seed);
}

void FakeTill::take_identity(const wire::Identity& identity) {
  disk.identity = identity;
  if (std::find(disk.epochs.begin(), disk.epochs.end(), identity.epoch) == disk.epochs.end())
    disk.epochs.push_back(identity.epoch);
  disk.log[identity.epoch];
}

void FakeTill::sell(std::string event) {
  std::function<void()> wake;
  {
    const std::lock_guard lock(mutex_);
    disk.log.at(disk.identity->epoch).events.push_back(std::move(event));
    wake = wake_;
  }
  if (wake) wake();
}

std::optional<FakeTill::Batch> FakeTill::next_batch(std::size_t max_events, std::size_t max_bytes) {
  const std::lock_guard lock(mutex_);
  for (const auto& epoch : disk.epochs) {
    const auto& log = disk.log.at(epoch);
    const bool ends = log.forked_from && !forgets_to_fork;
    const std::uint64_t last = ends ? *log.forked_from - 1 : log.events.size();
    if (auto batch = batch_of(epoch, log, log.acknowledged + 1, last, max_events, max_bytes)) return batch;
  }
  return std::nullopt;
}

std::optional<FakeTill::Batch> FakeTill::next_forked_batch(std::size_t max_events, std::size_t max_bytes) {
  const std::lock_guard lock(mutex_);
  for (const auto& epoch : disk.epochs) {
    const auto& log = disk.log.at(epoch);
    if (!log.forked_from || log.events.size() < std::max(*log.forked_from, log.fork_kept + 1)) continue;
    const auto run_up = std::min<std::uint64_t>(max_events / 2, *log.forked_from - 1);
    const auto first = log.fork_kept > 0 ? log.fork_kept + 1 : *log.forked_from - run_up;
    auto batch = batch_of(epoch, log, first, log.events.size(), max_events, max_bytes);
    if (batch) batch->forked = true;
    return batch;
  }
  return std::nullopt;
}

Status FakeTill::acknowledged(const wire::Epoch& epoch, std::uint64_t seq) {
  const std::lock_guard lock(mutex_);
  if (disk_full) return Error{ErrorCode::storage_full, "", "disk full"};
  auto& log = disk.log.at(epoch);
  log.acknowledged = std::max(log.acknowledged, seq);
  if (log.forked_from && *log.forked_from <= seq) {
    log.forked_from.reset();
    log.fork_kept = 0;
  }
  return durable();
}

Status FakeTill::rewind(const wire::Epoch& epoch, std::uint64_t seq) {
  const std::lock_guard lock(mutex_);
  auto& log = disk.log.at(epoch);
  log.acknowledged = std::min(log.acknowledged, std::max(seq, log.retained_from) - 1);
  log.fork_kept = 0;
  (void)durable();
  if (seq < log.retained_from) return Error{ErrorCode::out_of_range, "seq", "no longer retained"};
  return {};
}

Status FakeTill::forked(const wire::Epoch& epoch, std::uint64_t seq, std::uint64_t kept_to) {
  const std::lock_guard lock(mutex_);
  auto& log = disk.log.at(epoch);
  log.forked_from = std::min(seq, log.forked_from.value_or(seq));
  log.fork_kept = kept_to >= seq ? kept_to : 0;
  log.acknowledged = std::min(log.acknowledged, *log.forked_from - 1);
  return durable();
}

Status FakeTill::parked(const wire::Epoch& epoch, const std::vector<wire::EventVerdict>& verdicts) {
  const std::lock_guard lock(mutex_);
  auto& parked = disk.log.at(epoch).parked;
  parked.insert(parked.end(), verdicts.begin(), verdicts.end());
  return durable();
}

std::pair<std::uint64_t, std::uint64_t> FakeTill::progress() {
  const std::lock_guard lock(mutex_);
  if (!disk.identity) return {0, 0};
  const auto& log = disk.log.at(disk.identity->epoch);
  return {log.events.size(), log.acknowledged};
}

void FakeTill::on_new_events(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

std::optional<wire::Identity> FakeTill::identity() {
  const std::lock_guard lock(mutex_);
  return disk.identity;
}

Status FakeTill::enrolled(const wire::EnrollAnswer& answer) {
  const std::lock_guard lock(mutex_);
  take_identity(answer.identity);
  disk.contact = answer.contact;
  return durable();
}

Result<FakeTill::Pending> FakeTill::begin_contact(const Bytes16& fresh_nonce) {
  const std::lock_guard lock(mutex_);
  if (!disk.pending_nonce) {
    disk.pending_nonce = fresh_nonce;
    (void)durable();
  }
  return Pending{*disk.pending_nonce, disk.contact, disk.left};
}

Status FakeTill::contacted(const wire::ContactAnswer& answer) {
  const std::lock_guard lock(mutex_);
  disk.contact = answer.contact;
  disk.pending_nonce.reset();
  if (disk.identity && disk.identity->hq_incarnation != answer.hq_incarnation)
    for (auto& [epoch, log] : disk.log) log.fork_kept = 0;
  const auto before = disk.identity;
  if (before && answer.identity && answer.outcome == wire::ContactOutcome::readmitted)
    disk.left.push_back({before->certificate, disk.log.at(before->epoch).events.size()});
  if (answer.identity)
    take_identity(*answer.identity);
  else if (disk.identity)
    disk.identity->hq_incarnation = answer.hq_incarnation;
  if (disk.identity) wire::take_hq_keys(*disk.identity, before, answer);
  return durable();
}

Result<wire::KeyPair> FakeTill::current() {
  const std::lock_guard lock(mutex_);
  return pair(disk.key_number);
}

Result<wire::KeyPair> FakeTill::next() {
  const std::lock_guard lock(mutex_);
  return pair(disk.key_number + 1);
}

Status FakeTill::switch_to_next() {
  const std::lock_guard lock(mutex_);
  ++disk.key_number;
  return durable();
}

std::string FakeTill::cursor() {
  const std::lock_guard lock(mutex_);
  return disk.cursor;
}

Status FakeTill::apply(const wire::DownlinkAnswer& answer) {
  const std::lock_guard lock(mutex_);
  if (disk_full) return Error{ErrorCode::storage_full, "", "disk full"};
  if (answer.reset) disk.changes.clear();
  disk.cursor = answer.cursor;
  for (const auto& change : answer.changes) {
    disk.changes.push_back(change);
    if (change.kind == wire::ChangeKind::members_checkpoint) disk.checkpoint = change.checkpoint;
  }
  return durable();
}

std::optional<wire::MembersCheckpoint> FakeTill::wanted_snapshot() {
  const std::lock_guard lock(mutex_);
  if (!disk.checkpoint || disk.checkpoint->snapshot.empty() || disk.good_snapshots.contains(disk.checkpoint->snapshot))
    return std::nullopt;
  return disk.checkpoint;
}

std::uint64_t FakeTill::snapshot_bytes(const std::string& name) {
  const std::lock_guard lock(mutex_);
  return disk.snapshots[name].size();
}

Status FakeTill::snapshot_piece(const std::string& name, std::uint64_t offset, std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  auto& file = disk.snapshots[name];
  if (offset > file.size()) return Error{ErrorCode::internal, "snapshot", "a hole"};
  file.resize(offset);
  file += bytes;
  return durable();
}

Status FakeTill::snapshot_done(const wire::MembersCheckpoint& checkpoint) {
  const std::lock_guard lock(mutex_);
  wire::SnapshotReader reader([](const IdHash&, std::string_view) { return Status{}; });
  auto status = reader.feed(disk.snapshots[checkpoint.snapshot]);
  if (status) status = reader.finish(checkpoint.rows, checkpoint.digest);
  disk.snapshots.erase(checkpoint.snapshot);
  if (status) disk.good_snapshots.insert(checkpoint.snapshot);
  (void)durable();
  return status;
}

}  // namespace tillside::fakes
