// A POS that can only print: through a running print door to a printer, with an agent that is there, killed, stalled;
// and the door itself killed.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <ctime>
#include <fstream>

#include "tests/fakes/print_line.h"
#include "tests/fakes/store_day.h"
#include "tests/fakes/town.h"

namespace tillside::fakes {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

const std::string kReset = "\x1B@";
const std::string kCut = "\x1Bi";

std::string shop_time() {
  const std::time_t now = std::time(nullptr) + 8 * 3600;
  std::tm fields{};
  ::gmtime_r(&now, &fields);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &fields);
  return text;
}

std::string receipt(int number) {
  static const std::string at = shop_time();  // a reprint says the same
  return kReset + "Fruit shop\nReceipt: " + std::to_string(number) + "\n" + at +
         "\n------------------------------\nApple                    10.00\nPear                     14.58\n"
         "------------------------------\nTotal                    24.58\nCash                     24.58\n";
}

struct PrintDoor : ::testing::Test {
  PrintDoor() : till(town.add_till("till")) {
    town.add_campaigns(json::array({simple_campaign(1, 1000, 500)}));
    till->start();
    till->enroll();
    till->wait_until_ready(1);
  }
  void open_door(const std::string& printer, const std::string& listen = "tcp:127.0.0.1:0") {
    fs::remove(port_file);
    door.emplace(
        std::vector<std::string>{program("tillside").string(), "printer", "--socket", till->socket().string(), "--lane",
                                 "L2", "--listen", listen, "--printer", printer, "--port-file", port_file.string()},
        town.folder() / "door.log");
    wait_until("the print door", [&] { return fs::exists(port_file); });
    std::ifstream(port_file) >> port;
  }
  static std::string at(const FakePrinter& printer) { return "tcp:127.0.0.1:" + std::to_string(printer.port()); }
  int sales() { return till->status()["ledger"]["checkouts"].get<int>(); }
  void print(const std::string& bytes) {
    PosLine pos = PosLine::to_port(port);
    ASSERT_TRUE(pos.send(bytes));
  }
  // The paper, when the receipt's cut has come out.
  static std::string cut_paper(const FakePrinter& printer, std::size_t cuts = 1) {
    printer.wait_for([&](const std::vector<std::string>& jobs) {
      std::size_t found = 0;
      for (const std::string& job : jobs) {
        for (std::size_t at = 0; (at = job.find(kCut, at)) != std::string::npos; at += kCut.size()) ++found;
      }
      return found >= cuts;
    });
    return printer.paper();
  }

  Town town;
  std::unique_ptr<Till> till;
  const fs::path port_file = town.folder() / "door.port";
  std::optional<ChildProcess> door;
  std::uint16_t port = 0;
};

// Our block stands between the receipt and its cut, and nothing else changed.
void expect_block_before_cut(const std::string& paper, const std::string& sent) {
  ASSERT_EQ(paper.substr(0, sent.size()), sent);
  ASSERT_GE(paper.size(), sent.size() + kCut.size());
  EXPECT_EQ(paper.substr(paper.size() - kCut.size()), kCut);
  EXPECT_GT(paper.size(), sent.size() + 500) << "a block with a symbol";
}

TEST_F(PrintDoor, ASaleIsKnownAndItsCouponStandsBeforeTheCut) {
  const FakePrinter printer;
  open_door(at(printer));
  print(receipt(451) + kCut);
  expect_block_before_cut(cut_paper(printer), receipt(451));
  wait_until("the sale", [&] { return sales() == 1; });
  const json ledger = till->status()["ledger"];
  EXPECT_EQ(ledger["coupons_issued"], 1);
  wait_until_equal(town, *till);
  print(receipt(451) + kCut);  // once more: the same sale, its coupon again
  cut_paper(printer, 2);
  EXPECT_EQ(till->status()["ledger"], ledger);
  EXPECT_EQ(door->stop(), 0);
}

