// The relay, the desk behind it and an agent, each on threads of their own as in the print door: whatever comes late or
// fails, the paper is whole, and each coupon stands on it once or is taken back.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>
#include <vector>

#include "agent/cli/printer_desk.h"
#include "pos_adapter/escpos/line/relay.h"
#include "tests/fakes/print_line.h"

namespace tillside::cli {
namespace {

using nlohmann::json;

constexpr int kPoses = 3, kJobs = 3, kReceipts = 5;

// Issues a coupon with every sale. While it is unsteady, each fifth call finds nobody.
class Agent final : public AgentLine {
 public:
  std::atomic<bool> unsteady{true};

  Result<LocalAnswer> get(const std::string& path) override {
    if (is_away()) return Error{ErrorCode::unavailable, {}, "no agent"};
    if (path != "/v1/shop") return ok("COUPON " + path + "\n");
    return ok(
        R"({"store_id":"0123","time_zone":"Asia/Shanghai","currency":{"code":"CNY","exponent":2},"enrolled":true})");
  }
  Result<LocalAnswer> post(const std::string& path, std::string_view text) override {
    if (is_away()) return Error{ErrorCode::unavailable, {}, "no agent"};
    if (path == "/v1/checkouts/advise") return ok(R"({"showing_id":"4004"})");
    if (path == "/v1/checkouts/complete") return completed(json::parse(text));
    const std::lock_guard lock(mutex_);
    const std::string head = "/v1/checkouts/", tail = "/not_printed";
    if (path.size() > head.size() + tail.size())
      --coupons_[path.substr(head.size(), path.size() - head.size() - tail.size())];
    return ok("{}");
  }

  std::map<std::string, int> coupons() const {
    const std::lock_guard lock(mutex_);
    return coupons_;
  }

 private:
  bool is_away() { return unsteady && ++calls_ % 5 == 0; }
  static LocalAnswer ok(std::string body) {
    LocalAnswer answer;
    answer.status = 200;
    answer.body = std::move(body);
    return answer;
  }
  Result<LocalAnswer> completed(const json& sale) {
    const std::string identity = std::to_string(sale["sequence"].get<int>());
    const std::lock_guard lock(mutex_);
    ++coupons_[identity];
    return ok(json{{"identity", identity}, {"coupons", {{{"url", "HTTPS://T.EXAMPLE/C/A"}}}}}.dump());
  }

  std::atomic<int> calls_{0};
  mutable std::mutex mutex_;
  std::map<std::string, int> coupons_;  // by identity: issued and not taken back
};

std::string receipt(int number) {
  return "\x1B@Fruit shop\nReceipt: " + std::to_string(number) +
         "\n2026-11-22 09:15:03\n------------------------------\n"
         "Apple                    10.00\nPear                     14.58\n"
         "------------------------------\nTotal                    24.58\nCash                     24.58\n\x1Bi";
}

std::string job(int first) {
  std::string out;
  for (int number = first; number < first + kReceipts; ++number) out += receipt(number);
  return out;
}

// What the POS printed, and how often each coupon stands on it.
std::string without_coupons(std::string paper, std::map<std::string, int>& coupons) {
  const std::string head = "COUPON /v1/checkouts/";
  for (auto at = paper.find(head); at != std::string::npos; at = paper.find(head)) {
    const auto end = paper.find('\n', at);
    ++coupons[paper.substr(at + head.size(), paper.find("/receipt", at) - at - head.size())];
    paper.erase(at, end - at + 1);
  }
  return paper;
}

class PrinterThreads : public testing::TestWithParam<int> {
 protected:
  fakes::FakePrinter printer;
  Agent agent;
  escpos::TemplateBook book;
  PrinterTalk talk{agent, book, {.lane = "L2"}, [] { return *parse_time("2026-11-22T09:15:10+08:00", StoreZone()); }};
  std::unique_ptr<escpos::Relay> relay;  // outlives the desk's thread, which answers it

  void print_all(PrinterDesk& desk) {
    escpos::RelaySettings settings;
    settings.listen = *escpos::read_endpoint("tcp:127.0.0.1:0", true);
    settings.printer = *escpos::read_endpoint("tcp:127.0.0.1:" + std::to_string(printer.port()), false);
    settings.passage.cut_wait = std::chrono::milliseconds(GetParam());
    auto opened = escpos::Relay::open(settings, desk, [](std::string_view, const std::string&) {});
    ASSERT_TRUE(opened);
    relay = std::move(*opened);
    std::thread running([this] { EXPECT_TRUE(relay->run().ok()); });
    std::vector<std::thread> poses;
    for (int pos = 0; pos < kPoses; ++pos) poses.emplace_back([this, pos] { print_jobs(pos); });
    for (std::thread& pos : poses) pos.join();
    relay->stop();
    running.join();
  }
  void print_jobs(int pos) const {
    for (int at = 0; at < kJobs; ++at) {
      auto line = fakes::PosLine::to_port(relay->port());
      const std::string bytes = job((pos * kJobs + at) * kReceipts + 1);
      for (std::size_t from = 0; from < bytes.size(); from += 61) EXPECT_TRUE(line.send(bytes.substr(from, 61)));
      line.end();
      (void)line.read(1);  // until the job is over
    }
  }
};

// Milliseconds that the cut waits: most answers come in time, or none does.
INSTANTIATE_TEST_SUITE_P(Cut, PrinterThreads, testing::Values(2000, 0));

TEST_P(PrinterThreads, NoCouponIsLostAndNoneIsOnNoPaper) {
  {
    PrinterDesk desk(
        talk, [&](std::uint64_t number, escpos::PaperAnswer answer) { relay->answer(number, std::move(answer)); },
        [](std::string_view) {}, std::chrono::milliseconds(1));
    print_all(desk);
    agent.unsteady = false;
  }
  std::map<std::string, int> on_paper, sent, printed;
  for (const std::string& one : printer.jobs()) ++printed[without_coupons(one, on_paper)];
  for (int at = 0; at < kPoses * kJobs; ++at) ++sent[job(at * kReceipts + 1)];
  EXPECT_EQ(printed, sent);
  std::map<std::string, int> issued = agent.coupons();
  EXPECT_GE(issued.size(), std::size_t{kPoses * kJobs * kReceipts / 2});
  std::erase_if(issued, [](const auto& one) { return one.second == 0; });
  EXPECT_EQ(issued, on_paper);
}

}  // namespace
}  // namespace tillside::cli
