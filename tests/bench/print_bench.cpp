// What the print door costs: the delay it adds outside the cut and at it, with the agent up, and its throughput against
// socat doing the same without reading.
//
//   tillside_bench_print DOOR BEHIND_DOOR SOCAT BEHIND_SOCAT [RECEIPTS]
//
// Ports on loopback. This program is the POS at DOOR and SOCAT, and the printer at the two ports behind them. Added is
// what a piece takes from the POS to the printer at the 99th percentile, less the same over a bare connection.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/statistics.h"

namespace {

using Clock = std::chrono::steady_clock;

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void require(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(what);
}

class Socket {
 public:
  explicit Socket(int handle) : handle_(handle) {
    const int on = 1;
    (void)::setsockopt(handle_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  Socket(Socket&& other) noexcept : handle_(other.handle_) { other.handle_ = -1; }
  ~Socket() {
    if (handle_ >= 0) ::close(handle_);
  }
  void send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      require(sent > 0, "the line is gone");
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  // Exactly that many bytes; the last of them stand in `last`.
  std::string read(std::size_t size) const {
    std::string out(size, '\0');
    for (std::size_t got = 0; got < size;) {
      const ssize_t some = ::recv(handle_, out.data() + got, size - got, 0);
      require(some > 0, "nothing comes out");
      got += static_cast<std::size_t>(some);
    }
    return out;
  }
  // What has come, as it comes: a printer does not take its bytes one by one.
  std::string_view take() const {
    static char room[1 << 18];
    const ssize_t got = ::recv(handle_, room, sizeof room, 0);
    return {room, got > 0 ? static_cast<std::size_t>(got) : 0};
  }

 private:
  int handle_;
};

class Printer {
 public:
  explicit Printer(int port) : handle_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const int on = 1;
    (void)::setsockopt(handle_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    auto address = loopback(port);
    require(::bind(handle_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 && ::listen(handle_, 4) == 0,
            "the port behind is taken");
    socklen_t size = sizeof address;
    (void)::getsockname(handle_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~Printer() { ::close(handle_); }
  Printer(const Printer&) = delete;
  int port() const { return port_; }
  Socket take() const {
    const int handle = ::accept(handle_, nullptr, nullptr);
    require(handle >= 0, "nobody prints");
    return Socket(handle);
  }

 private:
  int handle_, port_ = 0;
};

Socket connect_to(int port) {
  const int handle = ::socket(AF_INET, SOCK_STREAM, 0);
  const auto address = loopback(port);
  require(::connect(handle, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0, "the door is closed");
  return Socket(handle);
}

double ms_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

double at(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

std::string head(int number) {
  const std::time_t now = std::time(nullptr) + 8 * 3600;
  std::tm fields{};
  ::gmtime_r(&now, &fields);
  char moment[32];
  std::strftime(moment, sizeof moment, "%Y-%m-%d %H:%M:%S", &fields);
  return fmt::format("\x1B@Fruit shop\nReceipt: {}\n{}\n------------------------------\n", number, moment);
}

const std::string kLines[] = {"Apple                    10.00\n", "Pear                     14.58\n",
                              "------------------------------\n", "Total                    24.58\n",
                              "Cash                     24.58\n"};
const std::string kCut = "\x1Bi";

// How long each line, and each cut, is on its way.
struct Delays {
  std::vector<double> lines, cuts;
  std::size_t blocks = 0;
};

double piece(const Socket& pos, const Socket& printer, const std::string& bytes) {
  const auto begin = Clock::now();
  pos.send(bytes);
  (void)printer.read(bytes.size());
  return ms_since(begin);
}

bool ends_with_the_cut(const std::string& tail) {
  return tail.size() >= kCut.size() && tail.compare(tail.size() - kCut.size(), kCut.size(), kCut) == 0;
}

// A POS, whatever stands between, and the printer.
class Line {
 public:
  Line(int pos_port, const Printer& behind) : pos_(connect_to(pos_port)), printer_(behind.take()) {}

  void print(int number) {
    delays.lines.push_back(piece(pos_, printer_, head(number)));
    for (const std::string& line : kLines) delays.lines.push_back(piece(pos_, printer_, line));
    const auto begin = Clock::now();
    pos_.send(kCut);
    std::string tail;
    while (!ends_with_the_cut(tail)) {
      const std::string_view piece = printer_.take();
      require(!piece.empty(), "nothing comes out");
      tail += piece;
    }
    delays.cuts.push_back(ms_since(begin));
    delays.blocks += tail.size() > 100 ? 1 : 0;
  }
  Delays delays;

 private:
  Socket pos_, printer_;
};

double megabytes_per_s(int pos_port, const Printer& behind) {
  std::string row =
      std::string("\x1Dv0\0\x30\0\x18\0", 8) + std::string(48 * 24, '\x55') + "Apple                    10.00\n";
  std::string chunk;
  while (chunk.size() < (1 << 20)) chunk += row;
  constexpr int kChunks = 128;
  const Socket pos = connect_to(pos_port);
  const Socket printer = behind.take();
  const auto begin = Clock::now();
  std::thread sender([&] {
    for (int i = 0; i < kChunks; ++i) pos.send(chunk);
  });
  for (std::size_t left = chunk.size() * kChunks; left > 0;) left -= std::min(left, printer.take().size());
  const double ms = ms_since(begin);
  sender.join();
  return static_cast<double>(chunk.size()) * kChunks / 1e3 / ms;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  try {
    const int door = std::atoi(argv[1]), socat = std::atoi(argv[3]);
    const int count = argc > 5 ? std::atoi(argv[5]) : 500;
    const Printer behind_door(std::atoi(argv[2])), behind_socat(std::atoi(argv[4])), direct(0);
    Delays with, without, by_socat;
    {
      Line through(door, behind_door), cable(direct.port(), direct), merely(socat, behind_socat);
      for (int i = 0; i < 20; ++i) through.print(i + 1);  // the first receipts find cold caches
      through.delays = {};
      for (int i = 0; i < count; ++i) {  // in turn, so that what else the machine does falls on all alike
        for (Line* line : {&through, &cable, &merely}) line->print(1000 + i);
      }
      with = through.delays;
      without = cable.delays;
      by_socat = merely.delays;
    }
    const double outside = at(with.lines, 0.99) - at(without.lines, 0.99);
    const double at_cut = at(with.cuts, 0.99) - at(without.cuts, 0.99);
    std::vector<double> ratios;
    double last = 0;
    for (int round = 0; round < 5; ++round) {
      last = megabytes_per_s(door, behind_door);
      ratios.push_back(last / megabytes_per_s(socat, behind_socat));
    }
    fmt::print(
        "{{\"print_added_ms_p99_outside\":{:.3f},\"print_added_ms_p99_at_cut\":{:.3f},"
        "\"print_added_ms_p50_at_cut\":{:.3f},\"print_blocks\":{},\"print_receipts\":{},\"socat_added_ms_p99\":{:.3f},"
        "\"print_throughput_vs_socat\":{:.3f},\"print_mb_per_s\":{:.0f}}}\n",
        outside, at_cut, at(with.cuts, 0.5) - at(without.cuts, 0.5), with.blocks, count,
        at(by_socat.lines, 0.99) - at(without.lines, 0.99), tillside::bench::median(ratios), last);
  } catch (const std::exception& problem) {
    fmt::print(stderr, "print bench: {}\n", problem.what());
    return 1;
  }
}
