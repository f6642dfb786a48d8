// Somebody else, or something broken, at the agent's address: bounded time, bounded memory, and never a sale given up.
#include <gtest/gtest.h>
#include <poll.h>

#include "tests/pos_adapter/plugin/agent_under_test.h"
#include "tests/pos_adapter/plugin/fake_agent.h"

namespace tillside::pos_test {
namespace {

constexpr std::string_view kIdentity = R"({"identity":"0123:L1:20261122:0:1:completed","coupons":[]})";

FakeAgent::Script saying(std::string bytes, bool stay = true) {
  return [bytes = std::move(bytes), stay](int connection, const Asked&) {
    FakeAgent::send(connection, bytes);
    return stay;
  };
}

class Stranger : public ::testing::Test {
 protected:
  std::string socket() const { return folder / "agent.sock"; }
  Said complete_at(const FakeAgent::Script& script) {
    const FakeAgent fake(socket(), script);
    const Pos pos(socket(), "");
    return pos.complete(sale(1));
  }
  Said advise_at(const FakeAgent::Script& script) {
    const FakeAgent fake(socket(), script);
    const Pos pos(socket(), "");
    return pos.advise(sale(1, "L1", "total"));
  }
  TempFolder folder;
};

TEST_F(Stranger, OnlyAnAgentsWordMakesASaleTaken) {
  EXPECT_EQ(complete_at(saying(FakeAgent::answer(200, kIdentity))).outcome, TILLSIDE_POS_TAKEN);
  for (const std::string& answer :
       {FakeAgent::answer(200, "hello"), FakeAgent::answer(200, ""), FakeAgent::answer(200, "{}"),
        FakeAgent::answer(200, kIdentity, "text/html"), FakeAgent::answer(200, R"({"identity":null})"),
        FakeAgent::answer(200, R"({"identity":7})"), FakeAgent::answer(200, R"({"identity":"x")"),
        FakeAgent::answer(201, kIdentity), FakeAgent::answer(302, kIdentity), FakeAgent::answer(204, ""),
        FakeAgent::answer(422, "no"), FakeAgent::answer(422, "{}"), FakeAgent::answer(404, kIdentity),
        FakeAgent::answer(500, kIdentity), FakeAgent::answer(401, "{}")}) {
    const Said said = complete_at(saying(answer));
    EXPECT_EQ(said.outcome, TILLSIDE_POS_QUEUED) << answer;
    EXPECT_NE(said.why, TILLSIDE_POS_WHY_NOTHING) << answer;
  }
}

TEST_F(Stranger, AProblemDocumentIsARefusal) {
  const std::string problem = R"({"status":422,"code":"unknown_value"})";
  const Said said = complete_at(saying(FakeAgent::answer(422, problem, "application/problem+json; charset=utf-8")));
  EXPECT_EQ(said.outcome, TILLSIDE_POS_REFUSED);
  EXPECT_EQ(said.text, problem);
}

TEST_F(Stranger, NotReadyQueuesTheSaleAndShowsTheProblem) {
  const std::string problem = R"({"status":507,"code":"storage_full"})";
  const Said said = complete_at(saying(FakeAgent::answer(507, problem, "application/problem+json")));
  EXPECT_EQ(said.outcome, TILLSIDE_POS_QUEUED);
  EXPECT_EQ(said.why, TILLSIDE_POS_WHY_NOT_READY);
  EXPECT_EQ(said.text, problem);
  const Said advice = advise_at(saying(FakeAgent::answer(503, problem, "application/problem+json")));
  EXPECT_EQ(advice.outcome, TILLSIDE_POS_CARRY_ON);
  EXPECT_EQ(advice.text, problem);
}

TEST_F(Stranger, GarbageIsGarbled) {
  const std::string many_headers = [] {
    std::string text = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 100; ++i) text += "X-" + std::to_string(i) + ": y\r\n";
    return text + "Content-Length: 2\r\n\r\n{}";
  }();
  for (const std::string& answer :
       {std::string("\0\1\2\3 garbage\r\n\r\n", 17), std::string("SSH-2.0-OpenSSH_9.2\r\n"),
        std::string("HTTP/1.1 200 OK\r\n\r\nno length"), many_headers,
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}"),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n{}"),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n{}"),
        std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFF\r\n"),
        std::string("HTTP/1.1 200 OK\nContent-Length: 2\n\n{}"), std::string(20000, 'A')}) {
    const Said said = advise_at(saying(answer));
    EXPECT_EQ(said.outcome, TILLSIDE_POS_CARRY_ON);
    EXPECT_EQ(said.why, TILLSIDE_POS_WHY_GARBLED) << answer.substr(0, 60);
    EXPECT_TRUE(said.text.empty());
  }
}

