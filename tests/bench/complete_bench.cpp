// complete, durable, one coupon signed, against its floors; one caller and 64 callers.
//   tillside_bench_complete AGENT_PORT TOKEN BEAST_PORT FOLDER
// FOLDER is on the disk the agent writes to.
#include <poll.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <vector>

#include "agent/platform/system_clock.h"
#include "tests/bench/bare_rows.h"
#include "tests/bench/http_line.h"
#include "tests/bench/sample_checkout.h"
#include "tests/bench/statistics.h"

namespace {

using namespace tillside;
using namespace tillside::bench;

constexpr int kRepetitions = 7, kRequests = 600, kCallers = 64;
constexpr std::int64_t kLoadNs = 2'000'000'000;

std::string now() { return format_time(SystemClock().now(), StoreZone()); }

class Bench {
 public:
  Bench(std::uint16_t agent, std::string token, std::uint16_t beast, const std::filesystem::path& folder)
      : port_(agent), token_(std::move(token)), agent_(agent), beast_(beast), rows_(folder / "bare.db") {}

  void one_caller() {
    std::vector<double> ratio, ours_us, rows_us, trip_us;
    for (int repetition = -1; repetition < kRepetitions; ++repetition) {
      std::vector<std::int64_t> ours, rows, trip;
      for (int i = 0; i < kRequests; ++i) {
        const std::string request = complete_of(1);
        ours.push_back(agent_.exchange(request));
        const std::int64_t begin = now_ns();
        rows_.checkout(++bare_);
        rows.push_back(now_ns() - begin);
        trip.push_back(beast_.exchange(request));
      }
      if (agent_.last().find("\"coupons\":[{") == std::string::npos)
        throw std::runtime_error("no coupon: " + agent_.last());
      if (repetition < 0) continue;
      ours_us.push_back(p50_us(ours)), rows_us.push_back(p50_us(rows)), trip_us.push_back(p50_us(trip));
      ratio.push_back(ours_us.back() / (rows_us.back() + trip_us.back()));
    }
    std::printf(
        R"({"complete_p50_vs_floor":%.3f,"complete_p50_us":%.1f,"bare_rows_p50_us":%.1f,"bare_beast_p50_us":%.1f,)",
        median(ratio), median(ours_us), median(rows_us), median(trip_us));
  }

  void many_callers() {
    std::vector<double> ratio, ours, floor;
    for (int repetition = 0; repetition < 5; ++repetition) {
      floor.push_back(bare_commits_per_s());
      ours.push_back(completes_per_s());
      ratio.push_back(ours.back() / floor.back());
    }
    std::printf(R"("complete_throughput_vs_sqlite_commit":%.3f,"complete_per_s":%.0f,"bare_commits_per_s":%.0f})"
                "\n",
                median(ratio), median(ours), median(floor));
  }

 private:
  std::string complete_of(int lane) {
    ++number_;
    return http_post("/v1/checkouts/complete", token_,
                     sample_checkout("completed", lane, number_, number_ * 31 % 100'000, now()));
  }

  double bare_commits_per_s() {
    const std::int64_t begin = now_ns();
    int commits = 0;
    for (; now_ns() - begin < kLoadNs; ++commits) rows_.one_row(++bare_one_);
    return commits * 1e9 / static_cast<double>(now_ns() - begin);
  }

  double completes_per_s() {
    struct Caller {
      int fd;
      std::string got;
    };
    std::vector<Caller> callers;
    std::vector<pollfd> watched;
    for (int i = 0; i < kCallers; ++i) {
      callers.push_back({connect_loopback(port_), {}});
      watched.push_back({callers.back().fd, POLLIN, 0});
      send_next(callers.back().fd, i);
    }
    const std::int64_t begin = now_ns();
    int done = 0;
    while (now_ns() - begin < kLoadNs) {
      ::poll(watched.data(), watched.size(), 1000);
      for (std::size_t i = 0; i < watched.size(); ++i) {
        if ((watched[i].revents & POLLIN) == 0) continue;
        char piece[8192];
        const ssize_t got = ::recv(callers[i].fd, piece, sizeof piece, 0);
        if (got <= 0) throw std::runtime_error("the agent closed");
        callers[i].got.append(piece, static_cast<std::size_t>(got));
        if (whole_response(callers[i].got) == 0) continue;
        if (callers[i].got.rfind("HTTP/1.1 200", 0) != 0) throw std::runtime_error(callers[i].got);
        callers[i].got.clear();
        ++done;
        send_next(callers[i].fd, static_cast<int>(i));
      }
    }
    const double seconds = static_cast<double>(now_ns() - begin) / 1e9;
    for (Caller& caller : callers) ::close(caller.fd);
    return done / seconds;
  }

  void send_next(int fd, int caller) {
    const std::string request = complete_of(caller + 2);
    if (::send(fd, request.data(), request.size(), MSG_NOSIGNAL) < 0) throw std::runtime_error("send");
  }

  const std::uint16_t port_;
  const std::string token_;
  HttpLine agent_, beast_;
  BareRows rows_;
  std::uint64_t number_ = static_cast<std::uint64_t>(SystemClock().now().ms % 100'000'000) * 10'000;
  std::int64_t bare_ = 0, bare_one_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  try {
    Bench bench(static_cast<std::uint16_t>(std::atoi(argv[1])), argv[2], static_cast<std::uint16_t>(std::atoi(argv[3])),
                argv[4]);
    bench.one_caller();
    bench.many_callers();
    return 0;
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "%s\n", problem.what());
    return 1;
  }
}
