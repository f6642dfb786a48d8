#include "sync/hq/batch_placement.h"

#include <algorithm>

namespace tillside::hq {
namespace {

Placement fork_at(std::uint64_t seq, bool rooted, bool goes_on = false) {
  Placement placement;
  placement.kind = Placement::Kind::fork;
  placement.fork_seq = seq;
  placement.rooted = rooted;
  placement.goes_on = goes_on;
  return placement;
}

Placement gap() {
  Placement placement;
  placement.kind = Placement::Kind::gap;
  return placement;
}

Placement append(std::size_t known, std::uint64_t hole_from = 0) {
  Placement placement;
  placement.known = known;
  placement.hole_from = hole_from;
  return placement;
}

}  // namespace

Placement place(const wire::BatchHead& head, std::span<const PreparedEvent> events, const HeldCursor& cursor,
                const DigestAt& digest_at, const KeptOfFork& kept_of_fork) {
  const auto held_at = [&](std::uint64_t seq) -> std::optional<wire::ChainHash> {
    if (seq == 0) return wire::ChainHash{};
    return seq == cursor.held_seq ? cursor.chain : digest_at(seq);
  };
  const auto differs = [&](std::uint64_t seq, const wire::ChainHash& digest) {
    const auto held = held_at(seq);
    return held && *held != digest;
  };
  const auto before = head.first_seq - 1;
  const bool beyond = head.first_seq > cursor.held_seq + 1;
  if ((beyond || held_at(before) != head.prev) && kept_of_fork(before, head.prev))
    return fork_at(head.first_seq, true, true);
  const bool nothing_earlier = before == 0 || head.retained_from >= head.first_seq;
  if (beyond) return nothing_earlier ? append(0, cursor.held_seq + 1) : gap();
  if (differs(before, head.prev)) return fork_at(std::max<std::uint64_t>(before, 1), nothing_earlier);
  const auto known =
      static_cast<std::size_t>(std::min<std::uint64_t>(cursor.held_seq + 1 - head.first_seq, events.size()));
  if (known > 0 && differs(head.first_seq + known - 1, events[known - 1].digest)) {
    std::size_t first = 0;
    while (!differs(head.first_seq + first, events[first].digest)) ++first;
    return fork_at(head.first_seq + first, true);
  }
  return append(known);
}

}  // namespace tillside::hq
