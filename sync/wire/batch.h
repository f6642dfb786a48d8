// A batch of events on the wire: newline-delimited JSON, zstd-compressed with the shipped dictionary.
//
//   line 1   {"epoch":"<16 hex>","first_seq":101,"count":57,"prev":"<32 hex>","retained_from":44}
//   line 2.. one event each, verbatim: headquarters keeps and digests exactly these bytes
//
// Chain: h(0) = 16 zero bytes, h(n) = BLAKE2b-128(h(n-1) || event n). `prev` is h(first_seq - 1). The digest
// headquarters keeps for (till, epoch, sequence) is h(sequence): it vouches for the event and for everything before it.
// Sequences start at 1 in each epoch and have no holes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/ids.h"
#include "agent/domain/result.h"

namespace tillside::wire {

using Epoch = std::array<std::uint8_t, 8>;  // random, the incarnation of a till's database
using ChainHash = Bytes16;

ChainHash chain(const ChainHash& previous, std::string_view event);

struct BatchHead {
  Epoch epoch{};
  std::uint64_t first_seq = 1;
  std::uint32_t count = 0;
  ChainHash prev{};
  std::uint64_t retained_from = 1;  // the oldest event this till can still send again
};

inline constexpr std::size_t kMaxBatchEvents = 2000;
inline constexpr std::size_t kMaxBatchBytes = 8 << 20;  // uncompressed
inline constexpr std::size_t kMaxEventBytes = 1 << 20;

// Uncompressed text of a batch. events.size() is count and 1..kMaxBatchEvents; events hold no newline.
std::string write_batch(const BatchHead& head, std::span<const std::string_view> events);

struct BatchView {
  BatchHead head;
  std::vector<std::string_view> events;  // into the text given
};
// `text` must outlive the view. bad_format naming what is wrong: a missing head, a count that is not the lines', too
// large.
Result<BatchView> read_batch(std::string_view text);

}  // namespace tillside::wire
