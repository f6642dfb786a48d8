// An agent that was told to stop while a checkout had been advised and not completed ended with an abort: the showing
// it reported on the way out woke a sync loop that had already hung up.
#include <gtest/gtest.h>

#include "tests/fakes/store_day.h"
#include "tests/fakes/town.h"

namespace tillside::fakes {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

TEST(AgentStops, WithAnOpenShowingAndTellsHeadquartersOfIt) {
  Town town;
  town.add_campaigns(json::array({simple_campaign(1, 1000, 100)}));
  auto till = town.add_till("till");
  till->start();
  till->enroll();
  till->wait_until_ready(1);
  JsonClient client = till->client();
  json checkout = simple_sale("L1", 1, 2000);
  ask_advice(client, checkout);
  ASSERT_TRUE(checkout.contains("showing_id"));
  EXPECT_EQ(till->stop(), 0);

  till->start();
  till->wait_until_sent();
  const json ledger = town.ledger_of(*till);
  EXPECT_EQ(ledger["epochs"][0]["events_by_kind"]["showing"], 1);
  EXPECT_EQ(difference(town, *till), "");
}

TEST(AgentStops, AndLeavesNothingThatOthersMayRead) {
  Town town;
  auto till = town.add_till("till");
  till->start();
  till->enroll();
  EXPECT_EQ(till->stop(), 0);
  for (const auto& entry : fs::recursive_directory_iterator(till->folder())) {
    const auto open_to_others = fs::status(entry).permissions() & (fs::perms::group_all | fs::perms::others_all);
    EXPECT_EQ(open_to_others, fs::perms::none) << entry.path().filename();
  }
}

}  // namespace
}  // namespace tillside::fakes
