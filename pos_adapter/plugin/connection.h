// One keep-alive connection to the agent: a request out, its answer in, all within a deadline.
#pragma once

#include <cstdint>

#include "pos_adapter/plugin/http_answer.h"
#include "pos_adapter/plugin/sockets.h"

namespace tillside::pos {

// What came of asking; the numbers of TILLSIDE_POS_WHY_ that say the same.
enum class Reached : std::uint8_t { answered = 0, absent = 1, slow = 2, broken_off = 3, garbled = 4 };

// Where the agent may be, in the order of trying.
struct Addresses {
  const char* local[2] = {};  // UNIX sockets; null: none
  std::uint16_t port = 0;     // of 127.0.0.1; 0: none
};

// One thread at a time, but for drop().
class Connection {
 public:
  Connection() = default;
  ~Connection() { drop(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Sends `head` and `body` and reads the whole answer into answer(). A kept connection that turns out to have ended
  // before the agent said anything is made anew, once: whatever is asked may be asked twice.
  Reached ask(const Addresses& to, Text head, Text body, std::int64_t connect_ns, const Deadline& deadline);

  const HttpAnswer& answer() const { return answer_; }
  void drop();  // closes

 private:
  Link connect(const Addresses& to, const Deadline& deadline);
  Reached ask_once(Text head, Text body, const Deadline& deadline);
  Reached read_answer(const Deadline& deadline);

  std::atomic<Socket> socket_{kNoSocket};
  HttpAnswer answer_;
};

}  // namespace tillside::pos
