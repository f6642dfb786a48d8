#include "agent/cli/scanner.h"

#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "agent/cli/serial_line.h"
#include "tests/agent/api/live_api.h"

namespace tillside::cli {
namespace {

// A scanner's end of a pseudo-terminal.
class Pty {
 public:
  Pty() {
    std::array<char, 128> name{};
    if (::openpty(&ours_, &theirs_, name.data(), nullptr, nullptr) != 0) throw std::runtime_error("no pty");
    path = name.data();
  }
  ~Pty() { unplug(); }
  void send(const std::string& text) const {
    ASSERT_EQ(::write(ours_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void unplug() {
    if (theirs_ >= 0) ::close(theirs_);
    if (ours_ >= 0) ::close(ours_);
    ours_ = theirs_ = -1;
  }
  std::string path;

 private:
  int ours_ = -1, theirs_ = -1;
};

using Parity = escpos::SerialSettings::Parity;

escpos::Endpoint place(const std::string& device, const escpos::SerialSettings& settings) {
  escpos::Endpoint place;
  place.kind = escpos::Endpoint::Kind::serial;
  place.path = device;
  place.serial = settings;
  return place;
}

TEST(SerialPlace, AsAnIntegratorWritesIt) {
  EXPECT_EQ(*read_serial_place("/dev/ttyACM0"), place("/dev/ttyACM0", {9600, 8, 1, Parity::none}));
  EXPECT_EQ(*read_serial_place("/dev/ttyS1,115200"), place("/dev/ttyS1", {115200, 8, 1, Parity::none}));
  EXPECT_EQ(*read_serial_place("/dev/ttyS1,2400,7e2"), place("/dev/ttyS1", {2400, 7, 2, Parity::even}));
  for (const char* wrong : {"", ",9600", "/dev/x,fast", "/dev/x,9601", "/dev/x,99999999", "/dev/x,9600,8x1",
                            "/dev/x,9600,9n1", "/dev/x,9600,8n1,more"}) {
    ASSERT_FALSE(read_serial_place(wrong).ok()) << wrong;
    EXPECT_EQ(read_serial_place(wrong).error().code, ErrorCode::bad_format);
  }
}

TEST(SerialLine, CodesWithEverySuffixAndWithNone) {
  const Pty scanner;
  auto line = SerialLine::open(*read_serial_place(scanner.path));
  ASSERT_TRUE(line.ok()) << line.error().detail;
  scanner.send(
      "\x02"
      "000H-000W\x03"
      "240\r\n\r\nabc\tdef\n");
  for (const char* wanted : {"000H-000W", "240", "abc", "def"}) EXPECT_EQ(*line->next(), wanted);
  scanner.send("no suffix");
  EXPECT_EQ(*line->next(), "no suffix");
  scanner.send(std::string(3000, 'A'));
  scanner.send(std::string(3000, 'A') + "\rbehind\r");
  EXPECT_EQ(*line->next(), "behind") << "what no code can be is passed over";
}

TEST(SerialLine, NothingThereOrGone) {
  EXPECT_EQ(SerialLine::open(place("/nonexistent/ttyACM0", {})).error().code, ErrorCode::unavailable);
  EXPECT_EQ(SerialLine::open(place("/dev/null", {})).error().code, ErrorCode::unavailable) << "no terminal";
  Pty scanner;
  auto line = SerialLine::open(*read_serial_place(scanner.path));
  ASSERT_TRUE(line.ok());
  scanner.send("last\r");
  EXPECT_EQ(*line->next(), "last");
  scanner.unplug();
  EXPECT_EQ(line->next().error().code, ErrorCode::unavailable);
}

TEST(Scanner, ADeviceItCannotReadIsAnErrorOfUse) {
  LocalClient nobody({});
  EXPECT_EQ(scanner(nobody, {"/dev/x,fast", "", true, false}), 2);
  EXPECT_EQ(scanner(nobody, {"/nonexistent/ttyACM0", "", true, false}), 1);
}

// The tool between a scanner and a real agent: every code is checked and shown on the screens of its lane.
TEST(Scanner, ReachesTheCashiersScreen) {
  const api::HandClock clock;
  api::LiveApi live({.clock = &clock});
  Where where;
  where.socket = live.socket();
  LocalClient agent(where);
  const auto sold = agent.post("/v1/checkouts/complete", api::sample_sale(1).dump());
  ASSERT_TRUE(sold.ok());
  const auto coupon = nlohmann::json::parse(sold->body)["coupons"][0];

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<nlohmann::json> shown;
  const auto listener = live.happenings().listen(~0ULL, [&](const Happenings::Message& message) {
    auto happening = nlohmann::json::parse(*message);
    if (happening["type"] != "scanned") return;
    const std::lock_guard lock(mutex);
    shown.push_back(std::move(happening));
    changed.notify_all();
  });
  Pty device;
  const auto settings = live.socket().parent_path() / "scanner.toml";
  std::ofstream(settings) << "[scanner]\ndevice = \"/dev/no-such-line\"\nlane = \"L2\"\n";
  int exit_code = -1;
  std::thread tool([&] {
    LocalClient mine(where);
    exit_code = scanner(mine, {device.path + ",9600,8n1", "", true, true, settings});  // the words stand over the file
  });
  const auto wait_for = [&](std::size_t count) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(20), [&] { return shown.size() >= count; });
  };
  device.send(coupon["url"].get<std::string>() + "\r");
  EXPECT_TRUE(wait_for(1));
  device.send(coupon["digits"].get<std::string>() + "\r\n6901234567892\r\n");
  EXPECT_TRUE(wait_for(3));
  device.unplug();
  tool.join();
  EXPECT_EQ(exit_code, 0);
  live.happenings().forget(listener);
  ASSERT_EQ(shown.size(), 3U);
  EXPECT_EQ(shown[0]["lane"], "L2");
  EXPECT_EQ(shown[0]["coupon"]["state"], "free");
  EXPECT_EQ(shown[0]["coupon"]["coupon"]["id"], coupon["id"]);
  EXPECT_EQ(shown[1]["coupon"]["coupon"]["id"], coupon["id"]);
  EXPECT_EQ(shown[2]["coupon"]["reason"], "not_a_code");
}

}  // namespace
}  // namespace tillside::cli
