#include "tests/sync/client/raw_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace tillside::test {

RawServer::RawServer(std::function<void(Visit&)> script) : script_(std::move(script)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 8) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0 || ::pipe(stop_) != 0)
    throw std::runtime_error("no loopback server");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

RawServer::~RawServer() {
  ::close(stop_[1]);
  thread_.join();
  ::close(stop_[0]);
  ::close(listener_);
}

int RawServer::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

void RawServer::run() {
  while (true) {
    std::array<pollfd, 2> fds{{{listener_, POLLIN, 0}, {stop_[0], POLLIN, 0}}};
    ::poll(fds.data(), fds.size(), -1);
    if (fds[1].revents != 0) return;
    const int socket = ::accept(listener_, nullptr, nullptr);
    if (socket < 0) continue;
    {
      const std::lock_guard lock(mutex_);
      ++connections_;
    }
    Visit visit(socket, stop_[0]);
    script_(visit);
    ::close(socket);
  }
}

bool RawServer::Visit::readable() {
  std::array<pollfd, 2> fds{{{socket_, POLLIN, 0}, {stop_, POLLIN, 0}}};
  ::poll(fds.data(), fds.size(), -1);
  return fds[1].revents == 0;
}

std::string RawServer::Visit::hear_request() {
  std::string heard;
  std::size_t wanted = std::string::npos;
  while (heard.size() < wanted) {
    std::array<char, 4096> bytes{};
    if (!readable()) return {};
    const auto got = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (got <= 0) return {};
    heard.append(bytes.data(), static_cast<std::size_t>(got));
    const auto end = heard.find("\r\n\r\n");
    if (end == heard.npos) continue;
    const auto length = heard.find("Content-Length: ");
    wanted = end + 4 + (length < end ? std::stoul(heard.substr(length + 16)) : 0);
  }
  return heard;
}

void RawServer::Visit::say(const std::string& bytes) {
  (void)::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void RawServer::Visit::wait_for_end() {
  std::array<char, 4096> bytes{};
  while (readable() && ::recv(socket_, bytes.data(), bytes.size(), 0) > 0) {
  }
}

}  // namespace tillside::test
