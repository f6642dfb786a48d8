#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "pos_adapter/journal/database/odbc/parent.h"

namespace tillside::odbc {

void die_with_parent() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() == 1) ::_exit(0);
}

bool read_some(std::string& bytes) {
  std::array<char, 16384> block;
  ssize_t got = 0;
  do got = ::read(STDIN_FILENO, block.data(), block.size());
  while (got < 0 && errno == EINTR);
  if (got > 0) bytes.append(block.data(), static_cast<std::size_t>(got));
  return got > 0;
}

bool write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace tillside::odbc
