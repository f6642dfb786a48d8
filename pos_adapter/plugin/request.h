// What is said to the agent, and what its answer means.
#pragma once

#include "pos_adapter/plugin/connection.h"
#include "pos_adapter/plugin/verbs.h"

namespace tillside::pos {

inline constexpr std::size_t kMostToken = 512;

// The head of a request, in room of its own.
class RequestHead {
 public:
  // `token`: at most kMostToken visible characters, empty for none.
  void post(Verb verb, std::size_t body_size, Text token, bool english);
  void get(Text path);
  Text text() const { return {room_, size_}; }

 private:
  void put(Text text);
  char room_[1024];
  std::size_t size_ = 0;
};

// What came of a call; after the first two, the numbers of TILLSIDE_POS_WHY_ that say the same.
enum class Verdict : std::uint8_t {
  good = 0,       // what was asked for; of a durable verb: the agent has it
  refused = 100,  // the document is wrong
  absent = 1,
  slow = 2,
  broken_off = 3,
  garbled = 4,
  no_token = 6,
  not_ready = 7,
  busy = 9,
  refused_there = 12,
};

inline constexpr int kConflict = 409;  // refused, but both documents are kept

// What the answer says. A stranger's answer is never taken for the agent's word that it has a document.
Verdict judge(Verb verb, const HttpAnswer& answer);

// Whether the agent cannot be reached at all, as opposed to having said no.
inline bool is_out_of_reach(Verdict verdict) {
  return verdict == Verdict::absent || verdict == Verdict::slow || verdict == Verdict::broken_off ||
         verdict == Verdict::garbled;
}

// The token in a file's text: its first line, if it is one that may stand in a header; else empty.
Text token_in(Text file);

}  // namespace tillside::pos
