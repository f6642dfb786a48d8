#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>

#include "sync/client/answer_intake.h"
#include "sync/client/answer_reader.h"
#include "sync/client/plain_transport.h"

namespace tillside::sync {
namespace {

using SteadyClock = std::chrono::steady_clock;

#ifdef MSG_NOSIGNAL
constexpr int kSendFlags = MSG_NOSIGNAL;
#else
constexpr int kSendFlags = 0;
#endif

Error unavailable(std::string detail) { return Error{ErrorCode::unavailable, "", std::move(detail)}; }

struct Address {
  sockaddr_storage bytes{};
  socklen_t size = 0;
};

// `place` is a checked "host[:port]".
Address address_of(std::string_view place) {
  const auto bracket = place.find(']');
  const auto colon = place.find(':', bracket == place.npos ? 0 : bracket);
  const auto port = colon == place.npos ? 80 : std::atoi(std::string(place.substr(colon + 1)).c_str());
  const std::string host(place.substr(0, colon));
  Address address;
  if (bracket != place.npos) {
    auto& six = reinterpret_cast<sockaddr_in6&>(address.bytes);
    six.sin6_family = AF_INET6;
    six.sin6_addr = in6addr_loopback;
    six.sin6_port = htons(static_cast<std::uint16_t>(port));
    address.size = sizeof(six);
    return address;
  }
  auto& four = reinterpret_cast<sockaddr_in&>(address.bytes);
  four.sin_family = AF_INET;
  four.sin_port = htons(static_cast<std::uint16_t>(port));
  if (host == "localhost" || ::inet_pton(AF_INET, host.c_str(), &four.sin_addr) != 1)
    four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.size = sizeof(four);
  return address;
}

void set_non_blocking(int descriptor) {
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

std::string text_of(const HqTransport::Request& request, const std::string& place, const std::string& user_agent) {
  std::string text = request.method + " " + (request.path.empty() ? "/" : request.path) +
                     " HTTP/1.1\r\nHost: " + place + "\r\nUser-Agent: " + user_agent + "\r\nAccept: */*\r\n";
  const auto add = [&text](const char* name, const std::string& value) {
    if (!value.empty()) text += std::string(name) + ": " + value + "\r\n";
  };
  add("Content-Type", request.content_type);
  add("Content-Encoding", request.content_encoding);
  add("Authorization", request.bearer.empty() ? "" : "Bearer " + request.bearer);
  add("Range", request.range_from ? "bytes=" + std::to_string(*request.range_from) + "-" : "");
  add("Content-Length", request.method == "GET" ? "" : std::to_string(request.body.size()));
  return text + "\r\n" + request.body;
}

// When to give up: a total, and too little moved for too long. Until the first byte of the answer the request's own
// silence comes on top.
class Limits {
 public:
  Limits(const TransportOptions& options, const HqTransport::Request& request)
      : window_(std::chrono::seconds(options.low_speed_s)),
        silence_(std::chrono::seconds(request.silence_s)),
        least_(static_cast<std::size_t>(options.low_speed_bytes_s) * static_cast<std::size_t>(options.low_speed_s)),
        end_(SteadyClock::now() + std::chrono::seconds(request.total_timeout_s)),
        window_end_(SteadyClock::now() + window_ + silence_) {}

  void sent() { window_end_ = SteadyClock::now() + window_ + silence_; }
  void received(std::size_t bytes) {
    received_ += bytes;
    if (received_ < least_) return;
    received_ = 0;
    window_end_ = SteadyClock::now() + window_;
  }
  // Milliseconds to the nearer end, 0 when it is past.
  int left_ms() const {
    const auto left = std::min(end_, window_end_) - SteadyClock::now();
    return static_cast<int>(std::max<std::int64_t>(
        0, std::chrono::duration_cast<std::chrono::milliseconds>(left + std::chrono::microseconds(999)).count()));
  }

 private:
  SteadyClock::duration window_, silence_;
  std::size_t least_, received_ = 0;
  SteadyClock::time_point end_, window_end_;
};

}  // namespace

struct PlainTransport::Impl {
  TransportOptions options;
  std::string place;  // host[:port]
  int socket = -1;
  std::array<int, 2> stop{-1, -1};
  std::atomic<bool> cancelled{false};

