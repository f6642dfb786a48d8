// The serial scanner as the doctor sees it.
#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include <array>

#include "agent/doctor/examine_scanner.h"

namespace tillside::doctor {
namespace {

std::string told(const std::string& device) {
  std::string text;
  for (const Finding& finding : examine_scanner({device, "L2"})) text += name_of(finding.health);
  return text;
}

TEST(ScannerLine, IsSilentWhereNoneIsConfigured) { EXPECT_EQ(told(""), ""); }

TEST(ScannerLine, IsThereOrIsNot) {
  int ours = -1, theirs = -1;
  std::array<char, 128> name{};
  ASSERT_EQ(::openpty(&ours, &theirs, name.data(), nullptr, nullptr), 0);
  const std::string device = name.data();
  EXPECT_EQ(told(device), "works");
  EXPECT_EQ(told(device + ",9600,8n1"), "works");
  ::close(ours);
  ::close(theirs);
  EXPECT_EQ(told(device), "broken") << "unplugged";
}

TEST(ScannerLine, NamesWhatCannotBeUnderstood) {
  const Findings findings = examine_scanner({"/dev/ttyACM0,fast", ""});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].health, Health::broken);
  EXPECT_NE(findings[0].says.en.find("/dev/ttyACM0,fast"), std::string::npos);
}

}  // namespace
}  // namespace tillside::doctor
