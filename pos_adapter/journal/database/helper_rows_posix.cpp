#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <mutex>
#include <system_error>

#include "pos_adapter/journal/database/frames.h"
#include "pos_adapter/journal/database/helper_rows.h"

extern char** environ;

namespace tillside::journal {
namespace {

constexpr const char* kProgram = "tillside-odbc";
constexpr int kGrace = 2;  // seconds

using Steady = std::chrono::steady_clock;

Error away(std::string why) { return {ErrorCode::unavailable, "database", std::move(why)}; }

std::string found(const std::filesystem::path& program) {
  if (!program.empty()) return program.string();
  std::error_code error;
  const auto beside = std::filesystem::read_symlink("/proc/self/exe", error).parent_path() / kProgram;
  return !error && std::filesystem::exists(beside, error) ? beside.string() : std::string(kProgram);
}

class Handle {
 public:
  Handle() = default;
  ~Handle() { close(); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  void take(int handle) {
    close();
    handle_ = handle;
  }
  void close() {
    if (handle_ >= 0) ::close(handle_);
    handle_ = -1;
  }
  int get() const { return handle_; }

 private:
  int handle_ = -1;
};

bool make_pipe(Handle& reading, Handle& writing) {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  reading.take(ends[0]);
  writing.take(ends[1]);
  return true;
}

struct Actions {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  Actions() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
  }
  ~Actions() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  // Its own process group, so that a Ctrl-C at the agent's terminal is the agent's alone to answer; no blocked signals.
  void set_apart() {
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  }
};

// The helper while it runs. kill() from any thread; the rest from one.
class Helper {
 public:
  ~Helper() { end(); }

  bool running() const { return child_ > 0; }

