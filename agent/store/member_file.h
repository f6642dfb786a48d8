// One generation of the member replica: a SQLite file of its own, members-<n>.db, and the connection that writes and
// checkpoints it. Private to the store room; throws SqliteFailure. One thread at a time.
//
// A generation is loaded under the name members-<n>.new and renamed once it is whole and synced: what a crash leaves
// under that name is thrown away.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/member.h"
#include "agent/store/session.h"
#include "agent/store/sqlite.h"
#include "sync/wire/messages.h"

namespace tillside::store {

// What the replica knows of itself; a few rows of meta, written with the changes they speak of.
struct ReplicaState {
  ReplicaFacts facts;
  std::string held;           // name and digest of the snapshot underneath, empty: none
  std::uint64_t version = 0;  // of that snapshot
  std::optional<wire::MembersCheckpoint> wanted;
  std::optional<wire::MembersCheckpoint> settles;  // the checkpoint that ends a replacement without a snapshot
  std::optional<Instant> newest;                   // as of which the changes in here are, also while it is incomplete
  bool begun = false;                              // everything since the beginning of headquarters' log went in here
  bool replacing = false;                          // the rows are of another history and wait to be replaced
};

class MemberFile {
 public:
  // At 10 million rows 8 and 16 KiB pages find a row equally fast; a change writes half as much with the smaller.
  // docs/membership.md has the measurements.
  static constexpr int kPageSize = 8192;

  enum class How { use, load };
  // load: a new file without journal or syncs; whoever loads it makes it durable.
  MemberFile(const std::filesystem::path& file, How how);

  Database& database() { return database_; }
  Meta& meta() { return meta_; }

  ReplicaState load_state();
  void save_state(const ReplicaState& state);
  bool has_rows();

  void put(const IdHash& hash, std::string_view record);  // an empty record erases
  // Remembers a change for the next snapshot. version 0: not told.
  void put_later(const IdHash& hash, std::string_view record, std::uint64_t version);
  void forget_later();
  // Drops what a snapshot of this version already holds, when versions are told.
  void forget_later_up_to(std::uint64_t version);
  // row(hash, record, version) for each, in order of hash.
  template <class Row>
  void each_later(std::uint64_t above_version, Row row) {
    Statement rows = database_.prepare("SELECT h,r,v FROM later WHERE v=0 OR v>? ORDER BY h");
    rows.with(above_version);
    while (rows.step()) row(hash_of(rows.blob(0)), rows.blob(1), static_cast<std::uint64_t>(rows.integer(2)));
  }

  static IdHash hash_of(std::string_view bytes);

 private:
  Database database_;
  std::filesystem::path file_;
  bool tables_ready_;
  Meta meta_;
  Statement put_, erase_, put_later_;
};

// members-<n>.db
std::filesystem::path member_file_path(const std::filesystem::path& folder, std::uint64_t generation);
std::filesystem::path member_loading_path(const std::filesystem::path& folder, std::uint64_t generation);
// Generations in the folder, rising.
std::vector<std::uint64_t> member_generations(const std::filesystem::path& folder);
// The file, its companions and what was being loaded for it.
void remove_member_file(const std::filesystem::path& folder, std::uint64_t generation);

// How a held snapshot is told from another: by name and digest.
std::string snapshot_key(const wire::MembersCheckpoint& checkpoint);

}  // namespace tillside::store
