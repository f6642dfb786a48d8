#include "agent/cli/serial_line.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace tillside::cli {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kSilence{150};
constexpr std::size_t kLongest = 4096;
constexpr std::string_view kEnds("\r\n\t\x03", 4);

Error at_device(Error error) {
  error.field = "device";
  return error;
}

std::string printable(std::string_view text) {
  std::string clean;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= ' ' && c != '\x7F') clean += c;
  }
  return clean;
}

}  // namespace

Result<escpos::Endpoint> read_serial_place(std::string_view words) {
  auto place = escpos::read_endpoint("serial:" + std::string(words), false);
  if (!place) return at_device(place.error());
  return place;
}

Result<SerialLine> SerialLine::open(const escpos::Endpoint& place) {
  auto channel = escpos::open_printer(place);
  if (!channel) return at_device(channel.error());
  return SerialLine(std::move(*channel));
}

Result<bool> SerialLine::more() {
  std::optional<steady_clock::time_point> until;
  if (!pending_.empty()) until = steady_clock::now() + kSilence;
  for (std::array<char, 512> piece{};;) {
    waits_->clear();
    waits_->for_reading(channel_.in());
    waits_->wait(until);
    std::size_t got = 0;
    switch (channel_.read(piece.data(), piece.size(), got)) {
      case escpos::Channel::Got::bytes:
        pending_.append(piece.data(), got);
        return true;
      case escpos::Channel::Got::nothing:
        if (until && steady_clock::now() >= *until) return false;
        break;
      case escpos::Channel::Got::closed:
      case escpos::Channel::Got::failed:
        return Error{ErrorCode::unavailable, "device", "the scanner's line went away"};
    }
  }
}

Result<std::string> SerialLine::next() {
  for (;;) {
    std::size_t end = pending_.find_first_of(kEnds);
    if (end == std::string::npos) {
      const auto came = more();
      if (!came) return came.error();
      if (*came) continue;
      end = pending_.size();
    }
    const std::string line = printable(std::string_view(pending_).substr(0, end));
    pending_.erase(0, std::min(end + 1, pending_.size()));
    if (!line.empty() && line.size() <= kLongest) return line;
  }
}

}  // namespace tillside::cli
