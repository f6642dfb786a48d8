// The uplink: the oldest batch of the outbox, compressed, to headquarters; its answer back into the outbox.
//
// A lost answer or a crash anywhere sends the same batch again under the same sequence numbers; headquarters knows it
// by its digests. Nothing is acknowledged beyond what this batch held, whatever the answer claims. What headquarters
// does not acknowledge because it holds another history (a fork) is sent too, when nothing else waits, until it keeps
// it all.
#pragma once

#include <optional>
#include <string>

#include "sync/client/ports.h"
#include "sync/client/trouble.h"
#include "sync/wire/compress.h"

namespace tillside::sync {

// Not thread-safe.
class Uplink {
 public:
  struct Limits {
    std::size_t max_events = 500;
    std::size_t max_bytes = 256 << 10;  // uncompressed: also bounds what zstd needs for its tables
    int level = 9;                      // zstd's
    // In a process of many tills they share one that keeps its memory, and its level counts; null: one for each batch.
    wire::Compressor* compressor = nullptr;
  };
  Uplink(Outbox& outbox, Limits limits) : outbox_(outbox), limits_(limits), max_events_(limits.max_events) {}

  enum class Step : std::uint8_t {
    nothing,  // the outbox is empty
    taken,    // headquarters holds the batch, or more of it than before
    rewound,  // a gap: the outbox will send again from where headquarters stands
    forked,   // headquarters has another history under this epoch: nothing from there on is acknowledged
    kept,     // headquarters keeps more of a fork, beside its own history
    smaller,  // headquarters found it too large or compressed beyond it: the next turn sends it otherwise
  };
  struct Done {
    Step step = Step::nothing;
    std::size_t events = 0, wire_bytes = 0, parked = 0;
    std::uint64_t held_seq = 0;
    wire::Epoch epoch{};    // forked, kept: the epoch that did
    bool says_kept = true;  // forked, kept: false, headquarters is older and does not say what it keeps
  };
  // Sends one batch: of what waits, else, with_forks, of what headquarters does not keep of a fork.
  Attempt<Done> send(HqTransport& transport, const std::string& token, bool with_forks = true);

 private:
  Attempt<Done> judge(const Outbox::Batch& batch, const HqTransport::Answer& answer);
  Attempt<Done> taken(const Outbox::Batch& batch, const wire::UplinkAnswer& answer);
  Attempt<Done> gap(const Outbox::Batch& batch, std::uint64_t expected_seq);
  Attempt<Done> acknowledge(const Outbox::Batch& batch, std::uint64_t held_seq);
  Attempt<Done> fork(const Outbox::Batch& batch, const wire::UplinkAnswer& answer);
  Attempt<Done> first_fork(const Outbox::Batch& batch, const wire::UplinkAnswer& answer);
  Attempt<Done> more_of_fork(const Outbox::Batch& batch, const wire::UplinkAnswer& answer);
  std::optional<Outbox::Batch> next(bool with_forks);
  std::string compressed(const std::string& text) const;
  bool can_send_smaller(const Outbox::Batch& batch, const HqTransport::Answer& answer);

  struct Place {
    wire::Epoch epoch{};
    std::uint64_t seq = 0;
    bool operator==(const Place&) const = default;
  };

  Outbox& outbox_;
  Limits limits_;
  std::size_t max_events_;
  bool with_dictionary_ = true;
  // The same again is no progress:
  std::optional<Place> last_gap_;
  std::optional<Place> last_fork_;
  std::optional<Place> last_unrooted_;  // a fork whose beginning headquarters has not seen
};

}  // namespace tillside::sync
