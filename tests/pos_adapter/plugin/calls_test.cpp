// Each call of the C interface against a real agent.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/pos_adapter/plugin/agent_under_test.h"

namespace tillside::pos_test {
namespace {

class Calls : public ::testing::TestWithParam<Door> {
 protected:
  Calls() { agent.start(); }
  AgentUnderTest agent;
};

INSTANTIATE_TEST_SUITE_P(BothDoors, Calls, ::testing::Values(Door::socket, Door::tcp),
                         [](const auto& door) { return door.param == Door::socket ? "Socket" : "Tcp"; });

TEST_P(Calls, AdviseAnswersWithAVerdict) {
  const Pos pos(agent, GetParam());
  const Said said = pos.advise(sale(1, "L1", "total"));
  ASSERT_EQ(said.outcome, TILLSIDE_POS_ANSWERED) << tillside_pos_why_text(said.why);
  EXPECT_EQ(said.http_status, 200);
  EXPECT_EQ(said.document()["verdict"]["status"], "unidentified");
  EXPECT_EQ(tillside_pos_verdict(said.text.data(), said.text.size()), TILLSIDE_POS_VERDICT_UNIDENTIFIED);
  char words[256];
  ASSERT_GT(tillside_pos_prompt(said.text.data(), said.text.size(), 0, 0, words, sizeof words), 0);
  EXPECT_EQ(said.document()["prompts"][0]["zh"], words);
  ASSERT_GT(tillside_pos_prompt(said.text.data(), said.text.size(), 0, 1, words, sizeof words), 0);
  EXPECT_EQ(said.document()["prompts"][0]["en"], words);
}

TEST_P(Calls, CompleteIsTakenAndTheSecondTimeADuplicate) {
  const Pos pos(agent, GetParam());
  const Said first = pos.complete(sale(2));
  ASSERT_EQ(first.outcome, TILLSIDE_POS_TAKEN) << tillside_pos_why_text(first.why);
  EXPECT_FALSE(first.duplicate);
  const Said again = pos.complete(sale(2));
  EXPECT_EQ(again.outcome, TILLSIDE_POS_TAKEN);
  EXPECT_TRUE(again.duplicate);
  EXPECT_EQ(again.text, first.text);
  EXPECT_EQ(agent.checkouts(), 1U);
}

TEST_P(Calls, ReverseAndEventAreTaken) {
  const Pos pos(agent, GetParam());
  ASSERT_EQ(pos.complete(sale(3)).outcome, TILLSIDE_POS_TAKEN);
  const Said back = pos.call(tillside_pos_reverse, whole_return(4, sale(3)).dump());
  ASSERT_EQ(back.outcome, TILLSIDE_POS_TAKEN) << back.text;
  EXPECT_TRUE(back.document().contains("refund"));
  const Said event = pos.call(tillside_pos_event, R"({"state":"sign_on","store_id":"0123","lane_id":"L1",)"
                                                  R"("business_date":"2026-11-22","sequence":9,"currency":"CNY"})");
  ASSERT_EQ(event.outcome, TILLSIDE_POS_TAKEN) << event.text;
  EXPECT_EQ(event.document()["recorded"], true);
}

TEST_P(Calls, CouponsAreAnsweredWhateverTheyAre) {
  const Pos pos(agent, GetParam());
  for (const auto call : {tillside_pos_check, tillside_pos_hold, tillside_pos_release}) {
    const Said said = pos.call(call, R"({"hold_id":"L1-1","code":"0008-G000-07XK-2M9Q","lane_id":"L1"})");
    ASSERT_EQ(said.outcome, TILLSIDE_POS_ANSWERED) << said.text;
    EXPECT_TRUE(said.document().contains("state")) << said.text;
  }
}

TEST_P(Calls, AWrongDocumentIsRefusedWithTheAgentsWords) {
  const Pos pos(agent, GetParam());
  json wrong = sale(5);
  wrong["lines"][0]["kind"] = "gift";
  const Said said = pos.complete(wrong);
  ASSERT_EQ(said.outcome, TILLSIDE_POS_REFUSED);
  EXPECT_EQ(said.http_status, 422);
  EXPECT_EQ(said.document()["code"], "unknown_value");
  EXPECT_EQ(said.document()["field"], "lines[0].kind");
  EXPECT_EQ(said.document()["title"].get<std::string>().find("取值"), std::string::npos) << "asked for English";
  EXPECT_EQ(pos.complete(sale(5)).outcome, TILLSIDE_POS_TAKEN) << "the corrected document is a first one";
}

TEST_P(Calls, OtherContentUnderTheSameNumberIsAConflict) {
  const Pos pos(agent, GetParam());
  ASSERT_EQ(pos.complete(sale(6)).outcome, TILLSIDE_POS_TAKEN);
  json other = sale(6);
  other["operator_id"] = "E2044";
  const Said said = pos.complete(other);
  EXPECT_EQ(said.outcome, TILLSIDE_POS_REFUSED);
  EXPECT_EQ(said.http_status, 409);
}

TEST(Token, AWrongOneIsReadAgainAndTheSaleWaitsMeanwhile) {
  AgentUnderTest agent;
  agent.start();
  const std::string token = agent.folder() / "pos-token", spool = agent.spool();
  std::ofstream(token) << "0000\n";
  tillside_pos_options options = options_for("", spool.c_str());
  options.token_file = token.c_str();
  options.tcp_port = agent.port();
  const Pos pos(options);
  const Said said = pos.complete(sale(7));
  EXPECT_EQ(said.outcome, TILLSIDE_POS_QUEUED);
  EXPECT_EQ(said.why, TILLSIDE_POS_WHY_NO_TOKEN);
  std::filesystem::copy_file(agent.token_file(), token, std::filesystem::copy_options::overwrite_existing);
  eventually("delivered with the new token", [&] { return pos.state().delivered == 1; });
  EXPECT_EQ(pos.advise(sale(8, "L1", "total")).outcome, TILLSIDE_POS_ANSWERED);
}

TEST(Token, WithoutOneTheTcpDoorIsNotTried) {
  tillside_pos_options options = options_for("", "");
  options.tcp_port = 1;
  const Pos pos(options);
  EXPECT_EQ(pos.advise(sale(1, "L1", "total")).why, TILLSIDE_POS_WHY_ABSENT);
}

}  // namespace
}  // namespace tillside::pos_test
