// What a thread waits for: handles, a time, or another thread's wake(). The seam: waits_posix.cpp.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

namespace tillside::escpos {

class Waits {
 public:
  Waits();
  ~Waits();
  Waits(const Waits&) = delete;
  Waits& operator=(const Waits&) = delete;

  void clear();
  void for_reading(int handle);  // -1 is never ready
  void for_writing(int handle);

  // Until one of them is ready or has failed, `until` is reached (empty: never), or wake() is called.
  void wait(std::optional<std::chrono::steady_clock::time_point> until);
  void wake();  // any thread, also a signal handler

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace tillside::escpos
