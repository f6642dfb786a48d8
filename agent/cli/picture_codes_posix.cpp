#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <sstream>

#include "agent/cli/picture_codes.h"

extern char** environ;

namespace tillside::cli {
namespace {

using namespace std::string_view_literals;

constexpr const char* kReader = "tillside-inspect";

struct Pipe {
  std::array<int, 2> ends{-1, -1};
  Pipe() {
    if (::pipe(ends.data()) != 0) ends = {-1, -1};
  }
  ~Pipe() {
    close(0);
    close(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close(std::size_t end) {
    if (ends[end] >= 0) ::close(ends[end]);
    ends[end] = -1;
  }
};

// Beside this program, else wherever the PATH has it.
std::string reader() {
  std::error_code error;
  const auto beside = std::filesystem::read_symlink("/proc/self/exe", error).parent_path() / kReader;
  return !error && std::filesystem::exists(beside, error) ? beside.string() : std::string(kReader);
}

struct Actions {
  posix_spawn_file_actions_t actions;
  Actions() { ::posix_spawn_file_actions_init(&actions); }
  ~Actions() { ::posix_spawn_file_actions_destroy(&actions); }
  void join(int from, int to) { ::posix_spawn_file_actions_adddup2(&actions, from, to); }
  void close(int handle) { ::posix_spawn_file_actions_addclose(&actions, handle); }
};

bool start(Pipe& in, Pipe& out, pid_t& child) {
  std::string program = reader();
  Actions actions;
  actions.join(in.ends[0], STDIN_FILENO);
  actions.join(out.ends[1], STDOUT_FILENO);
  for (const int handle : {in.ends[0], in.ends[1], out.ends[0], out.ends[1]}) actions.close(handle);
  std::array<char*, 2> words{program.data(), nullptr};
  return ::posix_spawnp(&child, program.c_str(), &actions.actions, nullptr, words.data(), environ) == 0;
}

// The reader takes all of the picture before it writes a word, so that neither waits for the other.
void hand_over(int handle, std::string_view bytes) {
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  while (!bytes.empty()) {
    const ssize_t written = ::write(handle, bytes.data(), bytes.size());
    if (written <= 0) break;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  std::signal(SIGPIPE, before);
}

std::string all_of(int handle) {
  std::string text;
  std::array<char, 4096> block;
  for (ssize_t got = 0; (got = ::read(handle, block.data(), block.size())) > 0;)
    text.append(block.data(), static_cast<std::size_t>(got));
  return text;
}

}  // namespace

bool is_picture(std::string_view bytes) {
  return bytes.substr(0, 8) == "\x89PNG\r\n\x1a\n"sv || bytes.substr(0, 3) == "\xFF\xD8\xFF"sv;
}

Result<std::vector<std::string>> codes_in_picture(std::string_view bytes) {
  if (bytes.size() > kMostPictureBytes) return Error{ErrorCode::out_of_range, {}, "a picture over 32 MiB"};
  Pipe in, out;
  pid_t child = -1;
  if (in.ends[0] < 0 || out.ends[0] < 0) return Error{ErrorCode::unavailable, {}, "no pipe"};
  if (!start(in, out, child))
    return Error{ErrorCode::unavailable, {}, "tillside-inspect, which reads pictures, is not installed"};
  in.close(0);
  out.close(1);
  hand_over(in.ends[1], bytes);
  in.close(1);
  std::istringstream lines(all_of(out.ends[0]));
  int how = 0;
  ::waitpid(child, &how, 0);
  if (WIFEXITED(how) && WEXITSTATUS(how) == 127)
    return Error{ErrorCode::unavailable, {}, "tillside-inspect, which reads pictures, is not installed"};
  if (!WIFEXITED(how) || WEXITSTATUS(how) != 0) return Error{ErrorCode::bad_format, {}, "not a sound PNG or JPEG"};
  std::vector<std::string> codes;
  for (std::string line; std::getline(lines, line);) codes.push_back(line);
  return codes;
}

}  // namespace tillside::cli
