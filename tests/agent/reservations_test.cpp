// Asking headquarters about a coupon: what it says is passed on, silence is no answer, and nothing waits for ever.
#include "agent/reservations.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace tillside {
namespace {

using Kind = Grantor::Answer::Kind;

// Headquarters at the other end of one connection.
class Line final : public sync::HqTransport {
 public:
  Result<Answer> exchange(const Request& request) override {
    std::unique_lock lock(mutex);
    asked.push_back(request);
    wake.notify_all();
    wake.wait(lock, [this] { return !holds || cancelled; });
    if (cancelled) return Error{ErrorCode::unavailable, {}, "cancelled"};
    return Answer{status, body, std::nullopt};
  }
  void cancel() override {
    const std::lock_guard lock(mutex);
    cancelled = true;
    wake.notify_all();
  }
  void wait_until_asked() {
    std::unique_lock lock(mutex);
    ASSERT_TRUE(wake.wait_for(lock, std::chrono::seconds(20), [this] { return !asked.empty(); }));
  }

  std::mutex mutex;
  std::condition_variable wake;
  std::vector<Request> asked;
  int status = 200;
  std::string body;
  bool holds = false, cancelled = false;
};

class Passing final : public sync::HqTransport {
 public:
  explicit Passing(Line& line) : line_(line) {}
  Result<Answer> exchange(const Request& request) override { return line_.exchange(request); }
  void cancel() override { line_.cancel(); }

 private:
  Line& line_;
};

class ReservationsTest : public ::testing::Test {
 protected:
  Grantor::Answer ask() {
    std::promise<Grantor::Answer> done;
    Grantor::Question question;
    question.rid.fill(7);
    question.value = 2000;
    reservations.ask(question, [&](Grantor::Answer answer) { done.set_value(answer); });
    return done.get_future().get();
  }
  bool release() {
    std::promise<bool> done;
    reservations.release(Bytes16{7}, [&](bool told) { done.set_value(told); });
    return done.get_future().get();
  }

  Line line;
  std::optional<std::string> token = "token";
  Reservations reservations{[this] { return token; }, [this] { return std::make_unique<Passing>(line); }};
};

TEST_F(ReservationsTest, AGrantIsPassedOn) {
  line.body = R"({"state":"granted","time":1})";
  EXPECT_EQ(ask().kind, Kind::granted);
  ASSERT_EQ(line.asked.size(), 1u);
  EXPECT_EQ(line.asked[0].path, "/v1/reservations");
  EXPECT_EQ(line.asked[0].bearer, "token");
  const auto request = wire::read_reservation_request(line.asked[0].body);
  ASSERT_TRUE(request.ok());
  EXPECT_FALSE(request->release);
  EXPECT_EQ(request->rid[0], 7);
  EXPECT_EQ(request->value, 2000);
}

TEST_F(ReservationsTest, ARefusalHasItsReasonAlsoOneOnlyANewerHeadquartersKnows) {
  line.body = R"({"state":"refused","reason":"no_exposure","time":1})";
  EXPECT_EQ(ask().kind, Kind::refused);
  EXPECT_EQ(ask().reason, RedeemReason::no_exposure);
  line.body = R"({"state":"refused","reason":"full_moon","time":1})";
  EXPECT_EQ(ask().reason, RedeemReason::needs_network);
}

TEST_F(ReservationsTest, SilenceAndNonsenseAreNoAnswer) {
  line.body = "{";
  EXPECT_EQ(ask().kind, Kind::unanswered);
  line.body = R"({"state":"granted","time":1})";
  line.status = 503;
  EXPECT_EQ(ask().kind, Kind::unanswered);
  EXPECT_FALSE(release());
  line.status = 200;
  EXPECT_TRUE(release());
}

TEST_F(ReservationsTest, WithoutATokenNobodyIsAsked) {
  EXPECT_TRUE(reservations.reachable());
  token.reset();
  EXPECT_FALSE(reservations.reachable());
  EXPECT_EQ(ask().kind, Kind::unanswered);
  EXPECT_TRUE(line.asked.empty());
}

TEST_F(ReservationsTest, StoppingAnswersWhatWaits) {
  line.holds = true;
  std::promise<Kind> first, second;
  reservations.ask({}, [&](Grantor::Answer answer) { first.set_value(answer.kind); });
  reservations.ask({}, [&](Grantor::Answer answer) { second.set_value(answer.kind); });
  line.wait_until_asked();
  reservations.stop();
  EXPECT_EQ(first.get_future().get(), Kind::unanswered);
  EXPECT_EQ(second.get_future().get(), Kind::unanswered);
  EXPECT_FALSE(reservations.reachable());
  EXPECT_EQ(ask().kind, Kind::unanswered);
}

TEST_F(ReservationsTest, TooManyQuestionsAreNotQueuedForEver) {
  line.holds = true;
  std::atomic<std::size_t> unanswered{0};
  for (std::size_t i = 0; i < Reservations::kMaxWaiting + 10; ++i) {
    reservations.ask({}, [&](Grantor::Answer) { ++unanswered; });
  }
  EXPECT_GE(unanswered, 9u);
  reservations.stop();
  EXPECT_EQ(unanswered, Reservations::kMaxWaiting + 10);
}

}  // namespace
}  // namespace tillside
