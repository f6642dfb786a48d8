// The C interface against plain HTTP, and what it costs a POS when the agent is gone or stands still. Every figure is
// taken in pairs with its floor, in one run.
//   tillside_bench_abi advise SOCKET PORT TOKEN_FILE MEMBERS    the agent is up
//   tillside_bench_abi dead FOLDER                              nobody listens there
//   tillside_bench_abi stalled SOCKET FOLDER                    the agent is under SIGSTOP
#include <poll.h>
#include <sys/un.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <vector>

#include "agent/platform/system_clock.h"
#include "pos_adapter/plugin/tillside_pos.h"
#include "tests/bench/http_line.h"
#include "tests/bench/sample_checkout.h"
#include "tests/bench/statistics.h"

namespace {

using namespace tillside;
using namespace tillside::bench;

constexpr int kRepetitions = 9, kRequests = 2000, kCalls = 10'000, kHandles = 20;

struct Line {
  Line(const std::string& socket, const std::string& token_file, std::uint32_t port, const std::string& spool) {
    tillside_pos_options options = {};
    options.abi_version = TILLSIDE_POS_ABI_VERSION;
    options.struct_size = sizeof options;
    options.socket_path = socket.c_str();
    options.token_file = token_file.c_str();
    options.tcp_port = port;
    options.spool_folder = spool.c_str();
    tillside_pos_open(&options, &handle, nullptr);
  }
  ~Line() { tillside_pos_close(handle, 5000); }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  template <typename Call>
  std::int64_t ask(Call call, const std::string& document) {
    answer = {TILLSIDE_POS_ABI_VERSION, sizeof answer, text, sizeof text, 0, 0, 0, 0, 0, 0, 0};
    const std::int64_t begin = now_ns();
    outcome = call(handle, document.data(), document.size(), 0, &answer);
    return now_ns() - begin;
  }

  tillside_pos_handle handle = 0;
  tillside_pos_answer answer = {};
  int outcome = TILLSIDE_POS_MISUSE;
  char text[TILLSIDE_POS_ANSWER_USUAL] = {};
};

std::string now_text() { return format_time(SystemClock().now(), StoreZone()); }

std::string token_in(const char* file) {
  std::string token;
  std::ifstream(file) >> token;
  return token;
}

// p50 of the library's calls over p50 of bare exchanges on the same kind of connection, and both.
bool pair(Line& line, HttpLine& bare, const std::vector<std::string>& documents,
          const std::vector<std::string>& requests, std::vector<double>& ratio, std::vector<double>& ours) {
  std::vector<std::int64_t> a, b;
  for (std::size_t i = 0; i < kRequests; ++i) {  // by turns: what disturbs the machine disturbs both
    a.push_back(line.ask(tillside_pos_advise, documents[i % documents.size()]));
    b.push_back(bare.exchange(requests[i % requests.size()]));
  }
  if (line.outcome != TILLSIDE_POS_ANSWERED || bare.last().rfind("HTTP/1.1 200", 0) != 0) return false;
  const double mine = p50_us(a), floor = p50_us(b);
  ratio.push_back(mine / floor);
  ours.push_back(mine);
  return true;
}

int advise(const std::string& socket, std::uint16_t port, const char* token_file, std::uint64_t members) {
  const std::string token = token_in(token_file), now = now_text();
  std::vector<std::string> documents, requests;
  for (std::uint64_t i = 0; i < 512; ++i) {
    const std::uint64_t member = i % 2 == 0 ? i * 7919 % members : members + i;
    documents.push_back(sample_checkout("total", 1, 1, member, now));
    requests.push_back(http_post("/v1/checkouts/advise", token, documents.back()));
  }
  Line by_socket(socket, "", 0, ""), by_tcp("", token_file, port, "");
  HttpLine bare_socket(socket), bare_tcp(port);
  std::vector<double> socket_ratio, tcp_ratio, socket_us, tcp_us, warm, warm_us;
  for (int i = -1; i < kRepetitions; ++i) {
    const bool good =
        pair(by_socket, bare_socket, documents, requests, i < 0 ? warm : socket_ratio, i < 0 ? warm_us : socket_us) &&
        pair(by_tcp, bare_tcp, documents, requests, i < 0 ? warm : tcp_ratio, i < 0 ? warm_us : tcp_us);
    if (!good) return std::fprintf(stderr, "abi: %s\n", tillside_pos_why_text(by_socket.answer.why)), 1;
  }
  std::printf(R"({"abi_advise_p50_vs_http":%.3f,"abi_advise_p50_vs_http_tcp":%.3f,"abi_advise_us":%.1f,)"
              R"("abi_advise_tcp_us":%.1f})"
              "\n",
              median(socket_ratio), median(tcp_ratio), median(socket_us), median(tcp_us));
  return 0;
}

double ms(std::int64_t ns) { return static_cast<double>(ns) / 1e6; }

// What the kernel takes to say that nobody is there.
std::int64_t bare_refusal(const std::string& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket.c_str(), std::min(socket.size() + 1, sizeof address.sun_path));
  const std::int64_t begin = now_ns();
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  (void)::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ::close(fd);
  return now_ns() - begin;
}

