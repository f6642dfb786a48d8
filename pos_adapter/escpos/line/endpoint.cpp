#include "pos_adapter/escpos/line/endpoint.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

namespace tillside::escpos {
namespace {

using PlaceKind = Endpoint::Kind;
using Parity = SerialSettings::Parity;
using Flow = SerialSettings::Flow;

constexpr std::array<std::uint32_t, 9> kBauds = {1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400};

Error refused(std::string_view words, const char* wanted) {
  return {ErrorCode::bad_format, {}, "\"" + std::string(words) + "\": " + wanted};
}

std::optional<std::uint32_t> number(std::string_view digits) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::vector<std::string_view> split(std::string_view words) {
  std::vector<std::string_view> out;
  for (;;) {
    const std::size_t comma = words.find(',');
    out.push_back(words.substr(0, comma));
    if (comma == std::string_view::npos) return out;
    words.remove_prefix(comma + 1);
  }
}

bool read_frame(std::string_view words, SerialSettings& out) {  // 8n1
  if (words.size() != 3 || (words[0] != '7' && words[0] != '8') || (words[2] != '1' && words[2] != '2')) return false;
  if (words[1] != 'n' && words[1] != 'e' && words[1] != 'o') return false;
  out.data_bits = static_cast<std::uint8_t>(words[0] - '0');
  out.stop_bits = static_cast<std::uint8_t>(words[2] - '0');
  out.parity = words[1] == 'n' ? Parity::none : words[1] == 'e' ? Parity::even : Parity::odd;
  return true;
}

bool read_flow(std::string_view word, SerialSettings& out) {
  if (word == "rtscts") out.flow = Flow::hardware;
  if (word == "xonxoff") out.flow = Flow::software;
  return word == "rtscts" || word == "xonxoff" || word == "none";
}

Result<Endpoint> read_serial(std::string_view words) {
  const auto parts = split(words);
  Endpoint out{.kind = PlaceKind::serial, .host = {}, .path = std::string(parts[0]), .serial = {}};
  if (out.path.empty() || parts.size() > 4) return refused(words, "serial:DEVICE,BAUD,8n1,rtscts is wanted");
  if (parts.size() > 1) {
    const auto baud = number(parts[1]);
    if (!baud || std::find(kBauds.begin(), kBauds.end(), *baud) == kBauds.end()) {
      return refused(parts[1], "not a speed of serial lines (9600, 19200, 38400, 115200 ...)");
    }
    out.serial.baud = *baud;
  }
  if (parts.size() > 2 && !read_frame(parts[2], out.serial)) return refused(parts[2], "8n1, 7e1 or alike is wanted");
  if (parts.size() > 3 && !read_flow(parts[3], out.serial))
    return refused(parts[3], "rtscts, xonxoff or none is wanted");
  return out;
}

Result<Endpoint> read_tcp(std::string_view words, bool to_listen) {
  Endpoint out;
  const std::size_t colon = words.rfind(':');
  const bool bracketed = !words.empty() && words.back() == ']';  // [::1]
  const std::string_view last = bracketed ? std::string_view() : words.substr(colon == words.npos ? 0 : colon + 1);
  const auto port = number(last);
  if (port && *port > 65535) return refused(words, "a port is at most 65535");
  if (port) out.port = static_cast<std::uint16_t>(*port);
  std::string_view host = !port ? words : colon == words.npos ? std::string_view() : words.substr(0, colon);
  if (host.size() > 1 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  out.host = host;
  if (out.host.empty() && !to_listen) return refused(words, "tcp:HOST:PORT is wanted");
  if (out.port == 0 && !to_listen) return refused(words, "a port is wanted");
  return out;
}

}  // namespace

Result<Endpoint> read_endpoint(std::string_view words, bool to_listen) {
  if (to_listen && words == "stdin") {
    Endpoint out;
    out.kind = PlaceKind::standard_input;
    return out;
  }
  const std::size_t colon = words.find(':');
  const std::string_view kind = words.substr(0, colon);
  const std::string_view rest = colon == words.npos ? std::string_view() : words.substr(colon + 1);
  if (kind == "tcp") return read_tcp(rest, to_listen);
  if (kind == "serial") return read_serial(rest);
  Endpoint out;
  out.kind = kind == "pty" ? PlaceKind::pty : PlaceKind::device;
  out.path = rest;
  if (out.path.empty() || (kind != "device" && !(kind == "pty" && to_listen))) {
    return refused(words, to_listen ? "tcp:PORT, serial:DEVICE, pty:PATH, device:PATH or stdin is wanted"
                                    : "tcp:HOST:PORT, serial:DEVICE or device:PATH is wanted");
  }
  return out;
}

std::string to_words(const Endpoint& endpoint) {
  switch (endpoint.kind) {
    case PlaceKind::tcp:
      return "tcp:" + (endpoint.host.empty() ? "" : endpoint.host + ":") + std::to_string(endpoint.port);
    case PlaceKind::serial:
      return "serial:" + endpoint.path;
    case PlaceKind::pty:
      return "pty:" + endpoint.path;
    case PlaceKind::device:
      return "device:" + endpoint.path;
    case PlaceKind::standard_input:
      return "stdin";
  }
  return {};
}

}  // namespace tillside::escpos
