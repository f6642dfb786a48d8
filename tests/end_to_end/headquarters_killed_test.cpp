// Headquarters is killed at random moments, 50 times, while a till sends: afterwards it holds everything once.
#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <thread>

#include "tests/fakes/store_day.h"
#include "tests/fakes/town.h"

namespace tillside::fakes {
namespace {

using nlohmann::json;

// Sells so that there is always something to send, at a POS's pace.
class Shopkeeper {
 public:
  explicit Shopkeeper(const Till& till) : client_(till.client()), thread_([this] { run(); }) {}
  void stop() {
    stopping_ = true;
    thread_.join();
  }
  std::size_t sold = 0;
  std::string problem;

 private:
  void run() {
    try {
      for (int number = 1; !stopping_; ++number) {
        const JsonAnswer answer = hand_in(client_, simple_sale("L1", number, 1000 + number));
        if (answer.status != 200) throw std::runtime_error(answer.body);
        ++sold;
        (void)::poll(nullptr, 0, 2);
      }
    } catch (const std::exception& caught) {
      problem = caught.what();
    }
  }

  JsonClient client_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

TEST(HeadquartersKilled, HoldsEverythingOnce) {
  const int kills = from_environment("TILLSIDE_HEADQUARTERS_KILLS", 50);
  std::mt19937_64 random(test_seed());
  Town town;
  auto till = open_shop(town, json::array({simple_campaign(1, 1'000'000, 500'000)}));
  Shopkeeper shopkeeper(*till);
  for (int kill = 0; kill < kills; ++kill) {
    // Only while it takes in: each time events have arrived since it came back.
    const std::uint64_t before = town.ledger_of(*till)["epochs"].at(0)["held_seq"];
    wait_until(
        "the uplink", [&] { return town.ledger_of(*till)["epochs"].at(0)["held_seq"] > before; }, 180);
    (void)::poll(nullptr, 0, static_cast<int>(random() % 40));
    town.kill_headquarters();
    town.start_headquarters();
  }
  shopkeeper.stop();
  EXPECT_EQ(shopkeeper.problem, "");
  wait_until_equal(town, *till);
  const json totals = town.get("report?by=store")["totals"];
  ASSERT_EQ(totals.size(), 1u);
  EXPECT_EQ(totals[0]["checkouts"], shopkeeper.sold);
  EXPECT_EQ(totals[0]["coupons"], shopkeeper.sold);
  EXPECT_EQ(totals[0]["duplicates"], 0);
  EXPECT_EQ(totals[0]["conflicts"], 0);
  std::cout << kills << " kills, " << shopkeeper.sold << " sales\n";
}

}  // namespace
}  // namespace tillside::fakes