TEST_F(PrintDoor, AnAgentKilledInAReceiptCostsOnlyTheBlock) {
  const FakePrinter printer;
  open_door(at(printer));
  PosLine pos = PosLine::to_port(port);
  const std::string sent = receipt(451);
  pos.send(sent.substr(0, sent.size() / 2));
  till->kill_now();
  pos.send(sent.substr(sent.size() / 2));
  const auto before = Clock::now();
  pos.send(kCut);
  pos.close();
  EXPECT_EQ(cut_paper(printer), sent + kCut);
  EXPECT_LT(Clock::now() - before, milliseconds(2000));
  till->start();
  wait_until("the sale that was kept", [&] { return sales() == 1; });
  wait_until("its coupon, taken back", [&] { return till->status()["ledger"]["coupons_issued"] == 1; });
  print(receipt(452) + kCut);
  const std::string paper = cut_paper(printer, 2);
  expect_block_before_cut(paper.substr(sent.size() + kCut.size()), receipt(452));
}

TEST_F(PrintDoor, AStalledAgentCostsTheCutItsWaitAndTheCouponIsTakenBack) {
  const FakePrinter printer;
  open_door(at(printer));
  print(receipt(450) + kCut);
  cut_paper(printer);
  ASSERT_EQ(::kill(till->process_id(), SIGSTOP), 0);
  const auto before = Clock::now();
  print(receipt(451) + kCut);
  cut_paper(printer, 2);
  const auto took = Clock::now() - before;
  ASSERT_EQ(::kill(till->process_id(), SIGCONT), 0);
  EXPECT_GE(took, milliseconds(140));
  EXPECT_LT(took, milliseconds(1500));
  EXPECT_EQ(printer.jobs()[1], receipt(451) + kCut);
  wait_until("both sales", [&] { return sales() == 2; });
  wait_until_equal(town, *till);
}

TEST_F(PrintDoor, ADoorThatIsKilledLooksUnpluggedAndTheReprintIsWhole) {
  const FakePrinter printer;
  open_door(at(printer));
  PosLine pos = PosLine::to_port(port);
  const std::string sent = receipt(451);
  pos.send(sent.substr(0, 40));
  EXPECT_TRUE(printer.wait_for_paper(sent.substr(0, 40)));
  door->kill_now();
  EXPECT_EQ(pos.read(1), "");  // the line has ended
  EXPECT_THROW(PosLine::to_port(port), std::runtime_error);
  open_door(at(printer));
  print(sent + kCut);
  cut_paper(printer);
  expect_block_before_cut(printer.jobs().back(), sent);
  wait_until("the sale", [&] { return sales() == 1; });
}

// A serial line made of two pseudo-terminals by socat; the POS behind one of its own.
TEST_F(PrintDoor, OverSerialLines) {
  const fs::path here = town.folder() / "tty-door", there = town.folder() / "tty-printer";
  ChildProcess socat({"socat", "pty,rawer,link=" + here.string(), "pty,rawer,link=" + there.string()},
                     town.folder() / "socat.log");
  wait_until("socat", [&] { return fs::exists(here) && fs::exists(there); });
  const fs::path com = town.folder() / "com1";
  open_door("serial:" + here.string() + ",115200,8n1", "pty:" + com.string());
  PosLine printer = PosLine::to_terminal(there);
  PosLine pos = PosLine::to_terminal(com);
  pos.send("\x10\x04\x01");
  EXPECT_EQ(printer.read(3), "\x10\x04\x01");
  printer.send("\x16");
  EXPECT_EQ(pos.read(1), "\x16");
  const std::string sent = receipt(451);
  pos.send(sent + kCut);
  std::string paper = printer.read(sent.size());
  while (paper.size() < 3 || paper.substr(paper.size() - 2) != kCut) {
    const std::string more = printer.read(1);
    ASSERT_FALSE(more.empty());
    paper += more;
  }
  expect_block_before_cut(paper, sent);
  wait_until("the sale", [&] { return sales() == 1; });
}

TEST_F(PrintDoor, OneJobOnStandardInputAsCupsGivesIt) {
  const FakePrinter printer;
  const fs::path job = town.folder() / "job";
  std::ofstream(job, std::ios::binary) << receipt(451) << kCut;
  run_program({"sh", "-c",
               program("tillside").string() + " printer --socket " + till->socket().string() +
                   " --lane L2 --listen stdin --printer " + at(printer) + " < " + job.string()});
  expect_block_before_cut(printer.paper(), receipt(451));
  wait_until("the sale", [&] { return sales() == 1; });
}

}  // namespace
}  // namespace tillside::fakes
