#include "sync/wire/messages.h"

#include <gtest/gtest.h>

namespace tillside::wire {
namespace {

Change quota(std::int64_t lent) {
  Change change;
  change.kind = ChangeKind::quota;
  change.quota.campaign = 7;
  change.quota.lent = lent;
  return change;
}

TEST(Messages, WhatIsNotADocumentIsRefused) {
  const auto code = [](std::string_view text) { return read_nonce_answer(text).error().code; };
  for (const char* bad : {"", "null", "[]", "{", "{\"nonce\":\"\xff\"}", "{\"nonce\":1e999}", "\"x\""})
    EXPECT_EQ(code(bad), ErrorCode::bad_json) << bad;
  EXPECT_EQ(code("{}"), ErrorCode::missing_field);
  EXPECT_EQ(code(std::string(2'000'000, '[')), ErrorCode::too_deep);
  std::string deep = "{\"nonce\":";
  for (int i = 0; i < 1000; ++i) deep += "{\"a\":";
  EXPECT_EQ(code(deep), ErrorCode::too_deep);
}

TEST(Messages, BracketsInsideTextsAreNoDepth) {
  EXPECT_TRUE(read_nonce_answer("{\"nonce\":\"" + std::string(100, '[') + "\\\"{{{\",\"time\":1}"));
}

TEST(Messages, ErrorsNameTheFieldByItsPath) {
  auto bad = read_downlink_answer(
      R"({"cursor":"","hq_incarnation":"00000000000000000000000000000000","as_of":1,"changes":[{"kind":"staff","staff":[)"
      R"({"staff_id":"E1","number":1,"role":"guide"},{"staff_id":"E2","number":70000,"role":"guide"}]}]})");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, ErrorCode::out_of_range);
  EXPECT_EQ(bad.error().field, "changes[0].staff[1].number");
}

TEST(Messages, AFencedAnswerWithoutIdentityIsRefused) {
  ContactAnswer answer;
  answer.outcome = ContactOutcome::fenced;
  EXPECT_EQ(read_contact_answer(write(answer)).error().field, "identity");
  answer.outcome = ContactOutcome::honest;
  EXPECT_TRUE(read_contact_answer(write(answer)));
}

TEST(Messages, ChangesOfALaterKindAreLeftOutAndCounted) {
  DownlinkAnswer head;
  const std::string known = write(quota(5));
  const std::string later = R"({"kind":"weather","rain":true})";
  auto answer = read_downlink_answer(write_downlink(head, std::vector<std::string_view>{later, known, later}));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->unknown_changes, 2u);
  ASSERT_EQ(answer->changes.size(), 1u);
  EXPECT_EQ(answer->changes[0].quota.lent, 5);
  EXPECT_EQ(read_change(later).error().code, ErrorCode::unknown_value);
}

TEST(Messages, SplicedChangesAreTheSameDocument) {
  DownlinkAnswer answer;
  answer.cursor = "a\"b\\";
  EXPECT_EQ(write(answer), write_downlink(answer, {}));
  answer.changes = {quota(1), quota(2)};
  const std::string first = write(quota(1)), second = write(quota(2));
  EXPECT_EQ(write(answer), write_downlink(answer, std::vector<std::string_view>{first, second}));
  EXPECT_EQ(read_downlink_answer(write(answer))->cursor, answer.cursor);
}

TEST(Messages, CampaignTermsAreCarriedWhole) {
  Change change;
  change.kind = ChangeKind::campaign;
  change.campaign = 9;
  change.campaign_json = R"({"number":9,"name":{"zh":"券"},"later":[1,{"x":null}],"rate":0.5})";
  auto back = read_change(write(change));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->campaign_json, change.campaign_json);
  change.campaign_json = "not json";
  EXPECT_FALSE(read_change(write(change)));
}

TEST(Messages, LimitsOfRangesHold) {
  EXPECT_FALSE(read_change(R"({"kind":"quota","campaign":7,"epoch":"0000000000000000","lent":-1})"));
  EXPECT_FALSE(read_change(R"({"kind":"quota","campaign":16777216,"epoch":"0000000000000000","lent":1})"));
  EXPECT_FALSE(read_change(R"({"kind":"quota","campaign":1,"epoch":"0000000000000000","lent":9223372036854775808})"));
  EXPECT_FALSE(read_change(R"({"kind":"member","hash":"00000000000000000000000000000000","record":"abc"})"));
  EXPECT_TRUE(read_change(R"({"kind":"member","hash":"00000000000000000000000000000000","record":""})"));
}

TEST(Messages, AForkSaysWhatIsKeptAndAnOlderHeadquartersDoesNot) {
  const auto older = read_uplink_answer(R"({"held_seq":5,"code":"fork","fork_seq":3,"time":1})");
  ASSERT_TRUE(older);
  EXPECT_FALSE(older->kept_to);
  EXPECT_EQ(write(*older).find("kept_to"), std::string::npos);
  const auto newer = read_uplink_answer(R"({"held_seq":5,"code":"fork","fork_seq":3,"kept_to":2,"time":1})");
  ASSERT_TRUE(newer);
  EXPECT_EQ(newer->kept_to, 2u) << "nothing of it";
  EXPECT_EQ(read_uplink_answer(R"({"held_seq":5,"fork_seq":3,"kept_to":-1,"time":1})").error().field, "kept_to");
}

TEST(Messages, BytesThatAreNotUtf8AreWrittenAsSomethingReadable) {
  NonceAnswer answer{"\xff\xfe", Instant{1}};
  EXPECT_TRUE(read_nonce_answer(write(answer)));
}

TEST(Messages, AProblemIsReadFromWhateverComes) {
  EXPECT_EQ(read_problem(409, R"({"code":"gap","detail":"d","status":1})").code, "gap");
  EXPECT_EQ(read_problem(409, R"({"code":"gap","detail":"d"})").detail, "d");
  EXPECT_EQ(read_problem(502, "<html>").code, "");
  EXPECT_EQ(read_problem(502, R"({"code":5,"detail":"d"})").detail, "d");
  EXPECT_EQ(read_problem(502, "").status, 502);
}

}  // namespace
}  // namespace tillside::wire
