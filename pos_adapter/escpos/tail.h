// Where a command ends whose measure is known: takes its bytes as they come, in any pieces. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "pos_adapter/escpos/command.h"

namespace tillside::escpos {

class Tail {
 public:
  Tail() = default;
  // `seen` bytes of the command were looked at to measure it; `measure` does not ask for more.
  Tail(const Measure& measure, std::size_t seen);

  // How many of `bytes`, the next of the stream, belong to the command. All of them unless done() afterwards.
  std::size_t take(std::string_view bytes);
  bool done() const { return done_; }

 private:
  std::size_t take_counted(std::string_view bytes);
  std::size_t take_until_nul(std::string_view bytes);
  std::size_t take_rising(std::string_view bytes);
  std::size_t take_fields(std::string_view bytes);
  std::size_t take_blocks(std::string_view bytes);
  void begin_block(std::uint8_t byte);

  Measure measure_;
  std::uint64_t left_ = 0;       // bytes to the end, of the command or of this block
  std::uint8_t size_bytes_ = 0;  // of this block's size, seen so far
  std::uint8_t size_[4] = {};    // of this block
  std::uint8_t last_value_ = 0;
  bool done_ = true;
};

}  // namespace tillside::escpos
