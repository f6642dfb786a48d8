// "Please stop" from the operating system, as something to wait for. The seam: signals_posix.cpp.
#pragma once

#include <memory>

namespace tillside {

// SIGTERM and SIGINT are held back from every thread that begins after construction; SIGPIPE is ignored.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  void wait() const;     // until one comes or release()
  void release() const;  // ends wait(); any thread

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace tillside
