// What is known of the synchronisation, for status, metrics and screens.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "agent/domain/clock.h"
#include "sync/client/contact.h"
#include "sync/client/downlink.h"
#include "sync/client/trouble.h"
#include "sync/client/uplink.h"

namespace tillside::sync {

struct SyncEvent {
  enum class Kind : std::uint8_t {
    online,      // the first exchange that went well after none did
    offline,     // the first that did not
    contacted,   // a contact was made
    fenced,      // a copy of this till made contact first: new epoch and key generation
    readmitted,  // headquarters was restored and took this till back
    uploaded,    // count: events headquarters now holds
    parked,      // count: events headquarters keeps but cannot use
    rewound,     // headquarters forgot some: they are sent again
    forked,      // headquarters holds another history under this epoch
    kept,        // count: events of a fork that headquarters now keeps beside its own history
    downloaded,  // count: changes applied
    snapshot,    // count: bytes of a members snapshot now in use
    trouble,     // code says which
  };
  Kind kind = Kind::online;
  std::uint64_t count = 0;
  std::string code;
  Instant at;  // the till's own clock
};
const char* name_of(SyncEvent::Kind kind);

struct SyncStatus {
  bool online = false;
  std::optional<Instant> last_contact;   // the till's own clock
  std::optional<Instant> last_exchange;  // that went well
  std::string last_error;                // code of the last trouble; empty once an exchange went well
  int last_error_status = 0;             // of HTTP, 0 when no answer came
  std::uint64_t held_seq = 0;            // newest event headquarters acknowledged in this run, of the batch's epoch
  std::uint64_t backlog = 0;             // events of the current epoch it does not hold yet
  std::uint64_t uploaded = 0, parked = 0, wire_bytes = 0, contacts = 0, troubles = 0, changes = 0;  // of this run
  bool recovering = false;  // headquarters says it was restored and lends nothing yet
};

// Thread-safe. `tell` is called without a lock held, on the thread that made the exchange; it must not block.
class SyncBoard {
 public:
  using Tell = std::function<void(const SyncEvent&)>;
  SyncBoard(const Clock& clock, Tell tell) : clock_(clock), tell_(std::move(tell)) {}

  void contacted(const wire::ContactAnswer& answer);
  void sent(const Uplink::Done& done);
  void polled(const Downlink::Poll& poll);
  void fetched(const Downlink::Fetched& fetched);
  void failed(const Trouble& trouble);
  SyncStatus status() const;  // backlog is the caller's to fill

 private:
  void went_well();
  void tell(SyncEvent::Kind kind, std::uint64_t count = 0, std::string code = {});

  const Clock& clock_;
  Tell tell_;
  mutable std::mutex mutex_;
  SyncStatus status_;
};

}  // namespace tillside::sync
