#include "pos_adapter/journal/database/database_door.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "pos_adapter/journal/database/row_pass.h"
#include "pos_adapter/journal/deliveries.h"
#include "pos_adapter/journal/place.h"

namespace tillside::journal {
namespace {

constexpr std::int64_t kFirstPauseMs = 1000;
constexpr std::size_t kMoreThanWanted = 10;  // tickets behind those that are shown, so that these are whole

// Another query, another start or another column is another journal, read from its own start.
std::string source_of(const DatabaseDoorConfig& config) {
  const std::uint64_t digest =
      digest_of(config.query + '\n' + config.high_water + '\n' + format_mark(config.start, config.kind));
  return "database:" + std::to_string(digest);
}

DatabaseNote::Kind kind_of(const Error& error) {
  if (error.code == ErrorCode::unavailable) return DatabaseNote::Kind::away;
  return error.code == ErrorCode::refused ? DatabaseNote::Kind::not_let_in : DatabaseNote::Kind::query_failed;
}

}  // namespace

struct DatabaseDoor::Impl {
  Impl(DatabaseDoorConfig settings, Parts given)
      : config(std::move(settings)),
        parts(std::move(given)),
        source(source_of(config)),
        deliveries(*parts.intake, *parts.waiter, config.as_live, config.in_flight) {}

  std::int64_t poll() {
    if (!window) window.emplace(config.rules, kept_mark());
    const Status done = pass();
    if (deliveries.stopped()) return 0;
    {
      const std::lock_guard lock(mutex);
      counts.passes += done.ok() ? 1 : 0;
      counts.failures += done.ok() ? 0 : 1;
      counts.open = window->open();
      counts.later = deliveries.put_off();
    }
    if (!done.ok()) return failed(done.error());
    if (failing) note(DatabaseNote::Kind::back, {});
    failing.reset();
    pause_ms = 0;
    return config.poll_ms;
  }

  Mark kept_mark() {
    const auto kept = parts.checkpoints->get_checkpoint(source);
    const auto mark = kept ? parse_mark(*kept, config.kind) : Result<Mark>(config.start);
    remembered = mark.ok() ? std::max(*mark, config.start) : config.start;
    return remembered;
  }

  // The window is let go of whenever rows did not come whole: the next pass begins at the same base.
  Status pass() {
    window->begin_pass(parts.clock->monotonic_ms());
    RowPass rows(*parts.source, config);
    config.defaults.now = parts.clock->now();
    Status read = rows.read(
        window->base(), [&](RowAt row) { window->add(std::move(row)); },
        [&] {
          const bool going = hand_in(rows, window->passed());
          if (window->overflowed()) note_once(DatabaseNote::Kind::window_full);
          return going;
        });
    add_rows(rows.rows());
    if (!read.ok() || deliveries.stopped()) {
      window->abandon_pass();
      return read;
    }
    if (hand_in(rows, window->end_pass())) remember();
    return {};
  }

  bool hand_in(const RowPass& rows, const std::vector<TicketRows>& tickets) {
    for (const TicketRows& ticket : tickets) {
      Document document{0, 0, 0, 0, rows.shape().checkout(ticket, config.defaults)};
      if (!deliveries.give(std::move(document), on_answer())) return false;
    }
    if (!tickets.empty() && !deliveries.settle(on_answer())) return false;
    if (!tickets.empty()) remember();
    return !deliveries.stopped();
  }

  Deliveries::OnAnswer on_answer() {
    return [this](const Answered& answered) {
      const auto kind = answered.delivery.kind;
      {
        const std::lock_guard lock(mutex);
        counts.recorded += kind == Delivery::Kind::recorded ? 1 : 0;
        counts.duplicate += kind == Delivery::Kind::duplicate ? 1 : 0;
        counts.conflict += kind == Delivery::Kind::conflict ? 1 : 0;
        counts.refused += kind == Delivery::Kind::refused && !answered.unreadable ? 1 : 0;
        counts.unreadable += answered.unreadable ? 1 : 0;
      }
      const Error error = answered.delivery.error.value_or(Error{});
      if (kind == Delivery::Kind::refused) note(DatabaseNote::Kind::bad_document, error);
      if (kind == Delivery::Kind::conflict) note(DatabaseNote::Kind::conflict, error);
    };
  }

