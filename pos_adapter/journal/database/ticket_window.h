// Which tickets of a table that is still being written to are whole. Pure: rows come in, settled tickets come out.
//
// A POS may write a ticket row by row without a transaction, lanes write between each other's rows, and the order of
// numbers is not the order of commits. So the table is read in passes, each from `base()` on, which lies `look_back`
// behind the newest mark; rows are put together by ticket, not by their neighbours; and a ticket is settled when
//   - it was the same in the pass before, and a later ticket of its lane exists or it has not changed for a while; or
//   - its last row lies `look_back` behind the newest: nothing is expected there any more.
// A ticket that was settled before and is unchanged does not come out again; a changed one does.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pos_adapter/journal/database/mark.h"
#include "pos_adapter/journal/mapping.h"

namespace tillside::journal {

// Cells by Field, the cancellation's last; kept in one text.
class KeptRow {
 public:
  static constexpr std::size_t kCells = kFields + 1;
  KeptRow() = default;
  explicit KeptRow(const std::array<std::string, kCells>& cells);
  std::string_view cell(std::size_t index) const;
  const std::string& text() const { return text_; }

  std::optional<Error> error;  // the row cannot be read; so cannot its ticket

 private:
  std::string text_;
  std::array<std::uint32_t, kCells> ends_{};
};

struct RowAt {
  Mark mark = 0;
  std::string ticket;  // whatever tells this ticket from others, lane and day included
  std::string lane;    // of one position, which has one ticket at a time
  KeptRow row;
};

struct TicketRows {
  std::string ticket, lane;
  Mark first = 0, last = 0;
  std::vector<KeptRow> rows;  // in the query's order, at most kMaxLines + 1
  std::uint64_t digest = 0;
};

class TicketWindow {
 public:
  struct Rules {
    std::int64_t look_back = 500;  // numbers, or milliseconds
    std::int64_t settled_after_ms = 10'000;
    std::size_t most_rows = 50'000;  // held at once; beyond, the oldest tickets are settled as they are
  };

  TicketWindow(const Rules& rules, Mark base) : rules_(rules), base_(base), newest_(base) {}

  void begin_pass(std::int64_t now_ms);
  void add(RowAt row);  // marks never go back within a pass
  // Those that nothing is expected of any more; for use between chunks of a long pass. Moves the base behind them.
  std::vector<TicketRows> passed();
  // Every row there is has been added: all that are settled, in the order of their first rows. Moves the base.
  std::vector<TicketRows> end_pass();
  void abandon_pass();             // the rows did not all come
  std::vector<TicketRows> rest();  // all of this pass that did not come out, settled or not; ends the pass

  Mark base() const { return base_; }                // the next pass begins above it
  std::size_t open() const { return open_; }         // tickets not settled at the last pass's end
  std::size_t seen() const { return seen_.size(); }  // tickets of this pass that have not come out
  bool overflowed() const { return overflowed_; }

 private:
  struct Known {
    std::uint64_t digest = 0;
    std::int64_t since_ms = 0;  // first seen so
    bool given = false;         // out already
    Mark first = 0, last = 0;
  };

  bool settled(const TicketRows& ticket, const std::map<std::string, Mark>& newest_of_lane) const;
  void give(TicketRows&& ticket, std::vector<TicketRows>& out);
  void move_base(Mark base);

  Rules rules_;
  Mark base_, newest_;
  std::int64_t now_ms_ = 0;
  std::map<std::string, Known> known_;      // as of the last whole pass
  std::map<std::string, TicketRows> seen_;  // in this pass
  std::map<std::string, Known> next_;
  std::size_t rows_ = 0, open_ = 0;
  bool overflowed_ = false;
};

}  // namespace tillside::journal
