// The seam to the system for time, threads and processes; threads_posix.{h,cpp} fill it. For another system this is the
// line to change, beside sockets_posix.cpp and files_posix.cpp.
#pragma once

#include "pos_adapter/plugin/threads_posix.h"

namespace tillside::pos {

class Locked {
 public:
  explicit Locked(Mutex& mutex) : mutex_(mutex) { mutex_.lock(); }
  ~Locked() { mutex_.unlock(); }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

 private:
  Mutex& mutex_;
};

inline constexpr std::int64_t kMillisecond = 1'000'000;  // in nanoseconds, which all times here are

// Until when something may be waited for; what ends the waiting earlier, if `stop` is given and becomes true; and what
// is done now and then while waiting, if `meanwhile` is given.
struct Deadline {
  std::int64_t at = 0;
  const std::atomic<bool>* stop = nullptr;
  void (*meanwhile)(void* context) = nullptr;
  void* context = nullptr;

  static Deadline after(std::int64_t ns) { return {.at = now_ns() + ns}; }
  std::int64_t left() const {
    if (stop != nullptr && stop->load(std::memory_order_relaxed)) return 0;
    const std::int64_t left = at - now_ns();
    return left > 0 ? left : 0;
  }
  Deadline at_most(std::int64_t ns) const {
    const std::int64_t sooner = now_ns() + ns;
    return {sooner < at ? sooner : at, stop, meanwhile, context};
  }
};

}  // namespace tillside::pos
