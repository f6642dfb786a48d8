// The relay between a POS and a printer that are both real to it: sockets and terminals.
#include "pos_adapter/escpos/line/relay.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "tests/fakes/print_line.h"
#include "tests/pos_adapter/escpos/streams.h"

namespace tillside::escpos {
namespace {

using fakes::FakePrinter;
using fakes::PosLine;
using fakes::PrinterHabits;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

const std::string kCut = hex("1b 69");

// Answers at once with a block, from a thread of its own; or never.
class Desk final : public PaperDesk {
 public:
  explicit Desk(std::string block = {}) : block_(std::move(block)) {}
  ~Desk() override {
    for (std::thread& thread : threads_) thread.join();
  }
  void ask(PaperReceipt receipt) override {
    ++asked;
    if (block_.empty() || relay == nullptr) return;
    threads_.emplace_back([this, number = receipt.number] { relay->answer(number, {.block = block_}); });
  }
  void outcome(std::uint64_t, bool was_printed) override { ++(was_printed ? printed : not_printed); }

  Relay* relay = nullptr;
  std::atomic<int> asked{0}, printed{0}, not_printed{0};

 private:
  const std::string block_;
  std::vector<std::thread> threads_;
};

// A running relay.
class Running {
 public:
  Running(const std::string& listen, const std::string& printer, Desk& desk, RelaySettings settings = {})
      : desk_(desk) {
    settings.listen = *read_endpoint(listen, true);
    settings.printer = *read_endpoint(printer, false);
    auto opened = Relay::open(settings, desk, [this](std::string_view what, const std::string&) { note(what); });
    if (!opened) throw std::runtime_error(opened.error().detail);
    relay_ = std::move(*opened);
    desk.relay = relay_.get();
    thread_ = std::thread([this] { status_ = relay_->run(); });
  }
  ~Running() { stop(); }
  void stop() {
    if (!thread_.joinable()) return;
    relay_->stop();
    thread_.join();
    desk_.relay = nullptr;
  }
  std::uint16_t port() const { return relay_->port(); }
  PosLine pos() const { return PosLine::to_port(port()); }
  bool wait_for(const std::string& what, int times = 1) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, milliseconds(20000), [&] { return said_[what] >= times; });
  }

 private:
  void note(std::string_view what) {
    const std::lock_guard lock(mutex_);
    ++said_[std::string(what)];
    changed_.notify_all();
  }
  Desk& desk_;
  std::unique_ptr<Relay> relay_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, int> said_;
  std::thread thread_;
  Status status_;
};

std::string at(const FakePrinter& printer) { return "tcp:127.0.0.1:" + std::to_string(printer.port()); }
const std::string kHere = "tcp:127.0.0.1:0";

