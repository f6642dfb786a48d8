// The till's memory: opens the database, owns the writer, and is what the rest of the agent holds.
//
// Start-up survives a damaged file: it is set aside under a name that says so, counted, told to headquarters as an
// incident, and a fresh database begins; one that a newer version wrote is refused by name (too_new) and left alone. A
// fresh database has a provisional epoch and may not issue until headquarters was in contact. After a stop that was not
// clean the store serves at once and its pages are looked at meanwhile. Damage found so, or met while running, leaves a
// mark, so that the next start looks at every page first. Threads: everything here from any thread unless it says
// otherwise.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "agent/domain/clock.h"
#include "agent/domain/intake.h"
#include "agent/store/listeners.h"
#include "agent/store/page_check.h"
#include "agent/store/time_keeper.h"
#include "agent/store/writer.h"

namespace tillside::store {

class Store final : public CheckpointStore {
 public:
  struct Options {
    std::filesystem::path folder;  // private; holds tillside.db
    const Clock* clock = nullptr;  // required, outlives the store
    std::uint64_t reserve_bytes = 4 << 20;
    std::function<void()> on_events = {};                    // as if added to new_events() before anything is written
    std::function<void(const std::string&)> on_damage = {};  // found by the look at all pages; on a thread of its own
    bool on_callers_thread = false;                          // Writer::Options; and no look at all pages aside
  };
  static Result<std::unique_ptr<Store>> open(Options options);
  ~Store() override;

  Writer& writer() { return *writer_; }

  // The serial the next coupon of that key generation gets if no other comes between; 0: not known. A hint, never a
  // promise.
  std::uint32_t foreseen_serial(std::uint8_t generation) const {
    return session_->issuing().foreseen_serial(generation);
  }

  // The campaigns of which a coupon can still be issued here: CampaignsWithUnits.
  std::shared_ptr<const std::vector<std::uint32_t>> with_units() const { return session_->issuing().with_units(); }

  // What time it is, as far as headquarters vouches for it.
  TimeKeeper& time() { return time_; }
  const TimeKeeper& time() const { return time_; }

  // Who may have a coupon that headquarters told of.
  PersonFilter& persons() { return persons_; }

  // 32 random bytes made with this database: keys content digests, so that they tell nothing outside.
  const Bytes32& content_key() const { return content_key_; }
  // Files that were set aside at this start, e.g. "tillside.db.damaged-1".
  const std::vector<std::string>& set_aside() const { return set_aside_; }

  // The mark of damage is there: the next start will look at every page and set the database aside if it must.
  bool damage_found() const;

  // Point reads on a connection of their own, at most kReadDeadlineMs; storage_failed past it.
  static constexpr int kReadDeadlineMs = 250;
  Status read(const std::function<void(Session&)>& work);
  // A reading connection for one owner, who gives it up before the store goes. Throws SqliteFailure.
  std::unique_ptr<Database> open_reader(int cache_kib) const;

  const std::filesystem::path& folder() const { return options_.folder; }
  // Called on the writer's thread after each commit that appended events.
  Listeners& new_events() { return new_events_; }

  std::optional<std::string> get_checkpoint(const std::string& source) override;
  Status put_checkpoint(const std::string& source, const std::string& value) override;

  std::uint64_t database_bytes() const;
  std::uint64_t wal_bytes() const;

 private:
  explicit Store(Options options);
  Status open_database();
  Status prepare_new();
  void close();
  void check_pages_meanwhile();
  void keep_time();
  std::filesystem::path damage_mark() const;
  void mark_damage() const;
  std::filesystem::path unchecked_mark() const;
  void unmark(const std::filesystem::path& mark) const;

  const Options options_;
  const std::filesystem::path file_;
  Bytes32 content_key_{};
  std::vector<std::string> set_aside_;
  Listeners new_events_;
  TimeKeeper time_;
  PersonFilter persons_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Session> session_;
  std::unique_ptr<Writer> writer_;

  std::mutex read_mutex_;  // guards the reading connection
  std::unique_ptr<Database> read_database_;
  std::unique_ptr<Session> read_session_;
  std::unique_ptr<PageCheck> page_check_;  // after an unclean stop
};

}  // namespace tillside::store
