// The till's database is torn or garbage when the agent starts: set aside and named; the shop goes on.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/fakes/store_day.h"
#include "tests/fakes/town.h"

namespace tillside::fakes {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

void fill_with_garbage(const fs::path& file) {
  const auto size = fs::file_size(file);
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  for (std::uintmax_t i = 0; i < size; ++i) out.put(static_cast<char>(i * 2654435761u >> 13));
}

struct DamagedDisk : ::testing::TestWithParam<const char*> {};

TEST_P(DamagedDisk, IsSetAsideAndTheShopGoesOn) {
  Town town;
  town.add_campaigns(json::array({simple_campaign(1, 1000, 100)}));
  auto till = town.add_till("till");
  till->address_in_settings = false;  // as the README enrols: what enrolment said must outlive the database
  till->start();
  till->enroll();
  till->wait_until_ready(1);
  JsonClient client = till->client();
  for (int number = 1; number <= 50; ++number) ASSERT_EQ(hand_in(client, simple_sale("L1", number, 2000)).status, 200);
  till->wait_until_sent();
  const auto number = till->number();
  const std::string before = till->status()["epochs"][0]["epoch"];
  ASSERT_EQ(till->stop(), 0);

  const fs::path database = till->folder() / "tillside.db";
  ASSERT_GT(fs::file_size(database), 3 * 4096u);
  if (std::string_view(GetParam()) == "truncated") {
    fs::resize_file(database, 3 * 4096 + 100);
  } else {
    fill_with_garbage(database);
  }
  till->network().cut();
  till->start();
  json status = till->status();
  EXPECT_GE(status["set_aside"].get<int>(), 1);
  EXPECT_EQ(status["may_issue"], false);
  EXPECT_EQ(status["till"], number) << "it still knows who it is";
  std::size_t kept = 0;
  for (const auto& entry : fs::directory_iterator(till->folder()))
    kept += entry.path().filename().string().find("damaged") != std::string::npos ? 1 : 0;
  EXPECT_GE(kept, 1u);

  const JsonAnswer alone = hand_in(client, simple_sale("L1", 1001, 2000));
  ASSERT_EQ(alone.status, 200) << alone.body;
  EXPECT_TRUE(alone.json()["coupons"].empty()) << "nothing is issued before the contact";

  till->network().restore();
  till->wait_until_ready(1);
  EXPECT_EQ(till->number(), number);
  const JsonAnswer after = hand_in(client, simple_sale("L1", 1002, 2000));
  EXPECT_EQ(after.json()["coupons"].size(), 1u) << after.body;
  till->wait_until_sent();
  const json held = town.ledger_of(*till);
  ASSERT_EQ(held["epochs"].size(), 2u) << held.dump();
  std::uint64_t sales = 0, coupons = 0;
  for (const json& epoch : held["epochs"]) {
    sales += epoch["sales"].get<std::uint64_t>();
    coupons += epoch["coupons"].get<std::uint64_t>();
    EXPECT_TRUE(epoch["fork_seq"].is_null());
  }
  EXPECT_EQ(sales, 52u);
  EXPECT_EQ(coupons, 51u);
  bool told = false;
  for (const json& epoch : held["epochs"]) told = told || epoch["events_by_kind"].value("incident", 0) > 0;
  EXPECT_TRUE(told) << "headquarters knows that a file was set aside: " << held.dump();
}

INSTANTIATE_TEST_SUITE_P(Ways, DamagedDisk, ::testing::Values("truncated", "garbage"),
                         [](const auto& way) { return std::string(way.param); });

}  // namespace
}  // namespace tillside::fakes
