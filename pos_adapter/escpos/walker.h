// Walks a print stream command by command, so that nobody looks for a command inside another one's data.
//
// Streaming: bytes may come in any pieces, cut anywhere; the same stream gives the same commands. Memory is bounded by
// kHeadBytes whatever comes: longer commands are handed over in pieces. Linear in time. One thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pos_adapter/escpos/command.h"
#include "pos_adapter/escpos/tail.h"

namespace tillside::escpos {

// One command, or the first bytes of a long one.
struct Command {
  Kind kind = Kind::unknown;
  std::uint64_t at = 0;     // where its first byte stands in the stream, counted from 0
  std::string_view head;    // its first bytes, introducer included: all of them, or the first kHeadBytes of a longer
                            // command. Valid during the call only
  bool whole = true;        // head is all; otherwise data() follows until it is told the last piece
  bool to_display = false;  // the pole display was chosen, not the printer: nothing of it reaches the paper

  std::uint8_t parameter(std::size_t index) const {  // byte `index` of head, 0 behind its end: ESC a n has n at 2
    return index < head.size() ? static_cast<std::uint8_t>(head[index]) : 0;
  }
};

// Where the walker hands things over, in the order of the stream and without a gap: every byte is in exactly one text
// run, one head or one piece of data.
class Sink {
 public:
  virtual ~Sink() = default;

  // A run of text as it stands on the wire, in whatever encoding. It may begin and end within a character of two or
  // more bytes: runs that follow each other at once (`at` + size) belong together.
  virtual void text(std::uint64_t at, std::string_view bytes, bool to_display) = 0;

  virtual void command(const Command& command) = 0;

  // More of the command told last (which was not whole): pictures, code data, NV images. `last`: it is complete. The
  // last piece may be empty.
  virtual void data(std::uint64_t at, std::string_view bytes, bool last) = 0;
};

class Walker {
 public:
  // `bytes` follow what was fed before. Calls the sink with all that is known by then.
  void feed(std::string_view bytes, Sink& sink);

  // The stream ends here: a command that never became whole is handed over as Kind::unknown, or its data closed. The
  // next feed() begins between two commands.
  void finish(Sink& sink);

  std::uint64_t fed() const { return fed_; }  // bytes fed so far
  std::string_view held() const {             // of a begun command, not handed over yet: fewer than kHeadBytes
    return handed_over_ ? std::string_view() : held_;
  }
  bool between_commands() const { return held_.empty(); }
  const Grammar& grammar() const { return grammar_; }

 private:
  std::string_view take_text(std::string_view bytes, Sink& sink);
  std::string_view take_head(std::string_view bytes, Sink& sink);
  std::string_view take_tail(std::string_view bytes, Sink& sink);
  void deliver(std::string_view piece, bool last, Sink& sink);
  void end_command();
  void learn();

  Grammar grammar_, grammar_before_;  // of the next command; of the one told last
  std::string held_;                  // the head of the command that is being read; empty between commands
  Tail tail_;
  Kind kind_ = Kind::unknown;
  bool measured_ = false, handed_over_ = false;
  std::uint64_t fed_ = 0;
};

}  // namespace tillside::escpos
