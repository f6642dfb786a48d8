#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <vector>

#include "pos_adapter/escpos/line/waits.h"

namespace tillside::escpos {

struct Waits::Inside {
  int wake[2] = {-1, -1};
  std::vector<pollfd> polls;

  void add(int handle, short events) {
    if (handle < 0) return;
    const auto same = std::find_if(polls.begin(), polls.end(), [&](const pollfd& one) { return one.fd == handle; });
    if (same != polls.end()) {
      same->events = static_cast<short>(same->events | events);
    } else {
      polls.push_back({handle, events, 0});
    }
  }
};

Waits::Waits() : inside_(std::make_unique<Inside>()) {
  if (::pipe2(inside_->wake, O_NONBLOCK | O_CLOEXEC) != 0)
    throw std::system_error(errno, std::generic_category(), "pipe");
  clear();
}

Waits::~Waits() {
  for (const int handle : inside_->wake) ::close(handle);
}

void Waits::clear() { inside_->polls.assign(1, {inside_->wake[0], POLLIN, 0}); }
void Waits::for_reading(int handle) { inside_->add(handle, POLLIN); }
void Waits::for_writing(int handle) { inside_->add(handle, POLLOUT); }

void Waits::wait(std::optional<std::chrono::steady_clock::time_point> until) {
  using std::chrono::nanoseconds;
  timespec patience{};
  if (until) {
    const auto left = std::max(nanoseconds(0), nanoseconds(*until - std::chrono::steady_clock::now()));
    patience.tv_sec = static_cast<time_t>(left.count() / 1'000'000'000);
    patience.tv_nsec = static_cast<long>(left.count() % 1'000'000'000);
  }
  ::ppoll(inside_->polls.data(), inside_->polls.size(), until ? &patience : nullptr, nullptr);
  char bytes[64];
  while (::read(inside_->wake[0], bytes, sizeof bytes) > 0) {
  }
}

void Waits::wake() {
  const char byte = 0;
  (void)!::write(inside_->wake[1], &byte, 1);
}

}  // namespace tillside::escpos
