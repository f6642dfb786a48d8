// A receipt printer on loopback TCP: takes one connection at a time, answers what it is asked, and can be off, mute,
// slow, late or unplugged in the middle. And the POS's end of a line.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace tillside::fakes {

struct PrinterHabits {
  bool mute = false;
  std::chrono::milliseconds late{0};  // before it answers
  std::size_t bytes_per_ms = 0;       // 0: as fast as they come
  std::size_t unplugged_after = 0;    // bytes of a job; 0: never
  bool closes_at_the_end = true;      // when the other side has said all
};

// Any thread.
class FakePrinter {
 public:
  explicit FakePrinter(PrinterHabits habits = {}, std::uint16_t port = 0);
  ~FakePrinter();  // off: its port refuses
  FakePrinter(const FakePrinter&) = delete;
  FakePrinter& operator=(const FakePrinter&) = delete;

  std::uint16_t port() const { return port_; }
  std::vector<std::string> jobs() const;  // the bytes of each connection, the present one last
  std::string paper() const;              // all of them

  // Until what was received fulfils it, 20 s at most; what is asked may use the bytes of all jobs.
  bool wait_for(const std::function<bool(const std::vector<std::string>&)>& fulfilled) const;
  bool wait_for_paper(std::string_view bytes) const;  // exactly these

 private:
  void run();
  void serve(int connection);

  const PrinterHabits habits_;
  int listener_ = -1, wake_[2] = {-1, -1};
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;  // guards jobs_
  mutable std::condition_variable changed_;
  std::vector<std::string> jobs_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

// The POS's end: a TCP connection or the file of a serial line. One thread at a time.
class PosLine {
 public:
  static PosLine to_port(std::uint16_t port);  // throws std::runtime_error when refused
  static PosLine to_terminal(const std::string& path);
  PosLine(PosLine&& other) noexcept;
  ~PosLine();

  bool send(std::string_view bytes);  // false: the line is gone
  void end();                         // no more from us; answers may still come
  void close();
  // What comes until `size` bytes are here, the line ends or `patience` is over.
  std::string read(std::size_t size, std::chrono::milliseconds patience = std::chrono::milliseconds(20000));
  bool reset();  // waits until the line ends; whether it ended as an unplugged device's does

 private:
  explicit PosLine(int handle) : handle_(handle) {}
  int handle_ = -1;
};

}  // namespace tillside::fakes
