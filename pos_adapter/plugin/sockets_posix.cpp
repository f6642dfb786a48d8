#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>

#include "pos_adapter/plugin/sockets.h"

namespace tillside::pos {
namespace {

constexpr std::int64_t kGlance = 10 * kMillisecond;  // how often a wait looks up that has something else to look to
constexpr int kKind = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK;

Link wait_for(Socket socket, short events, const Deadline& deadline) {
  for (;;) {
    std::int64_t left = deadline.left();
    if (left == 0) return Link::slow;
    const bool glances = deadline.stop != nullptr || deadline.meanwhile != nullptr;
    if (glances && left > kGlance) left = kGlance;
    pollfd entry{socket, events, 0};
    const timespec patience{static_cast<time_t>(left / 1'000'000'000), static_cast<long>(left % 1'000'000'000)};
    if (ppoll(&entry, 1, &patience, nullptr) > 0) return Link::ok;
    if (deadline.meanwhile != nullptr) deadline.meanwhile(deadline.context);
  }
}

Link finished(Socket socket, const Deadline& deadline) {
  const Link waited = wait_for(socket, POLLOUT, deadline);
  if (waited != Link::ok) return waited;
  int problem = 0;
  socklen_t size = sizeof problem;
  if (getsockopt(socket, SOL_SOCKET, SO_ERROR, &problem, &size) != 0 || problem != 0) return Link::absent;
  return Link::ok;
}

}  // namespace

Link connect_local(const char* path, Socket& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::size_t length = strlen(path);
  if (length >= sizeof address.sun_path) return Link::absent;
  memcpy(address.sun_path, path, length + 1);
  const Socket fresh = ::socket(AF_UNIX, kKind, 0);
  if (fresh < 0) return Link::absent;
  if (connect(fresh, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket = fresh, Link::ok;
  const Link what = errno == EAGAIN || errno == EINPROGRESS ? Link::slow : Link::absent;  // a full backlog
  close(fresh);
  return what;
}

Link connect_loopback(std::uint16_t port, const Deadline& deadline, Socket& socket) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const Socket fresh = ::socket(AF_INET, kKind, 0);
  if (fresh < 0) return Link::absent;
  const int on = 1;
  setsockopt(fresh, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  Link what = Link::ok;
  if (connect(fresh, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    what = errno == EINPROGRESS || errno == EINTR ? finished(fresh, deadline) : Link::absent;
  if (what == Link::ok) return socket = fresh, Link::ok;
  close(fresh);
  return what;
}

void close_socket(Socket socket) { close(socket); }

Link send_all(Socket socket, Text head, Text body, const Deadline& deadline) {
  while (head.size + body.size > 0) {
    iovec pieces[2] = {{const_cast<char*>(head.data), head.size}, {const_cast<char*>(body.data), body.size}};
    msghdr message{};
    message.msg_iov = pieces;
    message.msg_iovlen = 2;
    const ssize_t sent = sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) {
      if (deadline.left() == 0) return Link::slow;
      continue;
    }
    if (sent < 0 && errno != EAGAIN) return Link::broken;
    if (sent <= 0) {
      const Link waited = wait_for(socket, POLLOUT, deadline);
      if (waited != Link::ok) return waited;
      continue;
    }
    const auto count = static_cast<std::size_t>(sent);
    const std::size_t of_head = count < head.size ? count : head.size;
    head = head.from(of_head);
    body = body.from(count - of_head);
  }
  return Link::ok;
}

Link receive_some(Socket socket, char* room, std::size_t size, const Deadline& deadline, std::size_t& got) {
  for (;;) {
    const Link waited = wait_for(socket, POLLIN, deadline);
    if (waited != Link::ok) return waited;
    const ssize_t count = recv(socket, room, size, MSG_DONTWAIT);
    if (count >= 0) return got = static_cast<std::size_t>(count), Link::ok;
    if (errno != EINTR && errno != EAGAIN) return Link::broken;
  }
}

}  // namespace tillside::pos