  void add_rows(std::uint64_t rows) {
    const std::lock_guard lock(mutex);
    counts.rows += rows;
  }

  void remember() {
    if (window->base() == remembered) return;
    const Status put = parts.checkpoints->put_checkpoint(source, format_mark(window->base(), config.kind));
    if (!put.ok()) return note(DatabaseNote::Kind::cannot_remember, put.error());
    remembered = window->base();
  }

  // Said when it begins and when it becomes something else, not each time.
  std::int64_t failed(const Error& error) {
    const auto kind = kind_of(error);
    if (!failing || *failing != kind) note(kind, error);
    failing = kind;
    pause_ms = std::clamp(pause_ms * 2, kFirstPauseMs, config.longest_pause_ms);
    return static_cast<std::int64_t>(parts.random() % static_cast<std::uint64_t>(pause_ms)) + 1;
  }

  void note(DatabaseNote::Kind kind, Error error) {
    if (parts.on_note) parts.on_note({kind, std::move(error)});
  }
  void note_once(DatabaseNote::Kind kind) {
    if (std::exchange(told_full, true)) return;
    note(kind, {});
  }

  void run() {
    while (!deliveries.stopped()) {
      const std::int64_t pause = poll();
      if (!deliveries.stopped()) parts.waiter->wait(pause);
    }
  }

  DatabaseDoorConfig config;
  const Parts parts;
  const std::string source;
  Deliveries deliveries;
  std::optional<TicketWindow> window;
  Mark remembered = 0;
  std::optional<DatabaseNote::Kind> failing;
  std::int64_t pause_ms = 0;
  bool told_full = false;
  mutable std::mutex mutex;
  DatabaseCounts counts;  // guarded by mutex
  std::thread thread;
};

DatabaseDoor::DatabaseDoor(DatabaseDoorConfig config, Parts parts)
    : impl_(std::make_unique<Impl>(std::move(config), std::move(parts))) {}

DatabaseDoor::~DatabaseDoor() { stop(); }

void DatabaseDoor::start() {
  if (!impl_->thread.joinable()) impl_->thread = std::thread([this] { impl_->run(); });
}

void DatabaseDoor::stop() {
  impl_->deliveries.stop();
  impl_->parts.source->interrupt();
  impl_->parts.waiter->wake();
  if (impl_->thread.joinable()) impl_->thread.join();
}

std::int64_t DatabaseDoor::poll() { return impl_->poll(); }

DatabaseCounts DatabaseDoor::counts() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->counts;
}

Status look_at(RowSource& source, const DatabaseDoorConfig& config, std::size_t most, const EachTicket& each) {
  TicketWindow::Rules rules = config.rules;
  TicketWindow window(rules, config.start);
  window.begin_pass(0);
  RowPass rows(source, config);
  std::vector<TicketRows> found;
  const auto gather = [&](std::vector<TicketRows> tickets) {
    for (TicketRows& ticket : tickets) found.push_back(std::move(ticket));
  };
  Status read = rows.read(
      config.start, [&](RowAt row) { window.add(std::move(row)); },
      [&] {
        gather(window.passed());
        return found.size() + window.seen() < most + kMoreThanWanted;
      });
  if (!read.ok()) return read;
  gather(window.rest());
  for (std::size_t i = 0; i < found.size() && i < most; ++i)
    each({0, 0, 0, 0, rows.shape().checkout(found[i], config.defaults)});
  return {};
}

const char* name_of(DatabaseNote::Kind kind) {
  switch (kind) {
    case DatabaseNote::Kind::away:
      return "away";
    case DatabaseNote::Kind::not_let_in:
      return "not_let_in";
    case DatabaseNote::Kind::query_failed:
      return "query_failed";
    case DatabaseNote::Kind::back:
      return "back";
    case DatabaseNote::Kind::bad_document:
      return "bad_document";
    case DatabaseNote::Kind::conflict:
      return "conflict";
    case DatabaseNote::Kind::window_full:
      return "window_full";
    case DatabaseNote::Kind::cannot_remember:
      return "cannot_remember";
  }
  return "";
}

}  // namespace tillside::journal
