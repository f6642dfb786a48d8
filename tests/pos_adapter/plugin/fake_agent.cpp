#include "tests/pos_adapter/plugin/fake_agent.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace tillside::pos_test {
namespace {

bool read_request(int connection, std::string& pending, Asked& asked) {
  const auto more = [&] {
    char piece[4096];
    const ssize_t got = ::recv(connection, piece, sizeof piece, 0);
    if (got > 0) pending.append(piece, static_cast<std::size_t>(got));
    return got > 0;
  };
  std::size_t head = 0;
  while ((head = pending.find("\r\n\r\n")) == std::string::npos)
    if (!more()) return false;
  asked.head = pending.substr(0, head);
  pending.erase(0, head + 4);
  asked.method = asked.head.substr(0, asked.head.find(' '));
  const std::size_t begin = asked.method.size() + 1;
  asked.path = asked.head.substr(begin, asked.head.find(' ', begin) - begin);
  const std::size_t length_at = asked.head.find("Content-Length: ");
  const std::size_t length = length_at == std::string::npos ? 0 : std::stoul(asked.head.substr(length_at + 16));
  while (pending.size() < length)
    if (!more()) return false;
  asked.body = pending.substr(0, length);
  pending.erase(0, length);
  return true;
}

}  // namespace

FakeAgent::FakeAgent(std::string path, Script script) : path_(std::move(path)), script_(std::move(script)) {
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path_.c_str(), std::min(path_.size() + 1, sizeof address.sun_path));
  ::unlink(path_.c_str());
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener_, 128) != 0)
    throw std::runtime_error("cannot listen at " + path_);
  acceptor_ = std::thread([this] { accept_all(); });
}

FakeAgent::~FakeAgent() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  ::close(listener_);
  ::unlink(path_.c_str());
  {
    const std::lock_guard locked(mutex_);
    for (const int connection : open_) ::shutdown(connection, SHUT_RDWR);
  }
  for (auto& thread : threads_) thread.join();
  for (const int connection : open_) ::close(connection);
}

void FakeAgent::accept_all() {
  while (!stopping_) {
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) return;
    ++connections;
    const std::lock_guard locked(mutex_);
    open_.push_back(connection);
    threads_.emplace_back([this, connection] { serve(connection); });
  }
}

void FakeAgent::serve(int connection) {
  std::string pending;
  Asked asked;
  while (!stopping_ && read_request(connection, pending, asked)) {
    if (asked.path == "/health") {
      if (!healthy) break;
      send(connection, answer(200, "{}"));
      continue;
    }
    {
      const std::lock_guard locked(mutex_);
      asked_.push_back(asked);
    }
    if (!script_(connection, asked)) break;
  }
  ::shutdown(connection, SHUT_RDWR);
}

std::vector<Asked> FakeAgent::asked() const {
  const std::lock_guard locked(mutex_);
  return asked_;
}

void FakeAgent::send(int connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void FakeAgent::dribble(int connection, std::string_view bytes, int ms) {
  for (const char byte : bytes) {
    if (::send(connection, &byte, 1, MSG_NOSIGNAL) != 1) return;
    (void)::poll(nullptr, 0, ms);
  }
}

std::string FakeAgent::answer(int status, std::string_view body, std::string_view type) {
  return "HTTP/1.1 " + std::to_string(status) + " Words\r\nContent-Type: " + std::string(type) +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

}  // namespace tillside::pos_test
