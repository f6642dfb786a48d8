// A POS that can only write files: dropped journals through a running agent to headquarters, twice, and by pieces.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/fakes/store_day.h"
#include "tests/fakes/town.h"

namespace tillside::fakes {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

struct DropFolder : ::testing::Test {
  DropFolder() : till(town.add_till("till")), drop(town.folder() / "drop") {
    fs::create_directories(drop);
    till->more_settings = "[journal]\ndrop = \"" + drop.string() + "\"\nas_live = true\n";
    town.add_campaigns(json::array({simple_campaign(1, 1000, 500, 10'000)}));
    till->start();
    till->enroll();
    till->wait_until_ready(1);
  }
  // As the page on journals asks: written elsewhere on the same disk, then renamed into the folder.
  void put(const std::string& name, const std::string& content) {
    const fs::path aside = town.folder() / "being-written";
    std::ofstream(aside, std::ios::binary) << content;
    fs::rename(aside, drop / name);
  }
  void wait_until_done(const std::string& name) {
    wait_until("done/" + name, [&] { return fs::exists(drop / "done" / name) && !fs::exists(drop / name); });
  }
  static std::string lines_of(const std::vector<json>& documents) {
    std::string text;
    for (const json& document : documents) text += document.dump() + "\n";
    return text;
  }
  static std::string content_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  Town town;
  std::unique_ptr<Till> till;
  const fs::path drop;
};

TEST_F(DropFolder, ADayComesThroughAndComingAgainIsHarmless) {
  put("day.jsonl", lines_of(sample_day()));
  wait_until_done("day.jsonl");
  const json first = till->status();
  EXPECT_EQ(first["ledger"]["checkouts"], 300);
  EXPECT_EQ(first["ledger"]["reversals"], 8);
  EXPECT_GT(first["ledger"]["coupons_issued"].get<int>(), 0);
  wait_until_equal(town, *till);

  put("day-again.jsonl", lines_of(sample_day()));
  wait_until_done("day-again.jsonl");
  const json again = till->status();
  EXPECT_EQ(again["ledger"], first["ledger"]);
  EXPECT_EQ(again["epochs"], till->status()["epochs"]);
  EXPECT_EQ(again["epochs"][0]["chain"], first["epochs"][0]["chain"]);
  wait_until_equal(town, *till);
}

TEST_F(DropFolder, PosLogComesThrough) {
  put("day.xml", content_of(fs::path(TILLSIDE_SOURCE_DIR) / "tests/data/journal/poslog.xml"));
  wait_until_done("day.xml");
  EXPECT_EQ(till->status()["ledger"]["reversals"], 1);
  wait_until_equal(town, *till);
  EXPECT_EQ(town.ledger_of(*till)["epochs"][0]["sales"], 4);
}

TEST_F(DropFolder, AKilledAgentReadsOnWithoutDoubling) {
  put("day.jsonl", lines_of(sample_day()));
  wait_until("some of it", [&] { return till->status()["ledger"]["checkouts"] > 10; });
  till->kill_now();
  till->start();
  wait_until_done("day.jsonl");
  EXPECT_EQ(till->status()["ledger"]["checkouts"], 300);
  EXPECT_EQ(till->status()["ledger"]["reversals"], 8);
  wait_until_equal(town, *till);
}

}  // namespace
}  // namespace tillside::fakes
