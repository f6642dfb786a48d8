#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "agent/cli/serial_line.h"

namespace tillside::cli {
namespace {

constexpr int kSilence = 150;  // ms
constexpr std::size_t kLongest = 4096;
constexpr std::string_view kEnds("\r\n\t\x03", 4);

std::optional<speed_t> speed_of(std::uint32_t baud) {
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
  return std::nullopt;
}

Error wanted() {
  return {ErrorCode::bad_format, "device",
          "DEVICE[,BAUD[,8n1]] with 1200 to 230400 baud, such as /dev/ttyACM0,9600,8n1"};
}

// False when it is none of 7 or 8, n, e or o, 1 or 2.
bool take_frame(std::string_view frame, SerialPlace& place) {
  if (frame.size() != 3 || (frame[0] != '7' && frame[0] != '8') || (frame[2] != '1' && frame[2] != '2')) return false;
  if (std::string_view("neo").find(frame[1]) == std::string_view::npos) return false;
  place.data_bits = static_cast<std::uint8_t>(frame[0] - '0');
  place.parity = frame[1];
  place.stop_bits = static_cast<std::uint8_t>(frame[2] - '0');
  return true;
}

bool take_baud(std::string_view text, SerialPlace& place) {
  std::uint32_t baud = 0;
  if (text.empty() || text.size() > 6) return false;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    baud = baud * 10 + static_cast<std::uint32_t>(c - '0');
  }
  place.baud = baud;
  return speed_of(baud).has_value();
}

std::string_view take_part(std::string_view& words) {
  const std::string_view part = words.substr(0, words.find(','));
  words.remove_prefix(std::min(words.size(), part.size() + 1));
  return part;
}

bool make_raw(int handle, const SerialPlace& place) {
  termios line{};
  if (::tcgetattr(handle, &line) != 0) return false;
  ::cfmakeraw(&line);
  line.c_cflag &= ~static_cast<tcflag_t>(CSIZE | PARENB | PARODD | CSTOPB | CRTSCTS);
  line.c_cflag |= CLOCAL | CREAD | (place.data_bits == 7 ? CS7 : CS8);
  if (place.stop_bits == 2) line.c_cflag |= CSTOPB;
  if (place.parity != 'n') line.c_cflag |= PARENB;
  if (place.parity == 'o') line.c_cflag |= PARODD;
  const speed_t speed = speed_of(place.baud).value_or(B9600);
  (void)::cfsetispeed(&line, speed);
  (void)::cfsetospeed(&line, speed);
  return ::tcsetattr(handle, TCSANOW, &line) == 0;
}

Error failed(const std::string& what) { return {ErrorCode::unavailable, "device", what + ": " + std::strerror(errno)}; }

std::string printable(std::string_view text) {
  std::string clean;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= ' ' && c != '\x7F') clean += c;
  }
  return clean;
}

}  // namespace

Result<SerialPlace> read_serial_place(std::string_view words) {
  SerialPlace place;
  place.device = take_part(words);
  if (place.device.empty()) return wanted();
  if (!words.empty() && !take_baud(take_part(words), place)) return wanted();
  if (!words.empty() && !take_frame(words, place)) return wanted();
  return place;
}

Result<SerialLine> SerialLine::open(const SerialPlace& place) {
  const int handle = ::open(place.device.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (handle < 0) return failed(place.device);
  SerialLine line(handle);
  if (!make_raw(handle, place)) return failed(place.device);
  return line;
}

SerialLine::SerialLine(SerialLine&& other) noexcept
    : handle_(std::exchange(other.handle_, -1)), pending_(std::move(other.pending_)) {}

SerialLine::~SerialLine() {
  if (handle_ >= 0) ::close(handle_);
}

Result<std::string> SerialLine::next() {
  std::array<char, 512> read{};
  for (;;) {
    std::size_t end = pending_.find_first_of(kEnds);
    if (end == std::string::npos) {
      pollfd watched{handle_, POLLIN, 0};
      const int ready = ::poll(&watched, 1, pending_.empty() ? -1 : kSilence);
      if (ready < 0 && errno == EINTR) continue;
      if (ready > 0) {
        const ssize_t count = ::read(handle_, read.data(), read.size());
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        if (count <= 0) return Error{ErrorCode::unavailable, "device", "the scanner's line went away"};
        pending_.append(read.data(), static_cast<std::size_t>(count));
        continue;
      }
      end = pending_.size();
    }
    const std::string line = printable(std::string_view(pending_).substr(0, end));
    pending_.erase(0, std::min(end + 1, pending_.size()));
    if (!line.empty() && line.size() <= kLongest) return line;
  }
}

}  // namespace tillside::cli