struct Worst {
  std::int64_t ours = 0, floor = 0;
  int slow = 0;  // calls over 100 ms
  void note(std::int64_t call, std::int64_t bare) {
    ours = std::max(ours, call);
    floor = std::max(floor, bare);
    slow += call > 100'000'000 ? 1 : 0;
  }
};

int dead(const std::string& folder) {
  const std::string nobody = folder + "/nobody.sock", now = now_text();
  Worst worst;
  for (int h = 0; h < kHandles; ++h) {
    Line line(nobody, "", 0, folder + "/spool");
    for (int i = 0; i < kCalls / kHandles; ++i) {
      const int number = h * kCalls + i;
      const bool sold = i % 10 == 9;
      const std::string document =
          sample_checkout(sold ? "completed" : "total", 1, static_cast<std::uint64_t>(number), 1, now);
      const std::int64_t call = line.ask(sold ? tillside_pos_complete : tillside_pos_advise, document);
      if (line.outcome != (sold ? TILLSIDE_POS_QUEUED : TILLSIDE_POS_CARRY_ON)) return 1;
      worst.note(call, bare_refusal(nobody));
    }
  }
  std::printf(R"({"abi_dead_agent_worst_ms":%.2f,"abi_dead_agent_bare_worst_ms":%.2f})"
              "\n",
              ms(worst.ours), ms(worst.floor));
  return 0;
}

int stalled(const std::string& socket, const std::string& folder) {
  const std::string now = now_text();
  Worst worst;
  for (int h = 0; h < kHandles; ++h) {
    Line line(socket, "", 0, folder + "/spool");
    for (int i = 0; i < kCalls / kHandles; ++i) {
      const bool sold = i % 10 == 9;
      const std::string document =
          sample_checkout(sold ? "completed" : "total", 2, static_cast<std::uint64_t>(h * kCalls + i), 1, now);
      const std::int64_t call = line.ask(sold ? tillside_pos_complete : tillside_pos_advise, document);
      if (line.outcome != (sold ? TILLSIDE_POS_QUEUED : TILLSIDE_POS_CARRY_ON)) return 1;
      std::int64_t bare = 0;
      if (call > 100'000'000) {  // how late this machine wakes who waits 150 ms
        const std::int64_t begin = now_ns();
        (void)::poll(nullptr, 0, 150);
        bare = now_ns() - begin;
      }
      worst.note(call, bare);
    }
  }
  std::printf(
      R"({"abi_stalled_agent_worst_ms":%.2f,"abi_stalled_agent_bare_worst_ms":%.2f,"abi_stalled_agent_slow_calls":%d})"
      "\n",
      ms(worst.ours), ms(worst.floor), worst.slow);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string mode = argc > 1 ? argv[1] : "";
  if (mode == "advise" && argc == 6)
    return advise(argv[2], static_cast<std::uint16_t>(std::atoi(argv[3])), argv[4],
                  std::strtoull(argv[5], nullptr, 10));
  if (mode == "dead" && argc == 3) return dead(argv[2]);
  if (mode == "stalled" && argc == 4) return stalled(argv[2], argv[3]);
  return 2;
}
