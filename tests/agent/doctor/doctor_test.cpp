// The whole look: an agent that answers, one that does not, and each way in.
#include "agent/doctor/doctor.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace tillside::doctor {
namespace {

constexpr const char* kStatus =
    R"({"version":"1.2.3","enrolled":true,"may_issue":true,"online":true,"clock":{"trusted":true,"state":"wall"},)"
    R"("members_complete":true,"members_as_of":"2026-11-22T16:50:00+08:00"})";

class FakeLine : public AgentLine {
 public:
  Result<Answer> by_socket(const std::string&) override { return socket; }
  Result<Answer> by_tcp(const std::string&) override { return tcp; }
  Result<Answer> preflight(const std::string& origin) override {
    return Answer{204, "", origin == allowed ? origin : ""};
  }

  Result<Answer> socket = Answer{200, kStatus, ""}, tcp = Answer{200, "{}", ""};
  std::string allowed = "https://pos.example";
};

class NobodyHome : public Knock {
 public:
  bool tcp(const std::string&, std::uint16_t) override { return false; }
};

class Visit : public ::testing::Test {
 protected:
  std::string findings_of(const std::string& door) {
    Config config;
    config.folder = std::filesystem::temp_directory_path();
    config.origins = {"https://pos.example", "https://other.example"};
    std::string text;
    for (const Finding& finding :
         examine({std::move(config), "1.2.3", *parse_time("2026-11-22T09:00:00Z", StoreZone()), &line_, &knock_}))
      if (finding.door == door) text += (text.empty() ? "" : ", ") + std::string(name_of(finding.health));
    return text;
  }
  FakeLine line_;
  NobodyHome knock_;
};

TEST_F(Visit, SeesEachWayIn) {
  EXPECT_EQ(findings_of("agent"), "works");
  EXPECT_EQ(findings_of("http"), "works");
  EXPECT_EQ(findings_of("headquarters"), "works");
  EXPECT_EQ(findings_of("browser"), "works, broken");
}

TEST_F(Visit, AnAgentThatDoesNotRunIsOneFindingNotTen) {
  line_.socket = Error{ErrorCode::unavailable, {}, "connection refused"};
  EXPECT_EQ(findings_of("agent"), "broken");
  EXPECT_EQ(findings_of("headquarters") + findings_of("http") + findings_of("browser"), "");
}

TEST_F(Visit, AStaleTokenAndAnotherProgramOnThePortAreTold) {
  line_.tcp = AgentLine::Answer{401, "", ""};
  EXPECT_EQ(findings_of("http"), "broken");
  line_.tcp = Error{ErrorCode::unavailable, {}, "refused"};
  EXPECT_EQ(findings_of("http"), "broken");
}

TEST_F(Visit, AnAgentOfAnotherVersionWantsALook) {
  line_.socket = AgentLine::Answer{200, R"({"version":"1.2.2"})", ""};
  EXPECT_EQ(findings_of("agent"), "look");
}

TEST_F(Visit, AnAgentThatGivesNoAccountIsNotTakenForWell) {
  line_.socket = AgentLine::Answer{401, "{}", ""};
  EXPECT_EQ(findings_of("agent"), "broken");
  line_.socket = AgentLine::Answer{200, "no json", ""};
  EXPECT_EQ(findings_of("agent"), "broken");
}

}  // namespace
}  // namespace tillside::doctor
