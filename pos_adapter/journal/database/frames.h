// What the agent and tillside-odbc say to each other over two pipes of one machine.
//
// A frame is a letter, a count (u32) and that many fields; a field is a length (u32) and its bytes, 0xFFFFFFFF for
// NULL.
//   agent:  Q connection query kind after limit timeout_s bytes   one order; kind is "integer" or "time"
//   helper: C name kind ...      the columns, once
//           R cell ...           a row
//           E code detail        instead of the rest: "unavailable", "refused" or "bad_format"
//           D                    that was all
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tillside::journal {

struct Frame {
  char letter = 0;
  std::vector<std::optional<std::string>> fields;
  std::string text(std::size_t index) const {
    return index < fields.size() ? fields[index].value_or("") : std::string();
  }
};

inline constexpr std::size_t kMostFields = 512, kMostFieldBytes = 1 << 20;

std::string write_frame(const Frame& frame);

// Takes the first frame off `bytes`. nullopt: it is not all there yet, or (broken) the bytes are none.
std::optional<Frame> take_frame(std::string& bytes, bool& broken);

}  // namespace tillside::journal
