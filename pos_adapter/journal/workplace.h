// What the follower's two habits (appended files, drop folder) share: config, doors, counts, notes.
#pragma once

#include <mutex>
#include <string>

#include "pos_adapter/journal/deliveries.h"
#include "pos_adapter/journal/follower.h"
#include "pos_adapter/journal/place.h"

namespace tillside::journal {

inline constexpr std::size_t kChunk = 256 << 10;  // bytes read at a time

class Workplace {
 public:
  Workplace(FollowerConfig configured, CheckoutIntake& intake, CheckpointStore& checkpoints, const Clock& clock,
            Waiter& waiter, Follower::OnNote on_note);

  // Counts an answer and notes what an operator may want to know of it.
  void tell(const std::string& file, const Answered& answered);
  void note(FollowerNote::Kind kind, const std::string& file, Error error = {}, std::uint64_t line = 0);
  void remember(const std::string& source, const std::string& value);
  Defaults defaults() const;  // as of now
  FollowerCounts counts() const;

  const FollowerConfig config;
  CheckpointStore& checkpoints;
  const Clock& clock;
  Deliveries deliveries;

 private:
  Follower::OnNote on_note_;
  mutable std::mutex mutex_;
  FollowerCounts counts_;  // guarded by mutex_
};

}  // namespace tillside::journal
