// A till whose agent is killed at random moments, 200 times, while three lanes sell: nothing is lost, nothing doubled.
#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <set>
#include <thread>

#include "agent/domain/referral.h"
#include "tests/fakes/store_day.h"
#include "tests/fakes/town.h"

namespace tillside::fakes {
namespace {

using nlohmann::json;

struct Acknowledged {
  json document;
  std::string answer;
};

// One POS lane: hands its documents in, in order, round after round, until told to stop.
class Lane {
 public:
  Lane(const Till& till, std::string name, std::string as_lane)
      : name_(std::move(name)), as_lane_(std::move(as_lane)), client_(till.client()) {}

  void start() {
    thread_ = std::thread([this] { run(); });
  }
  void stop() {
    stopping_ = true;
    thread_.join();
  }
  std::vector<Acknowledged> acknowledged;
  std::vector<std::string> refused;

 private:
  void run() {
    try {
      for (int round = 0; !stopping_; ++round)
        for (json& document : of_lane(sample_day(round), name_)) {
          if (stopping_) return;
          sell(document);
        }
    } catch (const std::exception& problem) {
      refused.emplace_back(problem.what());
    }
  }
  void sell(json& document) {
    if (name_ != as_lane_) rename(document);
    ask_advice(client_, document);
    const JsonAnswer answer = hand_in(client_, document);
    if (answer.status == 200) {
      acknowledged.push_back({document, answer.body});
    } else {
      refused.push_back(std::to_string(answer.status) + " " + answer.body);
    }
  }
  void rename(json& document) {
    document["lane_id"] = as_lane_;
    if (document.contains("checkout_id"))
      document["checkout_id"] = document["checkout_id"].get<std::string>() + as_lane_;
    if (!document.contains("original") || !document["original"].is_object()) return;
    json& original = document["original"];
    if (original.contains("lane_id")) original["lane_id"] = as_lane_;
    if (original.contains("checkout_id"))
      original["checkout_id"] = original["checkout_id"].get<std::string>() + as_lane_;
  }

  const std::string name_, as_lane_;
  JsonClient client_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

void expect_same_answers(Till& till, const std::vector<Acknowledged>& acknowledged) {
  JsonClient client = till.client();
  for (const auto& [document, first] : acknowledged) {
    const JsonAnswer again = hand_in(client, document);
    ASSERT_EQ(again.status, 200) << again.body;
    ASSERT_TRUE(again.duplicate) << "remembered no more: " << document.dump();
    ASSERT_EQ(again.body, first);
  }
}

TEST(AgentKilled, NothingIsLostAndNothingDoubled) {
  const int kills = from_environment("TILLSIDE_AGENT_KILLS", 200);
  std::mt19937_64 random(test_seed());
  Town town;
  auto till = open_shop(town, json::array({simple_campaign(1, 1'000'000, 500'000)}));

  std::vector<std::unique_ptr<Lane>> lanes;
  for (const auto& [name, as_lane] : {std::pair("L1", "L1"), std::pair("L2", "L2"), std::pair("L1", "L3")})
    lanes.push_back(std::make_unique<Lane>(*till, name, as_lane));
  for (auto& lane : lanes) lane->start();
  for (int kill = 0; kill < kills; ++kill) {
    (void)::poll(nullptr, 0, static_cast<int>(random() % 120));
    till->kill_now();
    till->start();
  }
  for (auto& lane : lanes) lane->stop();

  std::set<std::string> coupons, identities;
  std::set<std::uint32_t> ordinals;
  std::size_t asked = 0, showings = 0;
  for (auto& lane : lanes) {
    EXPECT_EQ(lane->refused, std::vector<std::string>{});
    expect_same_answers(*till, lane->acknowledged);
    for (const auto& [document, text] : lane->acknowledged) {
      const json answer = json::parse(text);
      ++asked;
      EXPECT_TRUE(identities.insert(answer["identity"]).second) << answer["identity"];
      for (const json& coupon : answer.value("coupons", json::array()))
        EXPECT_TRUE(coupons.insert(coupon["id"]).second) << "coupon twice: " << coupon["id"];
      if (!answer.contains("showing_id") || !answer["showing_id"].is_string()) continue;
      const auto token = read_referral(answer["showing_id"].get<std::string>());
      ASSERT_TRUE(token.ok());
      ++showings;
      EXPECT_TRUE(ordinals.insert(token->ordinal).second) << "ordinal twice: " << token->ordinal;
    }
  }
  wait_until_equal(town, *till);
  const json status = till->status(), held = town.ledger_of(*till);
  EXPECT_EQ(status["set_aside"], 0);
  EXPECT_EQ(status["epochs"].size(), 1u);
  EXPECT_EQ(status["ledger"]["coupons_issued"], coupons.size());
  EXPECT_EQ(status["ledger"]["conflicts"], 0);
  EXPECT_GT(asked, static_cast<std::size_t>(kills));
  const json report = town.get("report?by=store")["totals"];
  ASSERT_EQ(report.size(), 1u);
  EXPECT_EQ(report[0]["coupons"], coupons.size());
  EXPECT_EQ(report[0]["duplicates"], 0);
  EXPECT_EQ(report[0]["conflicts"], 0);
  EXPECT_GE(report[0]["prompts"], showings);
  std::cout << kills << " kills, " << asked << " answers asked again, " << coupons.size() << " coupons, " << showings
            << " showings\n";
}

}  // namespace
}  // namespace tillside::fakes