class Folder {
 public:
  Folder() {
    static std::atomic<int> count{0};
    path = std::filesystem::temp_directory_path() /
           ("tillside-relay-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
    std::filesystem::create_directories(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

TEST(Relay, BytesPassBothWaysAsTheyAre) {
  FakePrinter printer;
  Desk desk;
  Running relay(kHere, at(printer), desk);
  PosLine pos = relay.pos();
  ASSERT_TRUE(pos.send(hex("1b 40 10 04 01")));
  EXPECT_EQ(pos.read(1), "\x16");
  ASSERT_TRUE(pos.send(chinese_receipt() + hex("1d 72 01")));
  EXPECT_EQ(pos.read(1), std::string(1, '\0'));
  pos.close();
  EXPECT_TRUE(printer.wait_for_paper(hex("1b 40 10 04 01") + chinese_receipt() + hex("1d 72 01")));
}

TEST(Relay, TheBlockStandsBeforeTheCut) {
  FakePrinter printer;
  Desk desk("coupon\n");
  Running relay(kHere, at(printer), desk);
  PosLine pos = relay.pos();
  pos.send("total\n" + kCut);
  EXPECT_TRUE(printer.wait_for_paper("total\ncoupon\n" + kCut));
  pos.close();
  relay.wait_for("job_ended");
  EXPECT_EQ(desk.printed, 1);
}

TEST(Relay, ADeskThatNeverAnswersCostsTheCutItsWaitAndNothingElse) {
  FakePrinter printer;
  Desk desk;
  Running relay(kHere, at(printer), desk);
  PosLine pos = relay.pos();
  const auto begin = Clock::now();
  pos.send("total\n");
  EXPECT_TRUE(printer.wait_for_paper("total\n"));
  const auto before_cut = Clock::now();
  EXPECT_LT(before_cut - begin, milliseconds(100));
  pos.send(kCut);
  EXPECT_TRUE(printer.wait_for_paper("total\n" + kCut));
  EXPECT_GE(Clock::now() - before_cut, milliseconds(140));
  EXPECT_LT(Clock::now() - before_cut, milliseconds(1000));
}

TEST(Relay, EveryStreamOfRealProgramsPasses) {
  const auto files = shared_streams();
  if (files.empty()) GTEST_SKIP() << "the folder of real inputs is not here";
  FakePrinter printer;
  Desk desk;
  RelaySettings quick;
  quick.passage.cut_wait = milliseconds(1);
  Running relay(kHere, at(printer), desk, quick);
  std::string all;
  for (const auto& file : files) {
    const std::string bytes = read_whole(file);
    PosLine pos = relay.pos();
    pos.send(bytes);
    pos.close();
    all += bytes;
    EXPECT_TRUE(printer.wait_for_paper(all)) << file;
  }
  EXPECT_EQ(printer.jobs().size(), files.size());
}

// With a block in each receipt, taking the blocks out gives back what was sent.
TEST(Relay, WithBlocksTheStreamOfARealProgramIsWhole) {
  for (const auto& file : shared_streams()) {
    if (file.filename() != "openbravo-3-receipts.bin") continue;
    FakePrinter printer;
    const std::string block = "OURS\n";
    Desk desk(block);
    Running relay(kHere, at(printer), desk);
    const std::string bytes = read_whole(file);
    PosLine pos = relay.pos();
    std::mt19937 random(7);
    for (std::size_t from = 0; from < bytes.size();) {
      const std::size_t size = std::min<std::size_t>(bytes.size() - from, 1 + random() % 700);
      pos.send(std::string_view(bytes).substr(from, size));
      from += size;
    }
    pos.end();
    EXPECT_EQ(pos.read(1), "");
    relay.wait_for("job_ended");
    std::string paper = printer.paper();
    EXPECT_EQ(desk.printed, 3);
    for (int i = 0; i < 3; ++i) {
      const std::size_t found = paper.find(block);
      ASSERT_NE(found, std::string::npos);
      const std::size_t end = paper.find(kCut, found);  // the block, and the feeds made again
      paper.erase(found, end - found);
    }
    EXPECT_EQ(paper, bytes);
    return;
  }
  GTEST_SKIP() << "the folder of real inputs is not here";
}

TEST(Relay, ThePrinterIsNotHeldWhileNobodyPrints) {
  FakePrinter printer;
  Desk desk;
  Running relay(kHere, at(printer), desk);
  EXPECT_TRUE(printer.jobs().empty());
  for (int i = 1; i <= 3; ++i) {
    relay.pos().send("x\n");
    EXPECT_TRUE(relay.wait_for("job_ended", i));
    EXPECT_EQ(printer.jobs().size(), static_cast<std::size_t>(i));
  }
  PosLine direct = PosLine::to_port(printer.port());  // somebody else may print
  direct.send("direct\n");
  EXPECT_TRUE(printer.wait_for([](const auto& jobs) { return jobs.back() == "direct\n"; }));
}

TEST(Relay, TheSecondPosWaitsForItsTurn) {
  FakePrinter printer;
  Desk desk("ours\n");
  Running relay(kHere, at(printer), desk);
  PosLine first = relay.pos();
  first.send("first begins\n");
  EXPECT_TRUE(printer.wait_for_paper("first begins\n"));
  PosLine second = relay.pos();
  second.send("second\n" + kCut + hex("10 04 01"));
  first.send("first ends\n" + kCut);
  EXPECT_TRUE(printer.wait_for_paper("first begins\nfirst ends\nours\n" + kCut));
  first.close();
  EXPECT_TRUE(printer.wait_for([](const auto& jobs) { return jobs.size() == 2; }));
  EXPECT_EQ(second.read(1), "\x16");
  second.close();
  EXPECT_TRUE(printer.wait_for([](const auto& jobs) { return jobs[1] == "second\nours\n" + kCut + hex("10 04 01"); }));
  EXPECT_EQ(printer.jobs()[0], "first begins\nfirst ends\nours\n" + kCut);
}

TEST(Relay, APrinterThatIsOffShowsAsUnplugged) {
  std::uint16_t port = 0;
  {
    const FakePrinter gone;
    port = gone.port();
  }
  Desk desk;
  Running relay(kHere, "tcp:127.0.0.1:" + std::to_string(port), desk);
  PosLine pos = relay.pos();
  EXPECT_TRUE(pos.reset());
  const FakePrinter back({}, port);
  PosLine again = relay.pos();
  again.send("whole\n");
  EXPECT_TRUE(back.wait_for_paper("whole\n"));
}

TEST(Relay, APrinterUnpluggedInAJobEndsIt) {
  Desk desk("ours\n");
  FakePrinter printer({.unplugged_after = 20});
  Running relay(kHere, at(printer), desk);
  PosLine pos = relay.pos();
  pos.send("fifteen bytes..\n" + kCut);
  EXPECT_TRUE(pos.reset());
  relay.wait_for("printer_lost");
  EXPECT_EQ(desk.asked, 1);
  EXPECT_EQ(desk.not_printed + desk.printed, 1);
}

TEST(Relay, ASlowPrinterSlowsThePosAndLosesNothing) {
  FakePrinter printer({.bytes_per_ms = 4096});
  Desk desk;
  Running relay(kHere, at(printer), desk);
  std::string bytes;
  for (int i = 0; i < 60; ++i)
    bytes += hex("1d 76 30 00 40 00 00 01") + std::string(64 * 256, static_cast<char>(i)) + "line\n";
  PosLine pos = relay.pos();
  pos.send(bytes);
  pos.close();
  EXPECT_TRUE(printer.wait_for_paper(bytes));
}

TEST(Relay, AMutePrinterPrints) {
  FakePrinter printer({.mute = true});
  Desk desk;
  Running relay(kHere, at(printer), desk);
  PosLine pos = relay.pos();
  pos.send(hex("10 04 01"));
  EXPECT_EQ(pos.read(1, milliseconds(50)), "");
  pos.send(std::string(8192, '\0') + "text\n");  // what one POS does then
  EXPECT_TRUE(printer.wait_for_paper(hex("10 04 01") + std::string(8192, '\0') + "text\n"));
}

TEST(Relay, ALateAnswerReachesWhoAsked) {
  FakePrinter printer({.late = milliseconds(300)});
  Desk desk;
  Running relay(kHere, at(printer), desk);
  PosLine pos = relay.pos();
  pos.send("text\n" + hex("1d 72 01"));
  pos.end();  // it still listens
  EXPECT_EQ(pos.read(1), std::string(1, '\0'));
  EXPECT_EQ(pos.read(1), "");
}

TEST(Relay, APosThatVanishesLeavesTheLineFree) {
  FakePrinter printer;
  Desk desk;
  Running relay(kHere, at(printer), desk);
  {
    PosLine pos = relay.pos();
    pos.send(hex("1d 61 ff") + "half a rec");
    EXPECT_TRUE(printer.wait_for_paper(hex("1d 61 ff") + "half a rec"));
  }  // closed with an answer unread: a reset
  PosLine next = relay.pos();
  next.send("next\n");
  EXPECT_TRUE(printer.wait_for([](const auto& jobs) { return jobs.back() == "next\n"; }));
}

TEST(Relay, APrinterThatDoesNotCloseHoldsNobodyForLong) {
  FakePrinter printer({.closes_at_the_end = false});
  Desk desk;
  RelaySettings quick;
  quick.last_words = milliseconds(150);
  Running relay(kHere, at(printer), desk, quick);
  relay.pos().send("one\n");
  EXPECT_TRUE(relay.wait_for("job_ended"));
}

TEST(Relay, StoppedInAJobItLetsTheJobEnd) {
  FakePrinter printer;
  Desk desk;
  Running relay(kHere, at(printer), desk);
  PosLine pos = relay.pos();
  pos.send("begun\n");
  EXPECT_TRUE(printer.wait_for_paper("begun\n"));
  std::thread stopper([&] { relay.stop(); });
  pos.send("ended\n");
  pos.close();
  stopper.join();
  EXPECT_EQ(printer.paper(), "begun\nended\n");
}

TEST(Relay, StoppedWithAPosThatHangsOnItShowsAsUnplugged) {
  FakePrinter printer;
  Desk desk;
  RelaySettings quick;
  quick.stop_wait = milliseconds(50);
  Running relay(kHere, at(printer), desk, quick);
  PosLine pos = relay.pos();
  pos.send("begun\n");
  EXPECT_TRUE(printer.wait_for_paper("begun\n"));
  relay.stop();
  EXPECT_TRUE(pos.reset());
}

TEST(Relay, ATerminalInFrontOfATcpPrinter) {
  const Folder folder;
  const std::string link = folder.path / "printer";
  FakePrinter printer;
  Desk desk("ours\n");
  RelaySettings settings;
  settings.hold = milliseconds(50);
  {
    Running relay("pty:" + link, at(printer), desk, settings);
    PosLine pos = PosLine::to_terminal(link);
    EXPECT_TRUE(printer.jobs().empty());
    pos.send("total\n" + hex("10 04 01") + kCut);
    EXPECT_EQ(pos.read(1), "\x16");
    EXPECT_TRUE(relay.wait_for("printer_let_go"));
    pos.close();
    PosLine again = PosLine::to_terminal(link);
    again.send("next\n" + kCut);
    EXPECT_TRUE(relay.wait_for("printer_let_go", 2));
    EXPECT_TRUE(printer.wait_for([](const auto& jobs) { return jobs.size() == 2; }));
    EXPECT_EQ(printer.jobs()[0], "total\n" + hex("10 04 01") + "ours\n" + kCut);
    EXPECT_EQ(printer.jobs()[1], "next\nours\n" + kCut);
  }
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::symlink_status(link)));
}

TEST(Relay, ATerminalWhosePrinterIsAwayLosesWhatIsSentUntilItIsBack) {
  const Folder folder;
  const std::string link = folder.path / "printer";
  std::uint16_t port = 0;
  {
    const FakePrinter gone;
    port = gone.port();
  }
  Desk desk;
  RelaySettings settings;
  settings.try_again = milliseconds(50);
  Running relay("pty:" + link, "tcp:127.0.0.1:" + std::to_string(port), desk, settings);
  PosLine pos = PosLine::to_terminal(link);
  pos.send("lost\n");
  EXPECT_TRUE(relay.wait_for("printer_refused"));
  const FakePrinter back({}, port);
  EXPECT_TRUE(relay.wait_for("printer_back"));
  pos.send("printed\n");
  EXPECT_TRUE(back.wait_for_paper("printed\n"));
}

TEST(Relay, ASerialPrinterBehindTcp) {
  const Folder folder;
  const std::string line = folder.path / "line";
  FakePrinter printer;
  Desk far_desk, desk("ours\n");
  Running far("pty:" + line, at(printer), far_desk);  // a second relay plays the serial printer
  Running relay(kHere, "serial:" + line + ",115200,8n1", desk);
  for (int i = 1; i <= 2; ++i) {
    PosLine pos = relay.pos();
    pos.send(hex("10 04 01"));
    EXPECT_EQ(pos.read(1), "\x16");
    pos.send(std::string(i == 1 ? "one" : "two") + "\n" + kCut);
    pos.close();
    EXPECT_TRUE(relay.wait_for("job_ended", i));
  }
  const std::string ask = hex("10 04 01");
  EXPECT_TRUE(printer.wait_for_paper(ask + "one\nours\n" + kCut + ask + "two\nours\n" + kCut));
}

TEST(Relay, ADeviceFileAsPrinter) {
  const Folder folder;
  const auto file = folder.path / "lp0";
  std::ofstream(file).put('-');
  Desk desk("ours\n");
  Running relay(kHere, "device:" + file.string(), desk);
  relay.pos().send("total\n" + kCut);
  EXPECT_TRUE(relay.wait_for("job_ended"));
  EXPECT_EQ(read_whole(file), "-total\nours\n" + kCut);
}

TEST(Relay, ANamedPipeAsPosSide) {
  const Folder folder;
  const std::string pipe = folder.path / "lp";
  FakePrinter printer;
  Desk desk;
  Running relay("device:" + pipe, at(printer), desk);
  for (int i = 1; i <= 2; ++i) {
    std::ofstream(pipe, std::ios::binary) << "line\n" << std::flush;
    std::string all;
    for (int n = 0; n < i; ++n) all += "line\n";
    EXPECT_TRUE(printer.wait_for_paper(all));
  }
}

TEST(Relay, APlaceThatIsTakenIsSaid) {
  FakePrinter printer;
  Desk desk;
  RelaySettings settings;
  settings.listen = *read_endpoint("tcp:127.0.0.1:" + std::to_string(printer.port()), true);
  settings.printer = *read_endpoint("tcp:127.0.0.1:1", false);
  const auto opened = Relay::open(settings, desk, [](std::string_view, const std::string&) {});
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace tillside::escpos
