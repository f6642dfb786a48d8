#include "pos_adapter/plugin/threads_posix.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

namespace tillside::pos {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

std::int64_t ns_of(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return now.tv_sec * kSecond + now.tv_nsec;
}

}  // namespace

std::int64_t now_ns() { return ns_of(CLOCK_MONOTONIC); }
std::int64_t wall_clock_ms() { return ns_of(CLOCK_REALTIME) / 1'000'000; }
std::uint32_t own_process() { return static_cast<std::uint32_t>(getpid()); }

std::uint32_t random_bits() {
  static std::atomic<std::uint64_t> calls{0};
  std::uint64_t mixed = static_cast<std::uint64_t>(ns_of(CLOCK_REALTIME)) ^ static_cast<std::uint64_t>(own_process())
                                                                                << 32;
  mixed += 0x9E3779B97F4A7C15U * (calls.fetch_add(1, std::memory_order_relaxed) + 1);
  mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9U;
  mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBU;
  return static_cast<std::uint32_t>(mixed >> 32);
}

Mutex::Mutex() {
  pthread_mutexattr_t kind;
  pthread_mutexattr_init(&kind);
  pthread_mutexattr_setprotocol(&kind, PTHREAD_PRIO_INHERIT);
  if (pthread_mutex_init(&mutex_, &kind) != 0) pthread_mutex_init(&mutex_, nullptr);
  pthread_mutexattr_destroy(&kind);
}

Condition::Condition() {
  pthread_condattr_t kind;
  pthread_condattr_init(&kind);
  pthread_condattr_setclock(&kind, CLOCK_MONOTONIC);
  pthread_cond_init(&condition_, &kind);
  pthread_condattr_destroy(&kind);
}

void Condition::wait_until(Mutex& mutex, std::int64_t at) {
  const timespec until{static_cast<time_t>(at / kSecond), static_cast<long>(at % kSecond)};
  pthread_cond_timedwait(&condition_, &mutex.mutex_, &until);
}

bool start_thread(void* (*run)(void*), void* argument) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_attr_t kind;
  if (pthread_attr_init(&kind) != 0) return false;
  pthread_attr_setdetachstate(&kind, PTHREAD_CREATE_DETACHED);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  const bool started = pthread_create(&thread, &kind, run, argument) == 0;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&kind);
  return started;
}

Visit::Visit() : errno_(errno) { pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state_); }

Visit::~Visit() {
  int ignored = 0;
  pthread_setcancelstate(cancel_state_, &ignored);
  errno = errno_;
}

bool around_forks(void (*before)(), void (*in_parent)(), void (*in_child)()) {
  return pthread_atfork(before, in_parent, in_child) == 0;
}

}  // namespace tillside::pos
