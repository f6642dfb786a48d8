// Somebody else at the agent's socket: answers what the test says, as slowly and as wrongly as it likes.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace tillside::pos_test {

struct Asked {
  std::string method, path, head, body;
};

class FakeAgent {
 public:
  // Answers one request; false hangs up. Called from a thread for each connection.
  using Script = std::function<bool(int connection, const Asked& asked)>;

  FakeAgent(std::string path, Script script);  // GET /health is answered with 200 besides
  ~FakeAgent();
  FakeAgent(const FakeAgent&) = delete;
  FakeAgent& operator=(const FakeAgent&) = delete;

  std::atomic<bool> healthy{true};
  std::atomic<int> connections{0};
  std::vector<Asked> asked() const;  // but for /health, in the order they came

  static void send(int connection, std::string_view bytes);
  // Byte by byte, `ms` apart, until done or the peer is gone.
  static void dribble(int connection, std::string_view bytes, int ms);
  static std::string answer(int status, std::string_view body, std::string_view type = "application/json");

 private:
  void accept_all();
  void serve(int connection);

  const std::string path_;
  const Script script_;
  int listener_ = -1;
  std::atomic<bool> stopping_{false};
  mutable std::mutex mutex_;
  std::vector<Asked> asked_;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace tillside::pos_test
