// What a line was opened with, checked and completed, in room of its own.
#pragma once

#include "pos_adapter/plugin/connection.h"
#include "pos_adapter/plugin/files.h"
#include "pos_adapter/plugin/queue.h"
#include "pos_adapter/plugin/tillside_pos.h"

namespace tillside::pos {

struct Settings {
  char local[2][108] = {};
  char token_file[kMostPath] = {};
  char spool[kMostPath] = {};
  std::uint16_t port = 0;  // 0: no TCP
  std::int64_t deadline_ns = 0, connect_ns = 0;
  bool english = false;
  Queue::Limits limits;

  // `options`: in today's form. TILLSIDE_POS_WHY_NOTHING, or why not.
  std::int32_t take(const tillside_pos_options& options);
  Addresses addresses() const;
};

// What a call may take that says `ms`.
std::int64_t deadline_of(std::uint32_t ms, std::int64_t usual_ns);

}  // namespace tillside::pos
