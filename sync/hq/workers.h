// A few threads that do what an io thread must not wait for. Bounded: what does not fit is refused at once.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace tillside::hq {

// Any thread may post. Destroying it finishes what was taken and drops what waits. With no threads of its own the
// task is done in post(), for simulations, where one thread does everything.
class Workers {
 public:
  Workers(std::size_t threads, std::size_t max_waiting);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // False when too much waits or it is stopping; then the task was not taken.
  bool post(std::function<void()> task);
  void stop();

 private:
  void work();

  const std::size_t max_waiting_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> waiting_;  // guarded by mutex_
  bool stopping_ = false;                      // guarded by mutex_
  std::vector<std::thread> threads_;
};

}  // namespace tillside::hq
