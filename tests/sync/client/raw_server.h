// A TCP server on a free loopback port that says exactly the bytes a test wants.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace tillside::test {

class RawServer {
 public:
  // One connection: what was read so far in `heard`; say() sends; returns when the script ends.
  class Visit {
   public:
    explicit Visit(int socket, int stop) : socket_(socket), stop_(stop) {}
    std::string hear_request();  // head and Content-Length body; empty when the peer is gone or the server stops
    void say(const std::string& bytes);
    void wait_for_end();  // until the peer closes or the server stops

   private:
    bool readable();
    int socket_, stop_;
  };
  // `script` runs on the server's thread for each connection in turn.
  explicit RawServer(std::function<void(Visit&)> script);
  ~RawServer();

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  int connections() const;

 private:
  void run();
  std::function<void(Visit&)> script_;
  int listener_ = -1, stop_[2] = {-1, -1}, port_ = 0;
  mutable std::mutex mutex_;
  int connections_ = 0;
  std::thread thread_;
};

}  // namespace tillside::test
