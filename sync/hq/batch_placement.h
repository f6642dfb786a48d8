// Where a batch stands against what is held of its epoch. Pure.
#pragma once

#include <functional>
#include <optional>
#include <span>

#include "sync/hq/ledger_types.h"

namespace tillside::hq {

struct HeldCursor {
  std::uint64_t held_seq = 0;  // 0: nothing yet
  wire::ChainHash chain{};     // the digest at held_seq
};

struct Placement {
  enum class Kind : std::uint8_t { append, gap, fork };
  Kind kind = Kind::append;
  std::size_t known = 0;        // append: events at the front that are held already
  std::uint64_t fork_seq = 0;   // fork: the first sequence that provably differs, of the batch or the one before it
  bool rooted = false;          // fork: with this batch all of its history is there, from where it parted
  bool goes_on = false;         // fork: follows an event that was kept of the same history before
  std::uint64_t hole_from = 0;  // append: what lies between the ledger and this batch is gone for good; 0: no hole
};

// The digest held at a sequence below held_seq; nullopt inside a hole.
using DigestAt = std::function<std::optional<wire::ChainHash>(std::uint64_t seq)>;
// Whether an event with that digest is kept of another history.
using KeptOfFork = std::function<bool(std::uint64_t seq, const wire::ChainHash& digest)>;

Placement place(const wire::BatchHead& head, std::span<const PreparedEvent> events, const HeldCursor& cursor,
                const DigestAt& digest_at, const KeptOfFork& kept_of_fork);

}  // namespace tillside::hq
