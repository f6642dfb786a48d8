// Who is in the group: the local replica of headquarters' members, found by hashed identifier in a few microseconds.
//
// It lives in SQLite files of its own (members-<generation>.db), because it is rebuilt from headquarters at will: its
// damage never touches the till's database, and a load of millions of rows swells nobody's WAL. Opening does not depend
// on the number of members and nothing is held in memory but two small page caches. docs/membership.md tells how
// snapshots and changes meet.
//
// Threads: find() and facts() from any thread, while one other thread applies changes or imports a snapshot; a lookup
// waits for another lookup only, never for a writer.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/domain/member.h"
#include "agent/domain/result.h"
#include "agent/store/member_file.h"
#include "sync/wire/messages.h"

namespace tillside::store {

class Members {
 public:
  struct Options {
    std::filesystem::path folder;  // private, exists
    int reader_cache_kib =
        3072;  // room for all inner pages at 10 million members; used only as far as there are such pages
  };
  // A damaged file is set aside and an empty replica begins, which knows nothing and says so.
  static Result<std::unique_ptr<Members>> open(Options options);
  ~Members();

  // nullopt: no such identifier, or it could not be read; then facts() claim nothing for a second, so that a verdict
  // made of both is "unknown" and never "not a member". Ask facts() after the lookups it is to speak for.
  std::optional<MemberRecord> find(const IdHash& hash);
  ReplicaFacts facts() const;

  // Where a page of changes stands in headquarters' stream.
  struct Page {
    bool from_nothing = false;  // the first page of everything: what is known is replaced once all has come
    bool more = false;          // another page follows at once
    Instant as_of;
  };
  // Takes the member changes and checkpoints among `changes`, in order; the rest is not looked at. Durable on return,
  // harmless when repeated.
  Status apply(std::span<const wire::Change> changes, const Page& page);

  // The snapshot the newest checkpoint named, when it is not the one underneath.
  std::optional<wire::MembersCheckpoint> wanted() const;
  // Builds the next generation from the snapshot file and the changes that are newer, and swaps it in while lookups go
  // on. bad_format when the file does not keep what the checkpoint promises; conflict when it is no longer wanted.
  Status import_snapshot(const std::filesystem::path& snapshot, const wire::MembersCheckpoint& checkpoint);

  // True until a stream from nothing began here: changes after any cursor would leave holes.
  bool needs_everything() const;
  // Replaces a file that turned out damaged by an empty one; true when it had to. Called by the sync thread.
  bool mend();
  // Files set aside since the start, e.g. "members-3.db.damaged-1".
  std::vector<std::string> set_aside() const;
  std::uint64_t bytes() const;  // of the replica on disk

 private:
  struct Reader;
  explicit Members(Options options);
  Status open_newest();
  Status begin_empty();
  Status use(std::uint64_t generation);
  void put_aside(std::uint64_t generation);
  bool mend_locked();
  void publish(const ReplicaState& state);
  std::nullopt_t doubt(bool damaged);

  ReplicaState take(std::span<const wire::Change> changes, const Page& page);
  void take_page(const Page& page, ReplicaState& next);
  void take_checkpoint(const wire::MembersCheckpoint& checkpoint, ReplicaState& next);
  bool worth_writing(std::span<const wire::Change> changes, const Page& page) const;

  Status rebuild(const std::filesystem::path* snapshot, const wire::MembersCheckpoint* checkpoint);
  Status load(const std::filesystem::path& loading, const std::filesystem::path* snapshot,
              const wire::MembersCheckpoint* checkpoint);

  const Options options_;

  std::mutex write_mutex_;  // guards the four below
  std::unique_ptr<MemberFile> file_;
  std::uint64_t generation_ = 0;
  ReplicaState state_;
  std::optional<Instant> written_;  // state_.newest as it is on disk

  std::mutex read_mutex_;  // guards the reader
  std::unique_ptr<Reader> reader_;

  mutable std::mutex facts_mutex_;  // guards the two below
  ReplicaState published_;
  std::vector<std::string> set_aside_;

  std::atomic<bool> damaged_{false};
  std::atomic<std::int64_t> doubt_until_ns_{0};  // steady clock
  std::atomic<std::uint64_t> shown_generation_{0};
};

}  // namespace tillside::store
