// Which lines are open in this process, by number. A number that is closed, made up or of the parent process leads
// nowhere; a line stays until the last call on it has left.
#pragma once

#include "pos_adapter/plugin/line.h"
#include "pos_adapter/plugin/tillside_pos.h"

namespace tillside::pos {

inline constexpr int kMostHandles = 64;

// Both answer TILLSIDE_POS_WHY_NOTHING when done.
std::int32_t open_line(const Settings& settings, tillside_pos_handle& handle);
// `outcome`: TILLSIDE_POS_ANSWERED, CARRY_ON or NOT_KEPT.
std::int32_t close_line(tillside_pos_handle handle, std::int64_t deadline_ns, std::int32_t& outcome);

// A line held open for the length of a block.
class Entered {
 public:
  explicit Entered(tillside_pos_handle handle);
  ~Entered();
  Entered(const Entered&) = delete;
  Entered& operator=(const Entered&) = delete;

  std::int32_t why() const { return why_; }  // TILLSIDE_POS_WHY_NOTHING: there is a line
  Line& line() const { return *line_; }

 private:
  int slot_ = -1;
  std::int32_t why_;
  Line* line_ = nullptr;
};

}  // namespace tillside::pos
