// What the sync client needs of the till: its outbox, its contact state, a place for what comes down, a transport.
// The state machine (uplink.h, downlink.h, contact.h) is pure over these; libcurl and SQLite stand behind them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/result.h"
#include "sync/wire/messages.h"
#include "sync/wire/signing.h"

namespace tillside::sync {

// Events waiting for headquarters, under the name they were born with. Implemented by the store. Any thread.
class Outbox {
 public:
  virtual ~Outbox() = default;

  struct Batch {
    wire::BatchHead head;
    std::vector<std::string> events;
    bool forked = false;  // of next_forked_batch
  };
  // The oldest epoch that has unacknowledged events comes first. At most max_events and max_bytes (at least one event).
  // nullopt: nothing waits. The chain hash before the first event is part of the head.
  virtual std::optional<Batch> next_batch(std::size_t max_events, std::size_t max_bytes) = 0;
  // The oldest events of a fork that headquarters does not keep yet. While it keeps nothing of that copy the batch
  // begins before the fork: what is known of the place where the histories part may be too late a one.
  virtual std::optional<Batch> next_forked_batch(std::size_t max_events, std::size_t max_bytes) = 0;
  // Headquarters holds everything of this epoch up to seq. Durable on return. Events are kept for re-sending until
  // retention ends. A fork at or before seq is over: headquarters took this copy's events for its own.
  virtual Status acknowledged(const wire::Epoch& epoch, std::uint64_t seq) = 0;
  // Headquarters forgot: send again from seq on (a gap), and all of the epoch's fork. out_of_range when it is no longer
  // retained; then the oldest retained sequence is where the next batch starts.
  virtual Status rewind(const wire::Epoch& epoch, std::uint64_t seq) = 0;
  // Headquarters holds another history under this epoch from seq on (the lowest one told counts): nothing from there on
  // is acknowledged, next_batch() ends before it. Of this till's copy headquarters keeps everything up to kept_to,
  // nothing when that is below seq. Durable on return; telling it again is harmless.
  virtual Status forked(const wire::Epoch& epoch, std::uint64_t seq, std::uint64_t kept_to) = 0;
  virtual Status parked(const wire::Epoch& epoch, const std::vector<wire::EventVerdict>& verdicts) = 0;
  // Newest sequence and newest acknowledged of the current epoch.
  virtual std::pair<std::uint64_t, std::uint64_t> progress() = 0;
  // Called (from any thread) after events were committed.
  virtual void on_new_events(std::function<void()> wake) = 0;
};

// Identity and contact value, durable. Implemented by the store; keys live in a file of their own (KeyRing).
class ContactState {
 public:
  virtual ~ContactState() = default;
  virtual std::optional<wire::Identity> identity() = 0;
  virtual Status enrolled(const wire::EnrollAnswer& answer) = 0;
  struct Pending {
    Bytes16 request_nonce{};
    wire::ContactValue contact;
    std::vector<wire::LeftEpoch> left;  // epochs left by a readmission, oldest first
  };
  // The nonce of a contact that has no answer yet, or a new one made from `fresh_nonce`; durable on return.
  virtual Result<Pending> begin_contact(const Bytes16& fresh_nonce) = 0;
  // The answer's value, and its new identity when fenced or readmitted; durable on return, before the token is used.
  // Fenced: a new epoch begins, the old epoch's quota is frozen, its unacknowledged events keep their birth names.
  // Readmitted: the same, and the epoch before is one of Pending::left from then on. Headquarters' newest key is kept
  // (wire::take_hq_keys); the answer's links were followed.
  virtual Status contacted(const wire::ContactAnswer& answer) = 0;
};

// The till's signing keys, in a file beside the database (mode 0600), never in a backup.
class KeyRing {
 public:
  virtual ~KeyRing() = default;
  virtual Result<wire::KeyPair> current() = 0;
  // The pair to switch to when fenced; made once and kept until used.
  virtual Result<wire::KeyPair> next() = 0;
  virtual Status switch_to_next() = 0;  // durable on return
};

// Where changes land. Implemented by the store and the member replica.
class DownlinkSink {
 public:
  virtual ~DownlinkSink() = default;
  virtual std::string cursor() = 0;
  // All changes of one answer and its cursor in one transaction. reset: what was known before is replaced at the end.
  virtual Status apply(const wire::DownlinkAnswer& answer) = 0;
  // A members snapshot that the last checkpoint named and that is not held yet.
  virtual std::optional<wire::MembersCheckpoint> wanted_snapshot() = 0;
  // Bytes of the wanted snapshot already on disk, to resume from.
  virtual std::uint64_t snapshot_bytes(const std::string& name) = 0;
  virtual Status snapshot_piece(const std::string& name, std::uint64_t offset, std::string_view bytes) = 0;
  // All bytes are there: check rows and digest, swap it in. bad_format: thrown away, wanted again.
  virtual Status snapshot_done(const wire::MembersCheckpoint& checkpoint) = 0;
};

// One HTTP exchange with headquarters. Blocks; bounded by total and low-speed time-outs. Cancelled by cancel().
class HqTransport {
 public:
  virtual ~HqTransport() = default;
  struct Request {
    std::string method = "GET";
    std::string path;  // with query
    std::string body;
    std::string content_type, content_encoding, bearer;
    std::optional<std::uint64_t> range_from;
    int total_timeout_s = 60;
    int silence_s = 0;  // how long headquarters may hold this call before its first byte, on top of the low-speed limit
    // For large answers: the pieces of a successful one as they come, instead of Answer::body. With range_from they
    // begin there, also when the server sent the whole. An error ends the exchange.
    std::function<Status(std::string_view)> on_piece;
  };
  struct Answer {
    int status = 0;
    std::string body;
    std::optional<int> retry_after_s;
  };
  virtual Result<Answer> exchange(const Request& request) = 0;  // unavailable when no answer came
  virtual void cancel() = 0;  // any thread: ends the exchange under way, and later ones
};

}  // namespace tillside::sync
