#include "sync/hq/batch_placement.h"

#include <algorithm>

namespace tillside::hq {
namespace {

Placement fork_at(std::uint64_t seq) { return {Placement::Kind::fork, 0, seq, 0}; }

}  // namespace

Placement place(const wire::BatchHead& head, std::span<const PreparedEvent> events, const HeldCursor& cursor,
                const DigestAt& digest_at) {
  const auto held_at = [&](std::uint64_t seq) -> std::optional<wire::ChainHash> {
    if (seq == 0) return wire::ChainHash{};
    return seq == cursor.held_seq ? cursor.chain : digest_at(seq);
  };
  const auto differs = [&](std::uint64_t seq, const wire::ChainHash& digest) {
    const auto held = held_at(seq);
    return held && *held != digest;
  };
  if (head.first_seq > cursor.held_seq + 1) {
    if (head.retained_from < head.first_seq) return {Placement::Kind::gap, 0, 0, 0};
    return {Placement::Kind::append, 0, 0, cursor.held_seq + 1};
  }
  if (differs(head.first_seq - 1, head.prev)) return fork_at(std::max<std::uint64_t>(head.first_seq - 1, 1));
  const auto known =
      static_cast<std::size_t>(std::min<std::uint64_t>(cursor.held_seq + 1 - head.first_seq, events.size()));
  if (known > 0 && differs(head.first_seq + known - 1, events[known - 1].digest)) {
    std::size_t first = 0;
    while (!differs(head.first_seq + first, events[first].digest)) ++first;
    return fork_at(head.first_seq + first);
  }
  return {Placement::Kind::append, known, 0, 0};
}

}  // namespace tillside::hq
