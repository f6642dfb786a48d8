// Walks a print stream command by command, so that nobody looks for a command inside another one's data.
//
// Streaming: bytes may come in any pieces, cut anywhere; the same stream gives the same commands. Memory is bounded by
// kHeadBytes whatever comes: longer commands are handed over in pieces. Linear in time. One thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pos_adapter/escpos/command.h"

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

  // The stream ends here: what was held of a command that never became whole is handed over as Kind::unknown. The
  // next feed() begins at a command's boundary.
  void finish(Sink& sink);

  std::uint64_t fed() const { return fed_; }       // bytes fed so far
  std::string_view held() const { return held_; }  // the begun command not handed over yet, < kHeadBytes
  bool at_boundary() const { return held_.empty() && !inside(); }  // between two commands

  // Tests and restarts: which grammar the next command is read by.
  const Grammar& grammar() const { return grammar_; }

 private:
  enum class Stage : std::uint8_t { between, data, letters, image_head, images, nul, fields };

  bool inside() const { return stage_ != Stage::between; }
  std::string_view take_text(std::string_view bytes, Sink& sink);
  std::string_view take_head(std::string_view bytes, Sink& sink);
  std::string_view take_data(std::string_view bytes, Sink& sink);
  std::string_view take_counted(std::string_view bytes);
  std::size_t data_here(std::string_view bytes);
  void begin(std::string_view head, const Measure& measure, Sink& sink);
  void learn(Kind kind, std::string_view head, bool whole);

  Grammar grammar_;
  Stage stage_ = Stage::between;
  std::string held_;
  Measure measure_;
  std::uint64_t fed_ = 0;
  std::uint64_t left_ = 0;  // bytes to the end of this block of data
};

}  // namespace tillside::escpos
