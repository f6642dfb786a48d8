// Polls a POS's database with a read-only query and hands in each ticket once it is whole.
//
// One thread of its own, which alone touches the RowSource. A pass reads from the checkpoint on, in chunks of `chunk`
// rows; what is settled (ticket_window.h) goes through the CheckoutIntake in order, at most `in_flight` unanswered;
// then the checkpoint moves. So a crash at any moment repeats some tickets and loses none; repeating is harmless. A
// database that is away is asked again after a pause that grows to `longest_pause_ms`, drawn anew each time (full
// jitter). Nothing waits for this door: no sale, and no other door.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "agent/domain/clock.h"
#include "agent/domain/intake.h"
#include "pos_adapter/journal/database/row_source.h"
#include "pos_adapter/journal/database/ticket_window.h"
#include "pos_adapter/journal/reader.h"
#include "pos_adapter/journal/waiter.h"

namespace tillside::journal {

struct DatabaseDoorConfig {
  std::string query;       // with one `?`, ordered by the high-water column
  std::string high_water;  // that column's name
  MarkKind kind = MarkKind::integer;
  Mark start = 0;  // only rows above it are ever read
  TicketWindow::Rules rules;
  Mapping mapping = default_mapping();
  Defaults defaults;  // `now` is taken from the clock
  bool as_live = false;
  std::size_t chunk = 2000, in_flight = 64;
  std::int64_t poll_ms = 5000, longest_pause_ms = 300'000;
};

struct DatabaseCounts {
  std::uint64_t recorded = 0, duplicate = 0, conflict = 0, refused = 0, later = 0;  // answers
  std::uint64_t unreadable = 0, rows = 0, passes = 0, failures = 0;
  std::uint64_t open = 0;  // tickets seen and not settled yet
};

// Something an operator may want to know. Never holds an identifier, a password or a connection string.
struct DatabaseNote {
  enum class Kind : std::uint8_t {
    away,          // cannot be reached, or too slow; said once until it is back
    not_let_in,    // the database refuses this account
    query_failed,  // the query, or what it gives, is not what was agreed; `error` names the column
    back,
    bad_document,  // unreadable or refused; `error`
    conflict,
    window_full,     // more rows are open than may be held: the oldest tickets were taken as they were
    cannot_remember  // the checkpoint store failed
  };
  Kind kind = Kind::away;
  Error error;
};
const char* name_of(DatabaseNote::Kind kind);

// start() once and stop() for good, from one thread. What it is given must outlive it; an intake's late answers may
// come after stop() and even after destruction.
class DatabaseDoor {
 public:
  using OnNote = std::function<void(const DatabaseNote&)>;  // from the door's thread; must not block
  struct Parts {
    RowSource* source = nullptr;
    CheckoutIntake* intake = nullptr;
    CheckpointStore* checkpoints = nullptr;
    const Clock* clock = nullptr;
    Waiter* waiter = nullptr;
    std::function<std::uint64_t()> random;  // any 64 bits, for the pauses
    OnNote on_note;                         // may be empty
  };

  DatabaseDoor(DatabaseDoorConfig config, Parts parts);
  ~DatabaseDoor();  // stops
  DatabaseDoor(const DatabaseDoor&) = delete;
  DatabaseDoor& operator=(const DatabaseDoor&) = delete;

  void start();
  void stop();  // does not wait for the database nor for unanswered documents

  // One pass, on the caller's thread, for use without start(). How long to wait before the next, in ms.
  std::int64_t poll();

  DatabaseCounts counts() const;  // any thread

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The documents of a first look, for the integrator: nothing is handed in, nothing remembered, and what is not settled
// yet is shown too. Stops after `most`. Errors as RowSource::fetch, or missing_field for a column.
using EachTicket = std::function<void(const Document&)>;
Status look_at(RowSource& source, const DatabaseDoorConfig& config, std::size_t most, const EachTicket& each);

}  // namespace tillside::journal