  bool start(const std::string& program) {
    Handle child_in, child_out;
    if (!make_pipe(child_in, to_) || !make_pipe(from_, child_out)) return false;
    ::fcntl(to_.get(), F_SETFL, O_NONBLOCK);
    Actions actions;
    ::posix_spawn_file_actions_adddup2(&actions.actions, child_in.get(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions.actions, child_out.get(), STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&actions.actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addclosefrom_np(&actions.actions, STDERR_FILENO + 1);
    actions.set_apart();
    std::string name = program;
    std::array<char*, 2> words{name.data(), nullptr};
    pid_t child = -1;
    if (::posix_spawnp(&child, program.c_str(), &actions.actions, &actions.attributes, words.data(), environ) != 0)
      return false;
    const std::lock_guard lock(mutex_);
    child_ = child;
    return true;
  }

  void kill() {
    const std::lock_guard lock(mutex_);
    if (child_ > 0) ::kill(child_, SIGKILL);
  }

  void end() {
    to_.close();
    from_.close();
    kill();
    pid_t child = -1;
    {
      const std::lock_guard lock(mutex_);
      std::swap(child, child_);
    }
    while (child > 0 && ::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  // False: gone, or not in time. A pipe without a reader must not end the agent: it ignores SIGPIPE, tools mask it
  // here.
  bool write(std::string_view bytes, Steady::time_point until) {
    while (!bytes.empty()) {
      if (!ready(to_.get(), POLLOUT, until)) return false;
      const ssize_t written = write_quietly(bytes);
      if (written < 0 && errno != EAGAIN && errno != EINTR) return false;
      if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }

  // Appends what there is. False: gone, or not in time.
  bool read(std::string& bytes, Steady::time_point until) {
    if (!ready(from_.get(), POLLIN, until)) return false;
    std::array<char, 16384> block;
    const ssize_t got = ::read(from_.get(), block.data(), block.size());
    if (got > 0) bytes.append(block.data(), static_cast<std::size_t>(got));
    return got > 0 || (got < 0 && errno == EINTR);
  }

 private:
  ssize_t write_quietly(std::string_view bytes) {
    sigset_t pipe, before;
    ::sigemptyset(&pipe);
    ::sigaddset(&pipe, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe, &before);
    const ssize_t written = ::write(to_.get(), bytes.data(), bytes.size());
    const int problem = errno;
    const timespec now{};
    if (written < 0 && problem == EPIPE) ::sigtimedwait(&pipe, nullptr, &now);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = problem;
    return written;
  }

  static bool ready(int handle, short what, Steady::time_point until) {
    while (true) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Steady::now()).count();
      if (left <= 0) return false;
      pollfd one{handle, what, 0};
      const int got = ::poll(&one, 1, static_cast<int>(left));
      if (got > 0) return true;
      if (got == 0 || errno != EINTR) return false;
    }
  }

  std::mutex mutex_;
  pid_t child_ = -1;  // guarded by mutex_
  Handle to_, from_;
};

std::optional<ColumnKind> column_kind(std::string_view name) {
  if (name == "text") return ColumnKind::text;
  if (name == "number") return ColumnKind::number;
  if (name == "time") return ColumnKind::time;
  return name == "other" ? std::optional(ColumnKind::other) : std::nullopt;
}

class HelperRows : public RowSource {
 public:
  explicit HelperRows(HelperConfig config) : config_(std::move(config)) {}

  Result<Rows> fetch(const RowsOrder& order) override {
    if (interrupted()) return away("stopping");
    if (!helper_.running() && !helper_.start(found(config_.program)))
      return away(std::string(kProgram) + " is not installed beside tillside");
    // A stop that came while it was being started has killed nothing yet.
    auto rows = interrupted() ? Result<Rows>(away("stopping")) : ask(order);
    if (!rows.ok() && (broken_ || interrupted())) helper_.end();
    return rows;
  }

  void interrupt() override {
    {
      const std::lock_guard lock(mutex_);
      interrupted_ = true;
    }
    helper_.kill();
  }

 private:
  bool interrupted() {
    const std::lock_guard lock(mutex_);
    return interrupted_;
  }

  Result<Rows> ask(const RowsOrder& order) {
    broken_ = true;
    // The log-in and the query may each take their time.
    const auto until = Steady::now() + std::chrono::seconds(2 * config_.timeout_s + kGrace);
    const Frame question{'Q',
                         {config_.connection, config_.query, order.kind == MarkKind::integer ? "integer" : "time",
                          order.after, std::to_string(order.limit), std::to_string(config_.timeout_s),
                          config_.as_bytes ? "1" : "0", config_.uncommitted ? "1" : "0"}};
    if (!helper_.write(write_frame(question), until)) return lost(until);
    Rows rows;
    std::string bytes;
    while (true) {
      bool nonsense = false;
      const auto frame = take_frame(bytes, nonsense);
      if (nonsense) return away(std::string(kProgram) + " wrote nonsense");
      if (!frame) {
        if (!helper_.read(bytes, until)) return lost(until);
        continue;
      }
      if (auto end = take(*frame, order, rows)) {
        broken_ = false;
        if (*end) return **end;
        return rows;
      }
    }
  }

  Error lost(Steady::time_point until) const {
    const bool late = Steady::now() + std::chrono::milliseconds(5) >= until;  // poll counts whole milliseconds
    return late ? away("no answer in time") : away(std::string(kProgram) + " ended");
  }

  // nullopt: go on. Else the end, with an Error or none.
  std::optional<std::optional<Error>> take(const Frame& frame, const RowsOrder& order, Rows& rows) {
    if (frame.letter == 'C') {
      for (std::size_t i = 0; i + 1 < frame.fields.size(); i += 2)
        rows.columns.push_back({frame.text(i), column_kind(frame.text(i + 1)).value_or(ColumnKind::other)});
    } else if (frame.letter == 'R') {
      if (rows.rows.size() < order.limit) rows.rows.push_back(frame.fields);
    } else if (frame.letter == 'E') {
      const std::string code = frame.text(0);
      const ErrorCode known = code == "refused"      ? ErrorCode::refused
                              : code == "bad_format" ? ErrorCode::bad_format
                                                     : ErrorCode::unavailable;
      return std::optional(Error{known, "database", frame.text(1)});
    } else if (frame.letter == 'D') {
      return std::optional<Error>();
    }
    return {};
  }

  const HelperConfig config_;
  Helper helper_;
  bool broken_ = false;  // the helper stands in the middle of something
  std::mutex mutex_;
  bool interrupted_ = false;  // guarded by mutex_
};

}  // namespace

std::unique_ptr<RowSource> make_helper_rows(HelperConfig config) {
  return std::make_unique<HelperRows>(std::move(config));
}

}  // namespace tillside::journal
