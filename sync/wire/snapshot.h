// A snapshot of members: one file, resumable by ranges, checked by its BLAKE2b-256 digest.
//
//   "TSMEMB01" | rows u64 big-endian | rows x ( hash 16 bytes | length u8 | record bytes ), sorted by hash, no
//   duplicates
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "agent/domain/ids.h"
#include "agent/domain/member.h"
#include "agent/domain/result.h"

namespace tillside::wire {

inline constexpr std::string_view kSnapshotMagic = "TSMEMB01";

void append_snapshot_head(std::string& out, std::uint64_t rows);
void append_snapshot_row(std::string& out, const IdHash& hash, std::string_view record);  // record at most 255 bytes

// Streams a snapshot fed in pieces of any size. Calls row() for each; bad_format on wrong magic, order or length.
class SnapshotReader {
 public:
  using Row = std::function<Status(const IdHash&, std::string_view record)>;
  explicit SnapshotReader(Row row);
  Status feed(std::string_view bytes);
  // After the last piece: rows and digest as promised, or bad_format.
  Status finish(std::uint64_t expected_rows, const Bytes32& expected_digest);
  ~SnapshotReader();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tillside::wire
