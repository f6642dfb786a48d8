#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "pos_adapter/escpos/line/terminals.h"

namespace tillside::escpos {
namespace {

constexpr int kBackChannel = 3;  // of a CUPS backend

Error line_failed(const std::string& what) { return {ErrorCode::unavailable, {}, what + ": " + std::strerror(errno)}; }

speed_t speed_of(std::uint32_t baud) {
  constexpr std::array<std::pair<std::uint32_t, speed_t>, 9> kSpeeds = {{{1200, B1200},
                                                                         {2400, B2400},
                                                                         {4800, B4800},
                                                                         {9600, B9600},
                                                                         {19200, B19200},
                                                                         {38400, B38400},
                                                                         {57600, B57600},
                                                                         {115200, B115200},
                                                                         {230400, B230400}}};
  for (const auto& [rate, speed] : kSpeeds) {
    if (rate == baud) return speed;
  }
  return B9600;
}

// Eight clean bits a byte both ways: no echo, no line editing, no character that means something to the system.
bool make_raw(int handle, const SerialSettings& settings) {
  termios line{};
  if (::tcgetattr(handle, &line) != 0) return false;
  ::cfmakeraw(&line);
  line.c_cflag &= ~static_cast<tcflag_t>(CSIZE | PARENB | PARODD | CSTOPB | CRTSCTS);
  line.c_cflag |= CLOCAL | CREAD | (settings.data_bits == 7 ? CS7 : CS8);
  if (settings.stop_bits == 2) line.c_cflag |= CSTOPB;
  if (settings.parity != SerialSettings::Parity::none) line.c_cflag |= PARENB;
  if (settings.parity == SerialSettings::Parity::odd) line.c_cflag |= PARODD;
  if (settings.flow == SerialSettings::Flow::hardware) line.c_cflag |= CRTSCTS;
  if (settings.flow == SerialSettings::Flow::software) line.c_iflag |= IXON | IXOFF;
  line.c_cc[VMIN] = 1;
  line.c_cc[VTIME] = 0;
  (void)::cfsetispeed(&line, speed_of(settings.baud));
  (void)::cfsetospeed(&line, speed_of(settings.baud));
  return ::tcsetattr(handle, TCSANOW, &line) == 0;
}

int open_at(const std::string& path, int flags) {
  return ::open(path.c_str(), flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

mode_t kind_of_file(const std::string& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 ? about.st_mode & S_IFMT : 0;
}

}  // namespace

Result<Channel> open_serial(const Endpoint& place) {
  const int handle = open_at(place.path, O_RDWR);
  if (handle < 0) return line_failed(place.path);
  Channel out(handle, handle, false);
  if (!make_raw(handle, place.serial)) return line_failed(place.path);
  return out;
}

Result<Channel> open_pty(const std::string& link) {
  const int ours = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (ours < 0) return line_failed("a pseudo-terminal");
  Channel out(ours, ours, false);
  std::array<char, 128> name{};
  if (::grantpt(ours) != 0 || ::unlockpt(ours) != 0 || ::ptsname_r(ours, name.data(), name.size()) != 0) {
    return line_failed("a pseudo-terminal");
  }
  const int theirs =
      ::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);  // kept open: a POS that closes it may come back
  if (theirs < 0) return line_failed(name.data());
  out.hold(theirs);
  (void)make_raw(theirs, {});
  struct stat old {};
  if (::lstat(link.c_str(), &old) == 0 && S_ISLNK(old.st_mode)) (void)::unlink(link.c_str());  // of a run before
  if (::symlink(name.data(), link.c_str()) != 0) return line_failed(link);
  out.forget_link_when_closed(link);
  return out;
}

Result<Channel> open_device(const std::string& path) {
  const mode_t kind = kind_of_file(path);
  int handle = kind == S_IFCHR ? open_at(path, O_RDWR) : -1;
  const bool both_ways = handle >= 0;
  if (!both_ways) handle = open_at(path, O_WRONLY | O_APPEND);
  if (handle < 0) return line_failed(path);
  Channel out(both_ways ? handle : -1, handle, false);
  if (::isatty(handle) != 0 && !make_raw(handle, {})) return line_failed(path);
  return out;
}

Result<Channel> open_inbox(const std::string& path) {
  const mode_t kind = kind_of_file(path);
  if (kind == S_IFCHR) return open_device(path);
  if (kind == 0 && ::mkfifo(path.c_str(), 0622) != 0) return line_failed(path);
  if (kind != 0 && kind != S_IFIFO)
    return Error{ErrorCode::bad_format, {}, path + ": a device or a named pipe is wanted"};
  const int handle = open_at(path, O_RDONLY);
  if (handle < 0) return line_failed(path);
  Channel out(handle, -1, false);
  const int writer = open_at(path, O_WRONLY);  // so that it does not end when a POS closes it
  if (writer >= 0) out.hold(writer);
  return out;
}

Result<Channel> open_standard_input() {
  (void)::fcntl(STDIN_FILENO, F_SETFL, ::fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
  const int flags = ::fcntl(kBackChannel, F_GETFL);
  const bool answers = std::getenv("DEVICE_URI") != nullptr && flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
  if (answers) (void)::fcntl(kBackChannel, F_SETFL, flags | O_NONBLOCK);
  return Channel(STDIN_FILENO, answers ? kBackChannel : -1, false);
}

void show_modem_lines(int handle, bool ready) {
  const int lines = TIOCM_DTR | TIOCM_RTS;
  (void)::ioctl(handle, ready ? TIOCMBIS : TIOCMBIC, &lines);
}

}  // namespace tillside::escpos
