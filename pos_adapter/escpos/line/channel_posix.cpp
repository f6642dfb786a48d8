#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "pos_adapter/escpos/line/channel.h"
#include "pos_adapter/escpos/line/terminals.h"

namespace tillside::escpos {
namespace {

constexpr int kHandedOver = 3;  // SD_LISTEN_FDS_START
constexpr int kWaiting = 16;    // POSes that may wait for their turn

Error failed(const std::string& what) { return {ErrorCode::unavailable, {}, what + ": " + std::strerror(errno)}; }

void set(int handle, int level, int option, int value) {
  (void)::setsockopt(handle, level, option, &value, sizeof value);
}

// Small pieces at once; a peer that vanished without a word is noticed within half a minute.
void tune(int handle) {
  set(handle, IPPROTO_TCP, TCP_NODELAY, 1);
  set(handle, SOL_SOCKET, SO_KEEPALIVE, 1);
  set(handle, IPPROTO_TCP, TCP_KEEPIDLE, 10);
  set(handle, IPPROTO_TCP, TCP_KEEPINTVL, 5);
  set(handle, IPPROTO_TCP, TCP_KEEPCNT, 3);
}

struct Addresses {
  addrinfo* first = nullptr;
  ~Addresses() {
    if (first != nullptr) ::freeaddrinfo(first);
  }
};

Status look_up(const Endpoint& place, bool to_listen, Addresses& out) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = to_listen ? AI_PASSIVE : AI_ADDRCONFIG;
  const std::string port = std::to_string(place.port);
  const int problem =
      ::getaddrinfo(place.host.empty() ? nullptr : place.host.c_str(), port.c_str(), &hints, &out.first);
  if (problem == 0) return {};
  return Error{ErrorCode::unavailable, {}, to_words(place) + ": " + ::gai_strerror(problem)};
}

int new_socket(const addrinfo& address) {
  return ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

Result<Channel> connect_to(const Endpoint& place) {
  Addresses addresses;
  if (Status done = look_up(place, false, addresses); !done) return done.error();
  for (const addrinfo* address = addresses.first; address != nullptr; address = address->ai_next) {
    const int handle = new_socket(*address);
    if (handle < 0) continue;
    tune(handle);
    if (::connect(handle, address->ai_addr, address->ai_addrlen) == 0 || errno == EINPROGRESS) {
      return Channel(handle, handle, true);
    }
    const int problem = errno;
    ::close(handle);
    errno = problem;
  }
  return failed(to_words(place));
}

// The protocol of socket activation: LISTEN_PID names us and LISTEN_FDS counts the sockets from 3 on.
int handed_over() {
  const char* pid = std::getenv("LISTEN_PID");
  const char* count = std::getenv("LISTEN_FDS");
  if (pid == nullptr || count == nullptr || std::strtol(pid, nullptr, 10) != ::getpid()) return -1;
  if (std::strtol(count, nullptr, 10) < 1) return -1;
  (void)::fcntl(kHandedOver, F_SETFD, FD_CLOEXEC);
  (void)::fcntl(kHandedOver, F_SETFL, ::fcntl(kHandedOver, F_GETFL) | O_NONBLOCK);
  return kHandedOver;
}

int bound(const addrinfo& address) {
  const int handle = new_socket(address);
  if (handle < 0) return -1;
  set(handle, SOL_SOCKET, SO_REUSEADDR, 1);
  if (address.ai_family == AF_INET6) set(handle, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (::bind(handle, address.ai_addr, address.ai_addrlen) == 0 && ::listen(handle, kWaiting) == 0) return handle;
  const int problem = errno;
  ::close(handle);
  errno = problem;
  return -1;
}

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

}  // namespace

Channel::Channel(Channel&& other) noexcept { *this = std::move(other); }

Channel& Channel::operator=(Channel&& other) noexcept {
  if (this == &other) return *this;
  close();
  in_ = std::exchange(other.in_, -1);
  out_ = std::exchange(other.out_, -1);
  held_ = std::exchange(other.held_, -1);
  is_socket_ = other.is_socket_;
  link_ = std::exchange(other.link_, {});
  return *this;
}

Channel::Got Channel::read(char* into, std::size_t room, std::size_t& got) {
  got = 0;
  if (in_ < 0) return Got::nothing;
  const ssize_t size = ::read(in_, into, room);
  if (size > 0) got = static_cast<std::size_t>(size);
  if (size > 0) return Got::bytes;
  if (size == 0) return Got::closed;
  return would_block() ? Got::nothing : Got::failed;
}

Channel::Got Channel::write(std::string_view bytes, std::size_t& sent) {
  sent = 0;
  if (out_ < 0) return Got::failed;
  const ssize_t size =
      is_socket_ ? ::send(out_, bytes.data(), bytes.size(), MSG_NOSIGNAL) : ::write(out_, bytes.data(), bytes.size());
  if (size > 0) sent = static_cast<std::size_t>(size);
  if (size > 0) return Got::bytes;
  return size == 0 || would_block() ? Got::nothing : Got::failed;
}

Channel::Got Channel::connected() {
  if (!is_socket_) return Got::bytes;
  pollfd poll{out_, POLLOUT, 0};
  if (::poll(&poll, 1, 0) == 0) return Got::nothing;
  int problem = 0;
  socklen_t size = sizeof problem;
  (void)::getsockopt(out_, SOL_SOCKET, SO_ERROR, &problem, &size);
  errno = problem;
  return problem == 0 ? Got::bytes : Got::failed;
}

void Channel::shutdown_write() {
  if (is_socket_ && out_ >= 0) (void)::shutdown(out_, SHUT_WR);
}

void Channel::abort() {
  const linger at_once{1, 0};
  if (is_socket_ && out_ >= 0) (void)::setsockopt(out_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

void Channel::close() {
  if (!link_.empty()) (void)::unlink(link_.c_str());
  link_.clear();
  if (out_ >= 0 && out_ != in_) ::close(out_);
  if (in_ >= 0) ::close(in_);
  if (held_ >= 0) ::close(held_);
  in_ = out_ = held_ = -1;
}

void Channel::forget_link_when_closed(std::string link) { link_ = std::move(link); }
void Channel::hold(int handle) { held_ = handle; }
void Channel::show_ready(bool ready) {
  if (!is_socket_ && in_ >= 0) show_modem_lines(in_, ready);
}

Result<Channel> open_printer(const Endpoint& printer) {
  switch (printer.kind) {
    case Endpoint::Kind::tcp:
      return connect_to(printer);
    case Endpoint::Kind::serial:
      return open_serial(printer);
    case Endpoint::Kind::device:
      return open_device(printer.path);
    default:
      return Error{ErrorCode::bad_format, {}, to_words(printer) + " is no printer"};
  }
}

Result<Channel> open_pos(const Endpoint& pos) {
  switch (pos.kind) {
    case Endpoint::Kind::serial:
      return open_serial(pos);
    case Endpoint::Kind::pty:
      return open_pty(pos.path);
    case Endpoint::Kind::device:
      return open_inbox(pos.path);
    case Endpoint::Kind::standard_input:
      return open_standard_input();
    default:
      return Error{ErrorCode::bad_format, {}, to_words(pos) + " is listened at"};
  }
}

Result<Listener> Listener::open(const Endpoint& place) {
  Listener out;
  out.handle_ = handed_over();
  if (out.handle_ >= 0) return out;
  Addresses addresses;
  if (Status done = look_up(place, true, addresses); !done) return done.error();
  for (const int family : {AF_INET6, AF_INET}) {  // where both are there, IPv6 takes IPv4, too
    for (const addrinfo* address = addresses.first; address != nullptr; address = address->ai_next) {
      if (address->ai_family == family && out.handle_ < 0) out.handle_ = bound(*address);
    }
  }
  if (out.handle_ < 0) return failed(to_words(place));
  return out;
}

Listener::Listener(Listener&& other) noexcept : handle_(std::exchange(other.handle_, -1)) {}
Listener& Listener::operator=(Listener&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}
Listener::~Listener() {
  if (handle_ >= 0) ::close(handle_);
}

std::uint16_t Listener::port() const {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(handle_, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

Channel Listener::accept() {
  const int handle = ::accept4(handle_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (handle < 0) return {};
  tune(handle);
  return {handle, handle, true};
}

}  // namespace tillside::escpos