TEST_F(Stranger, EndlessInterimAnswersAndChunksEnd) {
  const Said interim = advise_at(
      saying("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 "
             "Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"));
  EXPECT_EQ(interim.why, TILLSIDE_POS_WHY_GARBLED);
  const auto chunks = [](int connection, const Asked&) {
    FakeAgent::send(connection,
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
    std::string many;
    for (int i = 0; i < 4096; ++i) many += "1\r\nx\r\n";
    for (int i = 0; i < 400; ++i) FakeAgent::send(connection, many);
    return false;
  };
  const FakeAgent fake(socket(), chunks);
  const Pos pos(socket(), "");
  const Said said = pos.call(tillside_pos_advise, "{}", 5000);
  EXPECT_EQ(said.why, TILLSIDE_POS_WHY_GARBLED) << "over a mebibyte";
  EXPECT_LT(said.ms, 4000);
}

TEST_F(Stranger, ChunkedAndClosedAnswersAreRead) {
  const std::string chunked =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-TYPE: application/json\r\nTransfer-Encoding: "
      "Chunked\r\n\r\n"
      "5;x=y\r\n{\"ide\r\nb\r\nntity\":\"x\"}\r\n0\r\nTrailer: t\r\n\r\n";
  const Said said = complete_at(saying(chunked));
  EXPECT_EQ(said.outcome, TILLSIDE_POS_TAKEN);
  EXPECT_EQ(said.text, R"({"identity":"x"})");
  const std::string last =
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n"
      R"({"identity":"x"})";
  const FakeAgent fake(socket(), saying(last, false));
  const Pos pos(socket(), "");
  EXPECT_EQ(pos.complete(sale(1)).outcome, TILLSIDE_POS_TAKEN);
  EXPECT_EQ(pos.complete(sale(2)).outcome, TILLSIDE_POS_TAKEN);
  EXPECT_EQ(fake.connections, 2);
}

TEST_F(Stranger, ADribblingAnswerCostsTheDeadlineAndNoMore) {
  const auto dribbling = [](int connection, const Asked&) {
    FakeAgent::dribble(connection, FakeAgent::answer(200, kIdentity), 5);
    return false;
  };
  const Said said = complete_at(dribbling);
  EXPECT_EQ(said.outcome, TILLSIDE_POS_QUEUED);
  EXPECT_EQ(said.why, TILLSIDE_POS_WHY_SLOW);
  EXPECT_GE(said.ms, 140);
  EXPECT_LE(said.ms, 150 + kSlackMs);
}

TEST_F(Stranger, AnAnswerThatComesTooLateIsNotTakenForTheNextOnes) {
  std::atomic<int> count{0};
  const FakeAgent fake(socket(), [&](int connection, const Asked& asked) {
    if (count++ == 0) (void)::poll(nullptr, 0, 300);
    FakeAgent::send(connection, FakeAgent::answer(200, R"({"echo":)" + asked.body + "}"));
    return true;
  });
  const Pos pos(socket(), "");
  EXPECT_EQ(pos.call(tillside_pos_advise, R"({"n":1})").why, TILLSIDE_POS_WHY_SLOW);
  EXPECT_EQ(pos.call(tillside_pos_advise, R"({"n":2})").text, R"({"echo":{"n":2}})");
}

TEST_F(Stranger, AnswersInOnePacketAreNotMixedUp) {
  std::atomic<int> count{0};
  const FakeAgent fake(socket(), [&](int connection, const Asked&) {
    const int number = ++count;
    std::string text = FakeAgent::answer(200, "{\"n\":" + std::to_string(number) + "}");
    if (number == 1) text += FakeAgent::answer(200, R"({"n":666})");
    FakeAgent::send(connection, text);
    return true;
  });
  const Pos pos(socket(), "");
  EXPECT_EQ(pos.call(tillside_pos_advise, "{}").text, R"({"n":1})");
  EXPECT_EQ(pos.call(tillside_pos_advise, "{}").text, R"({"n":2})");
}

TEST_F(Stranger, ARefusalBeforeTheWholeDocumentWasReadIsHeard) {
  const std::string problem = R"({"status":413,"code":"too_large"})";
  const FakeAgent fake(socket(), saying(FakeAgent::answer(413, problem, "application/problem+json"), false));
  const Pos pos(socket(), "");
  const std::string large = "{\"x\":\"" + std::string(900'000, 'y') + "\"}";
  EXPECT_EQ(pos.call(tillside_pos_complete, large, 2000).outcome, TILLSIDE_POS_REFUSED);
}

TEST_F(Stranger, TheBreakerRestsAndClosesAgain) {
  std::atomic<bool> broken{true};
  FakeAgent fake(socket(), [&](int connection, const Asked&) {
    if (!broken) FakeAgent::send(connection, FakeAgent::answer(200, kIdentity));
    return !broken;
  });
  fake.healthy = false;
  const Pos pos(socket(), "");
  EXPECT_EQ(pos.complete(sale(1)).why, TILLSIDE_POS_WHY_BROKEN_OFF);
  eventually("the delivery fails, too", [&] { return pos.state().reachable == 0; });
  const std::size_t asked = fake.asked().size();
  for (int i = 0; i < 50; ++i) EXPECT_EQ(pos.advise(sale(2, "L1", "total")).why, TILLSIDE_POS_WHY_RESTING);
  EXPECT_EQ(fake.asked().size(), asked) << "nobody was asked";
  broken = false;
  fake.healthy = true;
  eventually("it closes, and what waited is delivered", [&] { return pos.state().delivered == 1; });
  EXPECT_EQ(pos.state().reachable, 1U);
}

TEST_F(Stranger, ASaleThatTheAgentStumblesOverDoesNotHoldUpTheOthers) {
  const FakeAgent fake(socket(), [&](int connection, const Asked& asked) {
    const bool poison = asked.body.find("\"L1-1\"") != std::string::npos;
    FakeAgent::send(connection, poison ? FakeAgent::answer(422, R"({"code":"bad"})", "application/problem+json")
                                       : FakeAgent::answer(200, kIdentity));
    return true;
  });
  const std::string spool = folder / "spool", nowhere = folder / "nowhere";
  {
    Pos away(nowhere, spool);
    EXPECT_EQ(away.complete(sale(1)).outcome, TILLSIDE_POS_QUEUED);
    EXPECT_EQ(away.complete(sale(2)).outcome, TILLSIDE_POS_QUEUED);
  }
  const Pos pos(socket(), spool);
  eventually("the good one is delivered, the bad one set aside",
             [&] { return pos.state().delivered == 1 && pos.state().set_aside == 1; });
  EXPECT_EQ(pos.state().queued, 0U);
}

}  // namespace
}  // namespace tillside::pos_test
