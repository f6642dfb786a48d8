// advise over one keep-alive connection against nginx serving a 600-byte file, paired repetition by repetition.
//   tillside_bench_advise AGENT_PORT TOKEN NGINX_PORT MEMBERS
// The caller pins this process, the agent and nginx to one CPU.
#include <algorithm>
#include <cstdio>
#include <vector>

#include "agent/platform/system_clock.h"
#include "tests/bench/http_line.h"
#include "tests/bench/sample_checkout.h"

namespace {

using namespace tillside;
using namespace tillside::bench;

constexpr int kRepetitions = 9, kRequests = 3000;

struct Quantiles {
  double p50, p99;
};
Quantiles of(std::vector<std::int64_t>& ns) {
  std::sort(ns.begin(), ns.end());
  return {static_cast<double>(ns[ns.size() / 2]) / 1000, static_cast<double>(ns[ns.size() * 99 / 100]) / 1000};
}
double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const std::string token = argv[2];
  const std::uint64_t members = std::strtoull(argv[4], nullptr, 10);
  HttpLine agent(static_cast<std::uint16_t>(std::atoi(argv[1]))), nginx(static_cast<std::uint16_t>(std::atoi(argv[3])));
  const std::string file = http_get("/file");
  const std::string now = format_time(SystemClock().now(), StoreZone());
  std::vector<std::string> requests;
  for (std::uint64_t i = 0; i < 512; ++i) {
    // One open checkout, advised again as identifiers are learned. Half of the shoppers are members, spread over the
    // replica; the rest are strangers.
    const std::uint64_t member = i % 2 == 0 ? i * 7919 % members : members + i;
    requests.push_back(http_post("/v1/checkouts/advise", token, sample_checkout("total", 1, 1, member, now)));
  }
  std::vector<double> p50, p99, agent50, nginx50, agent99, nginx99;
  for (int repetition = -1; repetition < kRepetitions; ++repetition) {
    std::vector<std::int64_t> a, b;
    for (int i = 0; i < kRequests; ++i)
      a.push_back(agent.exchange(requests[static_cast<std::size_t>(i) % requests.size()]));
    if (agent.last().rfind("HTTP/1.1 200", 0) != 0) return std::fprintf(stderr, "%s\n", agent.last().c_str()), 1;
    for (int i = 0; i < kRequests; ++i) b.push_back(nginx.exchange(file));
    if (nginx.last().rfind("HTTP/1.1 200", 0) != 0) return std::fprintf(stderr, "%s\n", nginx.last().c_str()), 1;
    if (repetition < 0) continue;  // warm-up
    const Quantiles ours = of(a), floor = of(b);
    p50.push_back(ours.p50 / floor.p50);
    p99.push_back(ours.p99 / floor.p99);
    agent50.push_back(ours.p50), nginx50.push_back(floor.p50);
    agent99.push_back(ours.p99), nginx99.push_back(floor.p99);
  }
  std::printf(
      R"({"advise_p50_vs_nginx_file":%.3f,"advise_p99_vs_nginx_file":%.3f,"advise_p50_us":%.1f,"nginx_p50_us":%.1f,"advise_p99_us":%.1f,"nginx_p99_us":%.1f})"
      "\n",
      median(p50), median(p99), median(agent50), median(nginx50), median(agent99), median(nginx99));
  return 0;
}
