// See threads.h, which alone includes this.
#pragma once

#include <pthread.h>

#include <atomic>
#include <cstdint>

namespace tillside::pos {

std::int64_t now_ns();         // monotonic
std::int64_t wall_clock_ms();  // since 1970, for names
std::uint32_t random_bits();   // not secret
std::uint32_t own_process();   // never 0

// Lends its holder's priority to who waits. Never held while anything is waited for but a Condition.
class Mutex {
 public:
  Mutex();
  ~Mutex() { pthread_mutex_destroy(&mutex_); }
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;
  void lock() { pthread_mutex_lock(&mutex_); }
  void unlock() { pthread_mutex_unlock(&mutex_); }

 private:
  friend class Condition;
  pthread_mutex_t mutex_;
};

// A lock of the whole process, there before anything runs and never ended.
class Gate {
 public:
  void lock() { pthread_mutex_lock(&mutex_); }
  void unlock() { pthread_mutex_unlock(&mutex_); }

 private:
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
};

class Condition {
 public:
  Condition();
  ~Condition() { pthread_cond_destroy(&condition_); }
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;
  void notify_all() { pthread_cond_broadcast(&condition_); }
  // Until notified, at `at` (now_ns()) at the latest, or for no reason. The caller holds the mutex.
  void wait_until(Mutex& mutex, std::int64_t at);

 private:
  pthread_cond_t condition_;
};

// Runs on a detached thread of its own that blocks all signals. False: there is none to be had.
bool start_thread(void* (*run)(void*), void* argument);

// Around each call from outside: errno stays as it was and the thread cannot be cancelled inside.
class Visit {
 public:
  Visit();
  ~Visit();
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

 private:
  int errno_, cancel_state_ = 0;
};

// Called around each fork() of this process from now on, the last one in the child. Once; false: out of memory.
bool around_forks(void (*before)(), void (*in_parent)(), void (*in_child)());

}  // namespace tillside::pos
