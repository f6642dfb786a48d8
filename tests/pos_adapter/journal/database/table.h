// A table of a POS as the door sees it: rows come when the story says so, in any order and state of completeness.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "pos_adapter/journal/database/database_door.h"
#include "tests/fakes/fake_intake.h"
#include "tests/fakes/fake_waiter.h"
#include "tests/pos_adapter/journal/support.h"

namespace tillside::journal::testing {

class Table : public RowSource {
 public:
  std::vector<Column> columns = {{"id", ColumnKind::number},        {"ticket", ColumnKind::text},
                                 {"lane_id", ColumnKind::text},     {"occurred_at", ColumnKind::time},
                                 {"sku", ColumnKind::text},         {"quantity", ColumnKind::number},
                                 {"unit_price", ColumnKind::number}};
  std::map<Mark, Cells> rows;
  std::optional<Error> broken;                    // what every fetch says
  std::function<void(std::size_t)> before_fetch;  // with the number of fetches so far
  std::size_t fetches = 0, most_at_once = 0;
  bool interrupted = false;

  void put(Mark id, const std::string& ticket, const std::string& lane = "L1", const std::string& price = "1.00") {
    rows[id] = {std::to_string(id), ticket, lane, "2026-11-21 10:02:54", "7", "1", price};
  }

  Result<Rows> fetch(const RowsOrder& order) override {
    if (before_fetch) before_fetch(fetches);
    ++fetches;
    if (broken) return *broken;
    Rows out{columns, {}};
    const Mark after = *parse_mark(order.after, order.kind);
    for (auto at = rows.upper_bound(after); at != rows.end() && out.rows.size() < order.limit; ++at)
      out.rows.push_back(at->second);
    most_at_once = std::max(most_at_once, out.rows.size());
    return out;
  }
  void interrupt() override { interrupted = true; }
};

struct DoorStory {
  Table table;
  fakes::FakeIntake intake;
  fakes::FakeCheckpoints checkpoints;
  fakes::VirtualClock clock;
  fakes::FakeWaiter waiter{clock};
  std::vector<DatabaseNote> notes;
  DatabaseDoorConfig config;
  std::unique_ptr<DatabaseDoor> door;

  DoorStory() {
    config.query = "SELECT * FROM sales WHERE id > ? ORDER BY id";
    config.high_water = "id";
    config.defaults = defaults();
    config.rules.look_back = 20;
    open();
  }
  void open() {
    door = std::make_unique<DatabaseDoor>(
        config, DatabaseDoor::Parts{&table, &intake, &checkpoints, &clock, &waiter, [] { return std::uint64_t{12345}; },
                                    [this](const DatabaseNote& note) { notes.push_back(note); }});
  }
  std::int64_t poll(std::int64_t after_ms = 5000) {
    clock.advance(after_ms);
    return door->poll();
  }
  std::vector<std::string> tickets() const {
    std::vector<std::string> out;
    for (const std::string& identity : intake.order()) out.push_back(intake.checkout(identity).checkout_id);
    return out;
  }
  Checkout ticket(const std::string& id) const {
    for (const std::string& identity : intake.order())
      if (intake.checkout(identity).checkout_id == id) return intake.checkout(identity);
    ADD_FAILURE() << "no ticket " << id;
    return {};
  }
  int noted(DatabaseNote::Kind kind) const {
    int count = 0;
    for (const DatabaseNote& note : notes) count += note.kind == kind ? 1 : 0;
    return count;
  }
};

}  // namespace tillside::journal::testing
