#include "tests/fakes/relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <vector>

namespace tillside::fakes {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int tcp_socket() { return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); }

bool send_all(int to, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = ::send(to, data, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    data += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

}  // namespace

Relay::Relay(std::uint16_t target) : target_(target) {
  listener_ = tcp_socket();
  auto address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0 || ::pipe(wake_) != 0) {
    throw std::runtime_error("the relay cannot listen");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

Relay::~Relay() {
  stopping_ = true;
  tell();
  thread_.join();
  for (const int one : {listener_, wake_[0], wake_[1]}) ::close(one);
}

void Relay::set_target(std::uint16_t port) { target_ = port; }
void Relay::cut() {
  cut_ = true;
  tell();
}
void Relay::restore() { cut_ = false; }

void Relay::lose_answers_to(std::string mark) {
  const std::lock_guard lock(mutex_);
  mark_ = std::move(mark);
}
void Relay::lose_nothing() { lose_answers_to({}); }

void Relay::tell() {
  const char byte = 0;
  (void)!::write(wake_[1], &byte, 1);
}

void Relay::run() {
  while (!stopping_) {
    if (cut_) end_all();
    std::vector<pollfd> waits{{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const Pair& pair : pairs_) {
      waits.push_back({pair.near, POLLIN, 0});
      waits.push_back({pair.far, POLLIN, 0});
    }
    if (::poll(waits.data(), waits.size(), -1) < 0) continue;
    char bytes[64];
    if (waits[0].revents != 0) (void)!::read(wake_[0], bytes, sizeof bytes);
    std::size_t at = 2;
    for (Pair& pair : pairs_) {
      if (waits[at++].revents != 0) pass(pair, true);
      if (waits[at++].revents != 0 && !pair.dead) pass(pair, false);
    }
    pairs_.remove_if([](const Pair& pair) {
      if (pair.dead) ::close(pair.near), ::close(pair.far);
      return pair.dead;
    });
    if (waits[1].revents != 0) take_connection();
  }
  end_all();
}

void Relay::end_all() {
  for (const Pair& pair : pairs_) ::close(pair.near), ::close(pair.far);
  pairs_.clear();
}

void Relay::take_connection() {
  const int near = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (near < 0) return;
  const int far = tcp_socket();
  const auto address = loopback(target_);
  if (cut_ || ::connect(far, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(near);
    ::close(far);
    return;
  }
  pairs_.push_back({near, far, false, false});
}

void Relay::pass(Pair& pair, bool from_near) {
  char bytes[65536];
  const ssize_t size = ::recv(from_near ? pair.near : pair.far, bytes, sizeof bytes, 0);
  if (size <= 0 || cut_) {
    pair.dead = true;
    return;
  }
  if (from_near) {
    const std::lock_guard lock(mutex_);
    if (!mark_.empty() && std::string_view(bytes, static_cast<std::size_t>(size)).find(mark_) != std::string_view::npos)
      pair.losing = true;
  } else if (pair.losing) {
    ++lost_;
    pair.dead = true;
    return;
  }
  pair.dead = !send_all(from_near ? pair.far : pair.near, bytes, static_cast<std::size_t>(size));
}

}  // namespace tillside::fakes
