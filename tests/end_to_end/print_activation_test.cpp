// The print door as its systemd units start it: the units are understood, the first connection starts the door, and
// while it is dead its port stays open and what is printed waits.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>

#include "tests/fakes/print_line.h"
#include "tests/fakes/store_day.h"
#include "tests/fakes/town.h"

namespace tillside::fakes {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

const std::string kCut = "\x1Bi";

std::string receipt(int number) {
  const std::time_t now = std::time(nullptr) + 8 * 3600;
  std::tm fields{};
  ::gmtime_r(&now, &fields);
  char at[32];
  std::strftime(at, sizeof at, "%Y-%m-%d %H:%M:%S", &fields);
  return "\x1B@Fruit shop\nReceipt: " + std::to_string(number) + "\n" + at +
         "\n------------------------------\nApple                    10.00\nPear                     14.58\n"
         "------------------------------\nTotal                    24.58\nCash                     24.58\n";
}

std::string content_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A port that listens as the socket unit's does: it is the service manager's, whatever becomes of the door.
class HeldPort {
 public:
  HeldPort() : handle_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* place = reinterpret_cast<sockaddr*>(&address);
    if (::bind(handle_, place, size) != 0 || ::listen(handle_, 16) != 0 || ::getsockname(handle_, place, &size) != 0)
      throw std::runtime_error("no port");
    number_ = ntohs(address.sin_port);
  }
  ~HeldPort() { ::close(handle_); }
  HeldPort(const HeldPort&) = delete;
  HeldPort& operator=(const HeldPort&) = delete;

  std::uint16_t number() const { return number_; }
  int handle() const { return handle_; }

 private:
  int handle_;
  std::uint16_t number_ = 0;
};

struct PrintActivation : ::testing::Test {
  static void SetUpTestSuite() {
    for (const char* tool : {"systemd-analyze", "systemd-socket-activate"})
      if (std::system(("command -v " + std::string(tool) + " >/dev/null").c_str()) != 0)
        FAIL() << tool << " is missing: run installer/dependencies.sh --tests";
  }
  PrintActivation() : till(open_shop(town, json::array({simple_campaign(1, 1000, 500)}))) {
    std::ofstream(settings) << "[printer]\ncut_wait_ms = 10000\n";  // whatever a busy machine takes to answer
  }

  std::vector<std::string> door_words() const {
    return {program("tillside"),
            "printer",
            "--socket",
            till->socket(),
            "--config",
            settings,
            "--lane",
            "L2",
            "--listen",
            "tcp:127.0.0.1:9100",
            "--printer",
            "tcp:127.0.0.1:" + std::to_string(printer.port())};
  }
  void start(std::vector<std::string> words) {
    for (const std::string& word : door_words()) words.push_back(word);
    door.emplace(words, log);
  }
  // As a service manager hands a port over: on descriptor 3, to the process LISTEN_PID names.
  void start_at(const HeldPort& port) {
    start({"bash", "-c", "n=$1; shift; exec 3<&\"$n\"; LISTEN_FDS=1 LISTEN_PID=$$ exec \"$@\"", "sh",
           std::to_string(port.handle())});
  }
  int sales() { return till->status()["ledger"]["checkouts"]; }
  static void print(std::uint16_t port, const std::string& bytes) {
    PosLine pos = PosLine::to_port(port);
    ASSERT_TRUE(pos.send(bytes));
  }
  // The last job's paper, when so many cuts have come out: the receipt, our block, the cut.
  void expect_block(const std::string& sent, std::size_t jobs) {
    ASSERT_TRUE(printer.wait_for(
        [&](const std::vector<std::string>& all) { return all.size() >= jobs && all[jobs - 1].ends_with(kCut); }));
    const std::string paper = printer.jobs()[jobs - 1];
    ASSERT_EQ(paper.substr(0, sent.size()), sent);
    EXPECT_GT(paper.size(), sent.size() + 500) << "a block with a symbol";
  }

  Town town;
  std::unique_ptr<Till> till;
  FakePrinter printer;
  const fs::path log = town.folder() / "door.log", settings = town.folder() / "door.toml";
  std::optional<ChildProcess> door;
};

TEST(PrintUnits, SystemdUnderstandsThem) {
  const std::string folder = run_program({"mktemp", "-d"});
  const fs::path here(folder.substr(0, folder.find('\n')));
  std::vector<std::string> verify{"systemd-analyze", "verify", "--man=no"};
  for (const auto& entry : fs::directory_iterator(fs::path(TILLSIDE_SOURCE_DIR) / "installer" / "units")) {
    std::string unit = content_of(entry.path());
    const std::string installed = "/usr/bin/tillside";
    for (std::size_t at = 0; (at = unit.find(installed, at)) != std::string::npos;)
      unit.replace(at, installed.size(), program("tillside"));
    std::ofstream(here / entry.path().filename()) << unit;
    verify.push_back(here / entry.path().filename());
  }
  ASSERT_EQ(verify.size(), 5U) << "a service and its socket";
  verify.insert(verify.begin(), {"sh", "-c", "exec \"$@\" 2>&1", "sh"});
  EXPECT_EQ(run_program(verify), "");
  fs::remove_all(here);
}

TEST_F(PrintActivation, TheFirstConnectionStartsTheDoor) {
  const std::uint16_t port = HeldPort().number();
  start({"systemd-socket-activate", "-l", "127.0.0.1:" + std::to_string(port)});
  wait_until("the port", [&] { return content_of(log).find("Listening on") != std::string::npos; });
  print(port, receipt(451) + kCut);
  expect_block(receipt(451), 1);
  wait_until("the sale", [&] { return sales() == 1; });
  EXPECT_EQ(door->stop(), 0);
}

TEST_F(PrintActivation, WhatIsPrintedWhileTheDoorIsDeadWaitsForIt) {
  const HeldPort port;
  start_at(port);
  print(port.number(), receipt(451) + kCut);
  expect_block(receipt(451), 1);

  PosLine cut_short = PosLine::to_port(port.number());
  ASSERT_TRUE(cut_short.send(receipt(452).substr(0, 40)));
  ASSERT_TRUE(printer.wait_for([](const auto& jobs) { return jobs.size() == 2 && jobs[1].size() == 40; }));
  door->kill_now();
  EXPECT_EQ(cut_short.read(1), "") << "the job that was under way has ended";

  PosLine waiting = PosLine::to_port(port.number());
  ASSERT_TRUE(waiting.send(receipt(452) + kCut));
  waiting.end();
  start_at(port);
  expect_block(receipt(452), 3);
  wait_until("both sales", [&] { return sales() == 2; });
  wait_until_equal(town, *till);
  EXPECT_EQ(door->stop(), 0);
}

TEST_F(PrintActivation, KilledAgainAndAgainItServesTheNextConnection) {
  const HeldPort port;
  for (int round = 1; round <= 10; ++round) {
    start_at(port);
    const std::string sent = receipt(450 + round);
    print(port.number(), sent + kCut);
    expect_block(sent, static_cast<std::size_t>(round));
    wait_until("the sale", [&] { return sales() == round; });
    door->kill_now();
  }
}

}  // namespace
}  // namespace tillside::fakes
