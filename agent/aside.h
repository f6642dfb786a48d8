// One thread for what may take a while and must not hold up a door: asking headquarters to enrol, counting for a
// report.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace tillside {

class Aside {
 public:
  static constexpr std::size_t kMaxWaiting = 32;

  Aside();
  ~Aside();  // drops what has not begun, waits for what has

  // In order, one at a time. false: too much waits; `work` is not run. Any thread.
  bool run(std::function<void()> work);

 private:
  void loop();

  std::mutex mutex_;  // guards the three below
  std::condition_variable wake_;
  std::deque<std::function<void()>> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace tillside
