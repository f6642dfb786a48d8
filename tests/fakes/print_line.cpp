#include "tests/fakes/print_line.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <utility>

#include "pos_adapter/escpos/walker.h"

namespace tillside::fakes {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kPatience{20000};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool ready(int handle, short events, milliseconds patience) {
  pollfd one{handle, events, 0};
  return ::poll(&one, 1, static_cast<int>(patience.count())) > 0;
}

void reset(int handle) {
  const linger at_once{1, 0};
  (void)::setsockopt(handle, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

// What a printer says to each question in the stream.
class Answers final : public escpos::Sink {
 public:
  std::string feed(std::string_view bytes) {
    said_.clear();
    walker_.feed(bytes, *this);
    return said_;
  }
  void text(std::uint64_t, std::string_view, bool) override {}
  void data(std::uint64_t, std::string_view, bool) override {}
  void command(const escpos::Command& command) override {
    if (command.to_display) return;
    if (command.kind == escpos::Kind::ask_status) said_ += '\x16';
    if (command.kind == escpos::Kind::status) said_ += '\0';
    if (command.kind == escpos::Kind::about) said_ += std::string("_TM-T88V\0", 9);
    if (command.kind == escpos::Kind::automatic_status && command.parameter(2) != 0)
      said_ += std::string("\x14\0\0\x0F", 4);
  }

 private:
  escpos::Walker walker_;
  std::string said_;
};

}  // namespace

FakePrinter::FakePrinter(PrinterHabits habits, std::uint16_t port) : habits_(habits) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  (void)::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  auto address = loopback(port);
  socklen_t size = sizeof address;
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 8) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0 || ::pipe(wake_) != 0) {
    throw std::runtime_error("the printer cannot listen");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

FakePrinter::~FakePrinter() {
  stopping_ = true;
  (void)!::write(wake_[1], "", 1);
  thread_.join();
  for (const int handle : {listener_, wake_[0], wake_[1]}) ::close(handle);
}

void FakePrinter::run() {
  while (!stopping_) {
    pollfd waits[2] = {{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    (void)::poll(waits, 2, -1);
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    {
      const std::lock_guard lock(mutex_);
      jobs_.emplace_back();
    }
    changed_.notify_all();
    serve(connection);
    ::close(connection);
  }
}

void FakePrinter::serve(int connection) {
  Answers answers;
  std::size_t taken = 0;
  char room[4096];
  const int on = 1;
  (void)::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  while (!stopping_) {
    pollfd waits[2] = {{wake_[0], POLLIN, 0}, {connection, POLLIN, 0}};
    (void)::poll(waits, 2, -1);
    if (stopping_) return reset(connection);
    std::size_t want = sizeof room;
    if (habits_.bytes_per_ms > 0) want = std::min(want, habits_.bytes_per_ms);
    if (habits_.unplugged_after > 0) want = std::min(want, habits_.unplugged_after - taken);
    const ssize_t size = ::recv(connection, room, want, 0);
    if (size < 0) return;
    if (size == 0) break;
    taken += static_cast<std::size_t>(size);
    if (habits_.bytes_per_ms > 0) (void)ready(wake_[0], POLLIN, milliseconds(1));
    const std::string_view bytes(room, static_cast<std::size_t>(size));
    {
      const std::lock_guard lock(mutex_);
      jobs_.back() += bytes;
    }
    changed_.notify_all();
    if (habits_.unplugged_after > 0 && taken >= habits_.unplugged_after) return reset(connection);
    const std::string said = answers.feed(bytes);
    if (said.empty() || habits_.mute) continue;
    if (habits_.late.count() > 0) (void)ready(wake_[0], POLLIN, habits_.late);
    (void)::send(connection, said.data(), said.size(), MSG_NOSIGNAL);
  }
  if (!habits_.closes_at_the_end) (void)ready(wake_[0], POLLIN, kPatience);
}

std::vector<std::string> FakePrinter::jobs() const {
  const std::lock_guard lock(mutex_);
  return jobs_;
}

std::string FakePrinter::paper() const {
  std::string out;
  for (const std::string& job : jobs()) out += job;
  return out;
}

bool FakePrinter::wait_for(const std::function<bool(const std::vector<std::string>&)>& fulfilled) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [&] { return fulfilled(jobs_); });
}

bool FakePrinter::wait_for_paper(std::string_view bytes) const {
  return wait_for([&](const std::vector<std::string>& jobs) {
    std::string all;
    for (const std::string& job : jobs) all += job;
    return all == bytes;
  });
}

PosLine PosLine::to_port(std::uint16_t port) {
  const int handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = loopback(port);
  if (::connect(handle, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(handle);
    throw std::runtime_error("refused");
  }
  const int on = 1;
  (void)::setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return PosLine(handle);
}

PosLine PosLine::to_terminal(const std::string& path) {
  const int handle = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (handle < 0) throw std::runtime_error("cannot open " + path);
  termios line{};
  if (::tcgetattr(handle, &line) == 0) {
    ::cfmakeraw(&line);
    (void)::tcsetattr(handle, TCSANOW, &line);
  }
  return PosLine(handle);
}

PosLine::PosLine(PosLine&& other) noexcept : handle_(std::exchange(other.handle_, -1)) {}
PosLine::~PosLine() { close(); }

bool PosLine::send(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t size = ::send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size < 0 && errno == ENOTSOCK) size = ::write(handle_, bytes.data(), bytes.size());
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

void PosLine::end() { (void)::shutdown(handle_, SHUT_WR); }

void PosLine::close() {
  if (handle_ >= 0) ::close(handle_);
  handle_ = -1;
}

std::string PosLine::read(std::size_t size, milliseconds patience) {
  std::string out;
  const auto until = Clock::now() + patience;
  while (out.size() < size) {
    const auto left = std::chrono::duration_cast<milliseconds>(until - Clock::now());
    if (left.count() <= 0 || !ready(handle_, POLLIN, left)) return out;
    char room[4096];
    const ssize_t got = ::read(handle_, room, std::min(sizeof room, size - out.size()));
    if (got <= 0) return out;
    out.append(room, static_cast<std::size_t>(got));
  }
  return out;
}

bool PosLine::reset() {
  char byte = 0;
  while (ready(handle_, POLLIN, kPatience)) {
    const ssize_t got = ::read(handle_, &byte, 1);
    if (got > 0) continue;
    return got < 0 && errno == ECONNRESET;
  }
  return false;
}

}  // namespace tillside::fakes
