#include "tests/fakes/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <stdexcept>

namespace tillside::fakes {
namespace {

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> out;
  for (const std::string& word : words) out.push_back(const_cast<char*>(word.c_str()));
  out.push_back(nullptr);
  return out;
}

pid_t spawn(const std::vector<std::string>& words, int out, int err) {
  auto arguments = pointers(words);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) throw std::runtime_error("fork: " + std::string(std::strerror(errno)));
  if (pid > 0) return pid;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(126);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

std::string drain(int end) {
  std::string text;
  std::array<char, 4096> piece;
  for (ssize_t n; (n = ::read(end, piece.data(), piece.size())) > 0;) text.append(piece.data(), std::size_t(n));
  return text;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& words, const std::filesystem::path& log) {
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (out < 0) throw std::runtime_error("cannot write " + log.string());
  pid_ = spawn(words, out, out);
  ::close(out);
}

ChildProcess::~ChildProcess() { kill_now(); }

bool ChildProcess::running() {
  if (!ended_ && ::waitpid(pid_, &how_, WNOHANG) == pid_) ended_ = true;
  return !ended_;
}

void ChildProcess::kill_now() {
  if (!running()) return;
  ::kill(pid_, SIGKILL);
  ended_ = ::waitpid(pid_, &how_, 0) == pid_;
}

int ChildProcess::stop() {
  if (running()) ::kill(pid_, SIGTERM);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (running() && std::chrono::steady_clock::now() < deadline) (void)::poll(nullptr, 0, 2);
  if (running()) return -1;
  return WIFEXITED(how_) ? WEXITSTATUS(how_) : -1;
}

std::string run_program(const std::vector<std::string>& words) {
  int out[2], err[2];
  if (::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(err, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  const pid_t pid = spawn(words, out[1], err[1]);
  ::close(out[1]);
  ::close(err[1]);
  const std::string text = drain(out[0]), complaint = drain(err[0]);
  ::close(out[0]);
  ::close(err[0]);
  int how = 0;
  ::waitpid(pid, &how, 0);
  if (!WIFEXITED(how) || WEXITSTATUS(how) != 0) throw std::runtime_error(words.front() + ": " + complaint);
  return text;
}

}  // namespace tillside::fakes
