#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>

#include "agent/platform/signals.h"

namespace tillside {

struct StopSignals::Inside {
  int signals = -1, released = -1;
};

StopSignals::StopSignals() : inside_(std::make_unique<Inside>()) {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  inside_->signals = signalfd(-1, &set, SFD_CLOEXEC);
  inside_->released = eventfd(0, EFD_CLOEXEC);
}

StopSignals::~StopSignals() {
  ::close(inside_->signals);
  ::close(inside_->released);
}

void StopSignals::wait() const {
  pollfd watched[2] = {{inside_->signals, POLLIN, 0}, {inside_->released, POLLIN, 0}};
  while (::poll(watched, 2, -1) < 0) {
  }
}

void StopSignals::release() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(inside_->released, &one, sizeof one);
}

}  // namespace tillside
