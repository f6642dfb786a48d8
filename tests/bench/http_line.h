// One keep-alive connection that sends a ready-made request and waits for the answer: as little client as possible.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tillside::bench {

inline std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

inline int connect_loopback(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int one = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect to port " + std::to_string(port));
  }
  return fd;
}

inline int connect_local(const std::string& path) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("too long: " + path);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect to " + path);
  }
  return fd;
}

// Bytes of a whole response at the front of `text`, 0 while it is incomplete. Content-Length only.
inline std::size_t whole_response(std::string_view text) {
  const std::size_t head = text.find("\r\n\r\n");
  if (head == std::string_view::npos) return 0;
  std::size_t at = text.find("ontent-");  // Content-Length or content-length
  while (at != std::string_view::npos && at < head && ::strncasecmp(text.data() + at - 1, "content-length:", 15) != 0) {
    at = text.find("ontent-", at + 1);
  }
  if (at == std::string_view::npos || at > head) return head + 4;
  const std::size_t total = head + 4 + std::strtoul(text.data() + at + 14, nullptr, 10);
  return text.size() >= total ? total : 0;
}

class HttpLine {
 public:
  explicit HttpLine(std::uint16_t port) : fd_(connect_loopback(port)) { buffer_.reserve(16384); }
  explicit HttpLine(const std::string& socket) : fd_(connect_local(socket)) { buffer_.reserve(16384); }
  ~HttpLine() { ::close(fd_); }
  HttpLine(const HttpLine&) = delete;
  HttpLine& operator=(const HttpLine&) = delete;

  // Nanoseconds from the first byte sent to the last received. The answer is in last().
  std::int64_t exchange(std::string_view request) {
    const std::int64_t begin = now_ns();
    if (::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
      throw std::runtime_error("short send");
    }
    buffer_.clear();
    while (whole_response(buffer_) == 0) {
      char piece[8192];
      const ssize_t got = ::recv(fd_, piece, sizeof piece, 0);
      if (got <= 0) throw std::runtime_error("the server closed: " + buffer_.substr(0, 200));
      buffer_.append(piece, static_cast<std::size_t>(got));
    }
    return now_ns() - begin;
  }
  const std::string& last() const { return buffer_; }
  int fd() const { return fd_; }

 private:
  int fd_;
  std::string buffer_;
};

inline std::string http_get(std::string_view path) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
}

inline std::string http_post(std::string_view path, std::string_view token, std::string_view body) {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + std::string(token) +
         "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

}  // namespace tillside::bench
