#include "tests/agent/api/api_test_fixture.h"
#include "tests/fakes/raw_ws_client.h"

namespace tillside::api {
namespace {

class EventsSocket : public ApiTest {
 protected:
  fakes::RawWsClient listen(const std::string& target) const {
    fakes::RawWsClient screen(connect());
    EXPECT_EQ(screen.open(target, bearer()).status, 101U);
    return screen;
  }
  static Json next(fakes::RawWsClient& screen) {
    const auto frame = screen.read_frame();
    return frame.opcode == 1 ? Json::parse(frame.payload) : Json{{"opcode", frame.opcode}};
  }
};

TEST_F(EventsSocket, AScreenSeesACheckoutAsItHappens) {
  auto screen = listen("/v1/events");
  post("/v1/checkouts/advise", sample_total(1, "13800138000"));
  const auto advised = next(screen);
  EXPECT_EQ(advised["type"], "advised");
  EXPECT_EQ(advised["verdict"]["status"], "member");
  EXPECT_EQ(advised["lane"], "L2");
  const auto answer = issued_sale(1);
  const auto completed = next(screen);
  EXPECT_EQ(completed["type"], "completed");
  EXPECT_EQ(completed["coupons"], answer["coupons"]);
}

TEST_F(EventsSocket, AScreenResumesAfterTheLastMessageItSaw) {
  for (int i = 0; i < 5; ++i) live.happenings().tell("status", ",\"online\":true");
  auto screen = listen("/v1/events?after=3");
  EXPECT_EQ(next(screen)["id"], 4);
  EXPECT_EQ(next(screen)["id"], 5);
  live.happenings().tell("status", ",\"online\":false");
  EXPECT_EQ(next(screen)["online"], false);
}

TEST_F(EventsSocket, AScreenThatMissedTooMuchIsToldAndGetsWhatIsKept) {
  for (std::size_t i = 0; i < Happenings::kKept + 50; ++i) live.happenings().tell("status", "");
  auto screen = listen("/v1/events?after=3");
  EXPECT_EQ(next(screen)["type"], "resync");
  EXPECT_EQ(next(screen)["id"], 51);
  for (std::size_t i = 1; i < Happenings::kKept; ++i) ASSERT_EQ(next(screen)["type"], "status");
}

TEST_F(EventsSocket, AScreenOfAnEarlierRunOfTheAgentIsTold) {
  live.happenings().tell("status", "");
  auto screen = listen("/v1/events?after=9000");
  EXPECT_EQ(next(screen)["type"], "resync");
}

TEST_F(EventsSocket, WhatIsNoWebSocketIsTurnedAway) {
  EXPECT_EQ(code_of(get("/v1/events"), 426), "websocket_only");
  fakes::RawWsClient screen(connect());
  EXPECT_EQ(screen.open("/v1/events?after=yesterday", bearer()).status, 422U);
  fakes::RawWsClient stranger(connect());
  EXPECT_EQ(stranger.open("/v1/events").status, 401U);
}

}  // namespace
}  // namespace tillside::api
