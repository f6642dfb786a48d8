// One open line to the agent: what its calls and its courier share.
#pragma once

#include "pos_adapter/plugin/breaker.h"
#include "pos_adapter/plugin/connections.h"
#include "pos_adapter/plugin/queue.h"
#include "pos_adapter/plugin/request.h"
#include "pos_adapter/plugin/settings.h"
#include "pos_adapter/plugin/spool.h"

namespace tillside::pos {

// The agent's token. Any thread.
class Token {
 public:
  void set(Text token);
  Text copy(char (&room)[kMostToken]);

 private:
  Mutex mutex_;
  char room_[kMostToken];
  std::size_t size_ = 0;
};

class Line {
 public:
  static Line* make(const Settings& settings);  // null: no memory. To be ended with let_go()
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  // Asks the agent on one connection; the answer is in connection.answer(). Tells the breaker.
  Verdict ask(Connection& connection, Verb verb, Text document, const Deadline& deadline);

  const Settings settings;
  Connections connections;
  Breaker breaker;
  Queue queue;
  Spool spool;  // the courier's
  Token token;
  std::atomic<bool> token_is_stale{false}, spool_is_failing{false};
  std::atomic<std::uint64_t> delivered{0}, set_aside{0}, not_kept{0};

  // The courier looks at this, and tells when it has begun and ended.
  std::atomic<bool> stop{false};
  void courier_is_ready() { say(ready_); }
  void courier_has_ended() { say(courier_ended_); }
  void calls_have_ended() { say(calls_ended_); }
  bool wait_until_ready(std::int64_t at) { return wait(ready_, ready_, at); }
  void wait_for_last_call() { wait(calls_ended_, calls_ended_, INT64_MAX); }
  bool wait_until_ended(std::int64_t at) { return wait(courier_ended_, calls_ended_, at); }

  void close_everything();  // in a child after fork(): its copies of what the parent has open

 private:
  explicit Line(const Settings& from) : settings(from), queue(from.limits), spool(settings.spool) {}
  void say(bool& what);
  bool wait(const bool& one, const bool& other, std::int64_t at);

  Mutex mutex_;
  Condition changed_;
  bool ready_ = false, courier_ended_ = false, calls_ended_ = false;  // by mutex_
};

void erase(Line* line);

}  // namespace tillside::pos
