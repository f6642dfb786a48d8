#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "agent/platform/files.h"

namespace tillside {
namespace {

Error failed(const std::filesystem::path& path, const char* what) {
  const ErrorCode code = errno == ENOSPC || errno == EDQUOT ? ErrorCode::storage_full : ErrorCode::storage_failed;
  return {code, {}, std::string(what) + " " + path.string() + ": " + std::strerror(errno)};
}

class Handle {
 public:
  explicit Handle(int fd) : fd_(fd) {}
  ~Handle() {
    if (fd_ >= 0) ::close(fd_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

Status sync_folder(const std::filesystem::path& folder) {
  const Handle handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!handle || ::fsync(handle.get()) != 0) return failed(folder, "cannot sync");
  return {};
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

void keep_files_private() { ::umask(0077); }

Status make_private_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return Error{ErrorCode::storage_failed, {}, "cannot make " + folder.string() + ": " + error.message()};
  if (::chmod(folder.c_str(), 0700) != 0) return failed(folder, "cannot close to others");
  return {};
}

Status write_private_file(const std::filesystem::path& file, std::string_view content) {
  const std::filesystem::path fresh = file.string() + ".new";
  {
    const Handle handle(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!handle) return failed(fresh, "cannot write");
    if (!write_all(handle.get(), content) || ::fsync(handle.get()) != 0) return failed(fresh, "cannot write");
  }
  if (::rename(fresh.c_str(), file.c_str()) != 0) return failed(file, "cannot replace");
  return sync_folder(file.has_parent_path() ? file.parent_path() : ".");
}

Status move_durably(const std::filesystem::path& from, const std::filesystem::path& to) {
  const Handle handle(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (!handle || ::fsync(handle.get()) != 0) return failed(from, "cannot sync");
  if (::rename(from.c_str(), to.c_str()) != 0) return failed(to, "cannot replace");
  return sync_folder(to.has_parent_path() ? to.parent_path() : ".");
}

std::optional<std::string> read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

Result<std::filesystem::path> set_aside(const std::filesystem::path& file, std::string_view what) {
  for (int number = 1; number < 10000; ++number) {
    const std::filesystem::path target = file.string() + "." + std::string(what) + "-" + std::to_string(number);
    std::error_code error;
    if (std::filesystem::exists(target, error)) continue;
    std::filesystem::rename(file, target, error);
    if (error)
      return Error{ErrorCode::storage_failed, {}, "cannot set aside " + file.string() + ": " + error.message()};
    return target;
  }
  return Error{ErrorCode::limit, {}, "too many files set aside beside " + file.string()};
}

Result<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "lock";
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return failed(file, "cannot open");
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd);
    return Error{ErrorCode::conflict, {}, "another process works on " + folder.string()};
  }
  return FolderLock(fd);
}

FolderLock::FolderLock(FolderLock&& other) noexcept : handle_(std::exchange(other.handle_, -1)) {}
FolderLock& FolderLock::operator=(FolderLock&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}
FolderLock::~FolderLock() {
  if (handle_ >= 0) ::close(handle_);
}

}  // namespace tillside
