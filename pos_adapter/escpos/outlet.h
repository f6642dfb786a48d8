// The bytes on their way to the printer, in order, with gates among them: places where a block of ours may go in,
// closed until it is known whether one does. Pure.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillside::escpos {

class Outlet {
 public:
  void append(std::string_view bytes);
  void gate(std::uint64_t number);  // behind all that was appended; numbers are never 0

  // The gate at the front, when all before it is written.
  std::optional<std::uint64_t> closed_gate() const;
  // Replaces that gate by the block, which may be empty.
  void open(std::string block);

  // What can be written now; empty when nothing is there or a gate is closed.
  std::string_view ready() const;
  bool ready_is_ours() const { return !pieces_.empty() && pieces_.front().number != 0; }
  // The first `size` bytes of ready() were written. A block whose last byte this was is named once by take_printed().
  void written(std::size_t size);
  std::vector<std::uint64_t> take_printed();

  bool empty() const { return pieces_.empty(); }
  std::size_t waiting() const { return waiting_; }  // bytes
  // Throws away what was not written, gates included; the numbers of gates and of blocks not wholly written.
  std::vector<std::uint64_t> clear();

 private:
  struct Piece {
    std::string bytes;
    std::uint64_t number = 0;  // of a gate or a block of ours
    bool closed = false;
  };
  std::deque<Piece> pieces_;
  std::size_t from_ = 0;  // of the first piece, written already
  std::size_t waiting_ = 0;
  std::vector<std::uint64_t> printed_;
};

}  // namespace tillside::escpos
