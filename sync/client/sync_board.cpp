#include "sync/client/sync_board.h"

namespace tillside::sync {

const char* name_of(SyncEvent::Kind kind) {
  static constexpr const char* kNames[] = {"online",     "offline",  "contacted", "fenced", "readmitted",
                                           "uploaded",   "parked",   "rewound",   "forked", "kept",
                                           "downloaded", "snapshot", "trouble"};
  return kNames[static_cast<std::size_t>(kind)];
}

void SyncBoard::contacted(const wire::ContactAnswer& answer) {
  went_well();
  {
    const std::lock_guard lock(mutex_);
    status_.last_contact = clock_.now();
    status_.recovering = answer.recovering;
    ++status_.contacts;
  }
  tell(SyncEvent::Kind::contacted);
  if (!answer.identity) return;
  if (answer.outcome == wire::ContactOutcome::readmitted)
    tell(SyncEvent::Kind::readmitted);
  else
    tell(SyncEvent::Kind::fenced);
}

void SyncBoard::sent(const Uplink::Done& done) {
  if (done.step == Uplink::Step::nothing) return;
  went_well();
  {
    const std::lock_guard lock(mutex_);
    status_.wire_bytes += done.wire_bytes;
    if (done.step == Uplink::Step::taken) status_.uploaded += done.events;
    status_.parked += done.parked;
    if (done.step == Uplink::Step::taken) status_.held_seq = done.held_seq;
  }
  if (done.parked > 0) tell(SyncEvent::Kind::parked, done.parked);
  if (done.step == Uplink::Step::taken) tell(SyncEvent::Kind::uploaded, done.events);
  if (done.step == Uplink::Step::rewound) tell(SyncEvent::Kind::rewound);
  if (done.step == Uplink::Step::forked) tell(SyncEvent::Kind::forked);
  if (done.step == Uplink::Step::kept && done.events > 0) tell(SyncEvent::Kind::kept, done.events);
}

void SyncBoard::polled(const Downlink::Poll& poll) {
  went_well();
  if (poll.changes == 0 && !poll.reset) return;
  {
    const std::lock_guard lock(mutex_);
    status_.changes += poll.changes;
  }
  tell(SyncEvent::Kind::downloaded, poll.changes);
}

void SyncBoard::fetched(const Downlink::Fetched& fetched) {
  went_well();
  tell(SyncEvent::Kind::snapshot, fetched.bytes);
}

void SyncBoard::failed(const Trouble& trouble) {
  bool was_online = false;
  {
    const std::lock_guard lock(mutex_);
    was_online = std::exchange(status_.online, false);
    status_.last_error = trouble.code.empty() ? name_of(trouble.kind) : trouble.code;
    status_.last_error_status = trouble.status;
    ++status_.troubles;
  }
  if (was_online) tell(SyncEvent::Kind::offline);
  tell(SyncEvent::Kind::trouble, 0, trouble.code.empty() ? name_of(trouble.kind) : trouble.code);
}

SyncStatus SyncBoard::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

void SyncBoard::went_well() {
  bool was_online = false;
  {
    const std::lock_guard lock(mutex_);
    was_online = std::exchange(status_.online, true);
    status_.last_exchange = clock_.now();
    status_.last_error.clear();
    status_.last_error_status = 0;
  }
  if (!was_online) tell(SyncEvent::Kind::online);
}

void SyncBoard::tell(SyncEvent::Kind kind, std::uint64_t count, std::string code) {
  if (tell_) tell_(SyncEvent{kind, count, std::move(code), clock_.now()});
}

}  // namespace tillside::sync
