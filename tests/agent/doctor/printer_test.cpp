// The print door as the doctor sees it.
#include <gtest/gtest.h>

#include <set>

#include "agent/doctor/examine_printer.h"

namespace tillside::doctor {
namespace {

class FakeKnock : public Knock {
 public:
  bool tcp(const std::string& host, std::uint16_t port) override {
    return open.contains(host + ":" + std::to_string(port));
  }
  std::set<std::string> open;
};

std::string told(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings) text += (text.empty() ? "" : ", ") + std::string(name_of(finding.health));
  return text;
}

PrinterSettings places(const std::string& listen, const std::string& printer) {
  PrinterSettings settings;
  settings.listen = listen;
  settings.printer = printer;
  return settings;
}

TEST(PrinterDoor, IsSilentWhereNoneIsConfigured) {
  FakeKnock knock;
  EXPECT_EQ(told(examine_printer({}, knock)), "");
}

TEST(PrinterDoor, TellsThePrinterFromTheRelay) {
  FakeKnock knock;
  const auto door = places("tcp:9100", "tcp:192.0.2.7:9100");
  EXPECT_EQ(told(examine_printer(door, knock)), "broken, broken");
  knock.open.insert("192.0.2.7:9100");
  EXPECT_EQ(told(examine_printer(door, knock)), "works, broken");
  knock.open.insert("127.0.0.1:9100");
  EXPECT_EQ(told(examine_printer(door, knock)), "works, works");
}

TEST(PrinterDoor, LooksAtADeviceWithoutOpeningIt) {
  FakeKnock knock;
  EXPECT_EQ(told(examine_printer(places("tcp:9100", "device:/dev/null"), knock)), "works, broken");
  EXPECT_EQ(told(examine_printer(places("tcp:9100", "serial:/dev/no-such-line"), knock)), "broken, broken");
}

TEST(PrinterDoor, NamesWhatCannotBeUnderstood) {
  FakeKnock knock;
  const auto findings = examine_printer(places("carrier pigeon", "tcp:192.0.2.7"), knock);
  ASSERT_EQ(told(findings), "broken");
  EXPECT_NE(findings[0].says.en.find("carrier pigeon"), std::string::npos);
}

}  // namespace
}  // namespace tillside::doctor
