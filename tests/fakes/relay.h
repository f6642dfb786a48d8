// The network between a till and headquarters: a TCP relay on loopback that a test can cut, restore and spoil.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>

namespace tillside::fakes {

// Any thread.
class Relay {
 public:
  explicit Relay(std::uint16_t target);
  ~Relay();
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  std::uint16_t port() const { return port_; }
  void set_target(std::uint16_t port);  // for connections made from now on

  void cut();      // ends every connection; new ones end at once
  void restore();  // new connections pass again

  // From now on requests pass, and what the other side answers to a request whose bytes hold `mark` is dropped: the
  // answer is lost on its way. Counted by lost().
  void lose_answers_to(std::string mark);
  void lose_nothing();
  std::uint64_t lost() const { return lost_; }

 private:
  struct Pair {
    int near = -1, far = -1;
    bool losing = false, dead = false;
  };
  void run();
  void take_connection();
  void pass(Pair& pair, bool from_near);
  void end_all();
  void tell();

  int listener_ = -1, wake_[2] = {-1, -1};
  std::uint16_t port_ = 0;
  std::atomic<std::uint16_t> target_;
  std::atomic<bool> cut_{false}, stopping_{false};
  std::atomic<std::uint64_t> lost_{0};
  std::mutex mutex_;  // guards mark_
  std::string mark_;
  std::list<Pair> pairs_;  // of the thread
  std::thread thread_;
};

}  // namespace tillside::fakes
