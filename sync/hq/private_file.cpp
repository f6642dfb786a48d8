#include "sync/hq/private_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace tillside::hq {
namespace {

Error failed(const std::filesystem::path& file, const char* what) {
  const auto code = errno == ENOSPC ? ErrorCode::storage_full : ErrorCode::storage_failed;
  return {code, "", std::string(what) + " " + file.string() + ": " + std::strerror(errno)};
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const auto written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(fd) == 0;
}

void sync_folder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

}  // namespace

std::optional<std::string> read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

Status write_private_file(const std::filesystem::path& file, std::string_view content) {
  const auto part = std::filesystem::path(file.string() + ".new");
  const int fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return failed(part, "cannot create");
  const bool written = write_all(fd, content);
  if (::close(fd) != 0 || !written) return failed(part, "cannot write");
  if (::rename(part.c_str(), file.c_str()) != 0) return failed(file, "cannot replace");
  sync_folder(file.parent_path());
  return {};
}

}  // namespace tillside::hq
