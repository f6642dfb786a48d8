// Snapshot files for tests.
#pragma once

#include <sodium.h>

#include <map>
#include <random>

#include "sync/wire/snapshot.h"
#include "tests/agent/store/support.h"

namespace tillside::store::test {

using Rows = std::map<IdHash, std::string>;

inline IdHash random_hash(std::mt19937_64& random) {
  IdHash hash{};
  for (auto& byte : hash) byte = static_cast<std::uint8_t>(random());
  return hash;
}

inline std::string record_with(std::uint32_t person) {
  MemberRecord record;
  record.stores = {person % 1000};
  record.person = person + 1;
  return encode_member(record);
}

inline std::string snapshot_text(const Rows& rows) {
  std::string text;
  wire::append_snapshot_head(text, rows.size());
  for (const auto& [hash, record] : rows) wire::append_snapshot_row(text, hash, record);
  return text;
}

inline wire::MembersCheckpoint checkpoint_of(const std::string& name, const std::string& text, std::uint64_t rows,
                                             std::uint64_t version = 0) {
  wire::MembersCheckpoint checkpoint;
  checkpoint.snapshot = name;
  checkpoint.rows = rows;
  checkpoint.bytes = text.size();
  checkpoint.version = version;
  checkpoint.covered_types = 1u << static_cast<int>(IdType::phone);
  crypto_generichash(checkpoint.digest.data(), checkpoint.digest.size(),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
  return checkpoint;
}

inline wire::Change change_of(const IdHash& hash, std::string record, std::uint64_t version = 0) {
  wire::Change change;
  change.kind = wire::ChangeKind::member;
  change.member = {hash, std::move(record), version};
  return change;
}

inline wire::Change change_of(const wire::MembersCheckpoint& checkpoint) {
  wire::Change change;
  change.kind = wire::ChangeKind::members_checkpoint;
  change.checkpoint = checkpoint;
  return change;
}

}  // namespace tillside::store::test