  explicit Impl(TransportOptions options_in) : options(std::move(options_in)) {
    if (check_base_url(options.base_url)) place = options.base_url.substr(7);
    if (!place.empty() && place.back() == '/') place.pop_back();
    if (::pipe(stop.data()) == 0)
      for (const int end : stop) set_non_blocking(end);
  }
  ~Impl() {
    disconnect();
    for (const int end : stop)
      if (end >= 0) ::close(end);
  }

  void disconnect() {
    if (socket >= 0) ::close(socket);
    socket = -1;
  }

  // Waits until the socket is ready; an error when it took too long or was cancelled.
  Status wait(short events, int timeout_ms) {
    std::array<pollfd, 2> watched{{{socket, events, 0}, {stop[0], POLLIN, 0}}};
    int ready = 0;
    do {
      ready = ::poll(watched.data(), watched.size(), timeout_ms);
    } while (ready < 0 && errno == EINTR);
    if (cancelled || watched[1].revents != 0) return unavailable("cancelled");
    if (ready <= 0) return unavailable("timed out");
    return {};
  }

  Status connect() {
    const Address address = address_of(place);
    socket = ::socket(address.bytes.ss_family, SOCK_STREAM, 0);
    if (socket < 0) return unavailable("no socket");
    set_non_blocking(socket);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address.bytes), address.size) == 0) return {};
    if (errno != EINPROGRESS) return unavailable("nobody listens");
    if (auto status = wait(POLLOUT, options.connect_timeout_s * 1000); !status) return status;
    int error = 0;
    socklen_t size = sizeof(error);
    ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
    return error == 0 ? Status() : Status(unavailable("nobody listens"));
  }

  Status send(std::string_view text, Limits& limits) {
    while (!text.empty()) {
      const auto sent = ::send(socket, text.data(), text.size(), kSendFlags);
      if (sent > 0) {
        text.remove_prefix(static_cast<std::size_t>(sent));
        limits.sent();
      } else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
        return unavailable("the connection broke");
      } else if (auto status = wait(POLLOUT, limits.left_ms()); !status) {
        return status;
      }
    }
    return {};
  }

  Status receive(AnswerReader& reader, Limits& limits) {
    std::array<char, 16 << 10> bytes;
    while (!reader.done()) {
      if (auto status = wait(POLLIN, limits.left_ms()); !status) return status;
      const auto got = ::recv(socket, bytes.data(), bytes.size(), 0);
      if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) continue;
      if (got < 0) return unavailable("the connection broke");
      if (got == 0) return reader.end();
      limits.received(static_cast<std::size_t>(got));
      if (auto status = reader.feed({bytes.data(), static_cast<std::size_t>(got)}); !status) return status;
    }
    return {};
  }

  // One try on the connection there is, or on a new one.
  Status converse(const std::string& text, AnswerReader& reader, Limits& limits) {
    if (socket < 0) {
      if (auto status = connect(); !status) return status;
    }
    if (auto status = send(text, limits); !status) return status;
    return receive(reader, limits);
  }
};

PlainTransport::PlainTransport(TransportOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
PlainTransport::~PlainTransport() = default;

Result<HqTransport::Answer> PlainTransport::exchange(const Request& request) {
  if (auto status = check_base_url(impl_->options.base_url); !status) return status.error();
  if (impl_->cancelled) return unavailable("cancelled");
  AnswerIntake intake(request, impl_->options.max_body);
  Limits limits(impl_->options, request);
  const auto make_reader = [&intake] {
    return AnswerReader([&intake](const AnswerReader::Head& head) { intake.begin(head.status); },
                        [&intake](std::string_view bytes) { return intake.take(bytes); });
  };
  const std::string text = text_of(request, impl_->place, impl_->options.user_agent);
  const bool reused = impl_->socket >= 0;
  AnswerReader reader = make_reader();
  auto status = impl_->converse(text, reader, limits);
  if (!status && reused && !reader.begun() && !impl_->cancelled && limits.left_ms() > 0) {
    impl_->disconnect();  // it was closed while idle
    reader = make_reader();
    status = impl_->converse(text, reader, limits);
  }
  if (!status || !reader.head().keep_alive) impl_->disconnect();
  if (intake.trouble()) return *intake.trouble();
  if (!status)
    return status.error().code == ErrorCode::bad_format ? unavailable(status.error().detail) : status.error();
  return Answer{reader.head().status, intake.take_body(), reader.head().retry_after_s};
}

void PlainTransport::cancel() {
  impl_->cancelled = true;
  const char byte = 0;
  (void)!::write(impl_->stop[1], &byte, 1);
}

}  // namespace tillside::sync
