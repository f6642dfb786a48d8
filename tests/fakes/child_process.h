// Another program of ours, run by a test: started, killed, stopped, its output in a file.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace tillside::fakes {

// One thread at a time. The child dies with the thread that started it.
class ChildProcess {
 public:
  // Standard output and error are appended to `log`. Throws std::runtime_error when it cannot be started.
  ChildProcess(const std::vector<std::string>& words, const std::filesystem::path& log);
  ~ChildProcess();  // kills it
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  bool running();
  void kill_now();  // SIGKILL, and waits for its end
  int stop();       // SIGTERM; its exit code, -1 when it did not end within 20 seconds or by itself

 private:
  pid_t pid_ = -1;
  int how_ = 0;
  bool ended_ = false;
};

// Runs to its end; its standard output. Throws std::runtime_error with its standard error unless it exits with 0.
std::string run_program(const std::vector<std::string>& words);

}  // namespace tillside::fakes
