#include "pos_adapter/plugin/connection.h"

namespace tillside::pos {
namespace {

Reached reached(Link link) {
  switch (link) {
    case Link::ok:
      return Reached::answered;
    case Link::absent:
      return Reached::absent;
    case Link::slow:
      return Reached::slow;
    case Link::broken:
      break;
  }
  return Reached::broken_off;
}

}  // namespace

void Connection::drop() {
  const Socket socket = socket_.exchange(kNoSocket);
  if (socket != kNoSocket) close_socket(socket);
}

Link Connection::connect(const Addresses& to, const Deadline& deadline) {
  Socket socket = kNoSocket;
  Link link = Link::absent;
  for (const char* path : to.local)
    if (link == Link::absent && path != nullptr) link = connect_local(path, socket);
  if (link == Link::absent && to.port != 0) link = connect_loopback(to.port, deadline, socket);
  if (link == Link::ok) socket_ = socket;
  return link;
}

Reached Connection::ask(const Addresses& to, Text head, Text body, std::int64_t connect_ns, const Deadline& deadline) {
  if (socket_ != kNoSocket) {
    const Reached at_once = ask_once(head, body, deadline);
    if (at_once != Reached::broken_off || answer_.begun()) return at_once;
  }
  const Link link = connect(to, deadline.at_most(connect_ns));
  return link == Link::ok ? ask_once(head, body, deadline) : reached(link);
}

Reached Connection::ask_once(Text head, Text body, const Deadline& deadline) {
  answer_.reset();
  const Link sent = send_all(socket_, head, body, deadline);
  // A refusal may come, and the agent hang up, before it has read the whole document.
  Reached outcome = sent == Link::slow ? Reached::slow : read_answer(deadline);
  if (outcome != Reached::answered || sent != Link::ok || !answer_.keeps_connection()) drop();
  return outcome;
}

Reached Connection::read_answer(const Deadline& deadline) {
  for (;;) {
    std::size_t size = 0, got = 0;
    char* const room = answer_.room(size);
    if (room == nullptr) return Reached::garbled;
    const Link link = receive_some(socket_, room, size, deadline, got);
    if (link != Link::ok) return reached(link);
    if (got == 0) return Reached::broken_off;
    const auto progress = answer_.received(got);
    if (progress == HttpAnswer::Progress::garbled) return Reached::garbled;
    if (progress == HttpAnswer::Progress::done) return Reached::answered;
  }
}

}  // namespace tillside::pos
