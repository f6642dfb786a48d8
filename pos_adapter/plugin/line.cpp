#include "pos_adapter/plugin/line.h"

#include <new>

namespace tillside::pos {

void Token::set(Text token) {
  const Locked locked(mutex_);
  size_ = token.first(kMostToken).size;
  if (size_ > 0) std::memcpy(room_, token.data, size_);
}

Text Token::copy(char (&room)[kMostToken]) {
  const Locked locked(mutex_);
  if (size_ > 0) std::memcpy(room, room_, size_);
  return {room, size_};
}

Line* Line::make(const Settings& settings) {
  void* const room = std::malloc(sizeof(Line));
  return room == nullptr ? nullptr : new (room) Line(settings);
}

void erase(Line* line) {
  line->~Line();
  std::free(line);
}

Verdict Line::ask(Connection& connection, Verb verb, Text document, const Deadline& deadline) {
  char room[kMostToken];
  const Text held = settings.token_file[0] == '\0' ? Text() : token.copy(room);
  RequestHead head;
  head.post(verb, document.size, held, settings.english);
  const Reached reached = connection.ask(settings.addresses(), head.text(), document, settings.connect_ns, deadline);
  const Verdict verdict =
      reached == Reached::answered ? judge(verb, connection.answer()) : static_cast<Verdict>(reached);
  if (is_out_of_reach(verdict)) {
    connection.drop();
    if (breaker.failed()) {
      queue.set_hopeless(true);
      queue.wake();
    }
    return verdict;
  }
  breaker.answered();
  if (verdict == Verdict::no_token && !token_is_stale.exchange(true)) queue.wake();
  return verdict;
}

void Line::say(bool& what) {
  const Locked locked(mutex_);
  what = true;
  changed_.notify_all();
}

bool Line::wait(const bool& one, const bool& other, std::int64_t at) {
  const Locked locked(mutex_);
  while (!(one && other) && now_ns() < at) changed_.wait_until(mutex_, at);
  return one && other;
}

void Line::close_everything() {
  connections.drop_all();
  spool.let_go();
}

}  // namespace tillside::pos
