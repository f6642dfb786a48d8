// Follows what a POS writes: a drop folder of whole files, and files it appends to.
//
// Polls (portable, no file notification). Every document goes through CheckoutIntake in the file's order, at most
// `in_flight` unanswered. The checkpoint passes a document only when it is durably answered (recorded, duplicate,
// conflict, refused) or unreadable; `later` is delivered again, with a back-off. So a crash at any moment repeats some
// documents and loses none; repeating is harmless.
//
// Drop folder: *.xml, *.jsonl, *.json and *.csv that have not changed between two polls. Then they move to done/, with
// <name>.errors.txt beside them when documents were bad or refused, or to failed/ when nothing in them could be read.
//
// Appended file: known again by digests of its first bytes and of those before the offset, never by inode. Renamed and
// begun anew: the rest of the old file is read first, from its new name in the same folder. Cut short in place: read
// from the beginning.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/domain/clock.h"
#include "agent/domain/intake.h"
#include "pos_adapter/journal/reader.h"
#include "pos_adapter/journal/waiter.h"

namespace tillside::journal {

struct FollowerConfig {
  std::filesystem::path drop_folder;                  // empty: none
  std::vector<std::filesystem::path> appended_files;  // need not exist yet
  Mapping mapping = default_mapping();
  Defaults defaults;  // `now` is taken from the clock
  bool as_live = false;
  bool keep_done = true;  // false: files are erased once delivered
  std::size_t in_flight = 64;
  std::int64_t poll_ms = 500;
};

struct FollowerCounts {
  std::uint64_t recorded = 0, duplicate = 0, conflict = 0, refused = 0, later = 0;  // answers
  std::uint64_t unreadable = 0;                                                     // documents
  std::uint64_t files_done = 0, files_failed = 0, rotations = 0, rests_lost = 0;
};

// Something an operator may want to know. Never holds an identifier.
struct FollowerNote {
  enum class Kind : std::uint8_t {
    bad_document,  // unreadable or refused; `error`
    conflict,
    file_done,
    file_failed,
    rotated,
    rest_lost,       // an appended file was replaced and its old rest is nowhere to be found
    cannot_read,     // a file or folder; tried again at the next poll
    cannot_remember  // the checkpoint store failed; tried again at the next document
  };
  Kind kind = Kind::bad_document;
  std::string file;  // name, without its folder
  std::uint64_t line = 0;
  Error error;
};
const char* name_of(FollowerNote::Kind kind);

// start() once and stop() for good, from one thread. The intake, checkpoint store, clock and waiter must outlive it; an
// intake's late answers may come after stop() and even after destruction.
class Follower {
 public:
  using OnNote = std::function<void(const FollowerNote&)>;  // from the follower's thread; must not block

  Follower(FollowerConfig config, CheckoutIntake& intake, CheckpointStore& checkpoints, const Clock& clock,
           Waiter& waiter, OnNote on_note = {});
  ~Follower();  // stops
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  void start();
  void stop();  // does not wait for unanswered documents: they are delivered again by the next Follower

  // One look at everything, on the caller's thread, for use without start(). True when anything was delivered.
  bool poll();

  FollowerCounts counts() const;  // any thread

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tillside::journal
