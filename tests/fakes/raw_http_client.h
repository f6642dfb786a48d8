#pragma once
// A blocking HTTP client that does exactly what it is told, byte by byte, for tests of servers.
// Every wait ends after kPatience with an exception, so that a test fails instead of hanging.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tillside::fakes {

struct RawResponse {
  unsigned status = 0;
  std::string head;  // the status line and headers, without the empty line
  std::string body;

  // The first header of that name (as the server spells it, any case); empty when there is none.
  std::string header(std::string_view name) const {
    std::size_t at = head.find("\r\n");
    while (at != std::string::npos) {
      at += 2;
      const auto end = std::min(head.find("\r\n", at), head.size());
      const auto colon = head.find(':', at);
      if (colon < end && colon - at == name.size() && ::strncasecmp(head.data() + at, name.data(), name.size()) == 0) {
        const auto value = head.find_first_not_of(' ', colon + 1);
        return value < end ? head.substr(value, end - value) : std::string();
      }
      at = end < head.size() ? end : std::string::npos;
    }
    return {};
  }
};

class RawHttpClient {
 public:
  static constexpr std::chrono::milliseconds kPatience{20000};

  static RawHttpClient tcp(std::uint16_t port, int receive_buffer = 0) {
    RawHttpClient client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (receive_buffer > 0) client.set(SOL_SOCKET, SO_RCVBUF, receive_buffer);
    client.set(IPPROTO_TCP, TCP_NODELAY, 1);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    client.connect(reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    return client;
  }

  static RawHttpClient unix_socket(const std::string& path) {
    RawHttpClient client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
    client.connect(reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    return client;
  }

  RawHttpClient(RawHttpClient&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}
  RawHttpClient& operator=(RawHttpClient&& other) noexcept {
    std::swap(socket_, other.socket_);
    std::swap(received_, other.received_);
    return *this;
  }
  ~RawHttpClient() { close(); }

  // Sends all of it; throws when the peer has gone.
  void send(std::string_view text) {
    while (!text.empty()) {
      const auto sent = try_send(text);
      if (sent == 0) throw std::runtime_error("send: the peer has gone");
      text.remove_prefix(sent);
    }
  }

  // Sends as much as the peer takes at once after waiting for it to take something; 0 when it has gone.
  std::size_t try_send(std::string_view text) {
    wait_for(POLLOUT);
    const auto sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent > 0 ? static_cast<std::size_t>(sent) : 0;
  }

  // One whole request with a Host header; `headers` are lines with CRLF.
  void send_request(std::string_view method, std::string_view target, std::string_view body = {},
                    std::string_view headers = {}) {
    std::string text(method);
    text.append(" ").append(target).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n").append(headers);
    if (!body.empty()) text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    text.append("\r\n").append(body);
    send(text);
  }

  RawResponse request(std::string_view method, std::string_view target, std::string_view body = {},
                      std::string_view headers = {}) {
    send_request(method, target, body, headers);
    return read_response(method == "HEAD");
  }
  RawResponse get(std::string_view target, std::string_view headers = {}) {
    return request("GET", target, {}, headers);
  }

  // The next response by its Content-Length (none: no body).
  RawResponse read_response(bool head_only = false) {
    RawResponse response;
    response.head = read_until("\r\n\r\n");
    response.head.resize(response.head.size() - 4);
    response.status = static_cast<unsigned>(std::stoul(response.head.substr(9, 3)));
    const auto length = response.header("Content-Length");
    if (!head_only && !length.empty() && response.status >= 200) response.body = read_exactly(std::stoull(length));
    return response;
  }

  std::string read_until(std::string_view mark) {
    std::size_t at = 0;
    while ((at = received_.find(mark)) == std::string::npos) {
      if (!receive()) throw std::runtime_error("the connection ended before: " + std::string(mark));
    }
    return take(at + mark.size());
  }

  std::string read_exactly(std::size_t bytes) {
    while (received_.size() < bytes) {
      if (!receive()) throw std::runtime_error("the connection ended early");
    }
    return take(bytes);
  }

  std::string read_to_end() {
    while (receive()) {
    }
    return take(received_.size());
  }

  // True when the peer ends the connection without sending anything more.
  bool is_closed_by_peer() { return received_.empty() && !receive(); }

  void half_close() { ::shutdown(socket_, SHUT_WR); }
  void close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }
  // Closes so that the peer sees a reset.
  void reset() {
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    close();
  }

 private:
  explicit RawHttpClient(int socket) : socket_(socket) {
    if (socket_ < 0) throw std::runtime_error("socket");
  }

  void set(int level, int option, int value) { ::setsockopt(socket_, level, option, &value, sizeof(value)); }

  void connect(const sockaddr* address, socklen_t size) {
    if (::connect(socket_, address, size) != 0) throw std::runtime_error(std::string("connect: ") + strerror(errno));
  }

  void wait_for(short events) const {
    pollfd entry{socket_, events, 0};
    if (::poll(&entry, 1, static_cast<int>(kPatience.count())) <= 0) throw std::runtime_error("the peer keeps silent");
  }

  bool receive() {
    wait_for(POLLIN);
    char piece[65536];
    const auto got = ::recv(socket_, piece, sizeof(piece), 0);
    if (got <= 0) return false;
    received_.append(piece, static_cast<std::size_t>(got));
    return true;
  }

  std::string take(std::size_t bytes) {
    auto text = received_.substr(0, bytes);
    received_.erase(0, bytes);
    return text;
  }

  int socket_ = -1;
  std::string received_;
};

}  // namespace tillside::fakes
