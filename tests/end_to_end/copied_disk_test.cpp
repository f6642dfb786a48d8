// A till's disk is copied and both copies are started: the one that makes contact second is fenced.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <set>

#include "tests/fakes/store_day.h"
#include "tests/fakes/town.h"

namespace tillside::fakes {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

std::int64_t number_in(const fs::path& database, const std::string& sql) {
  sqlite3* db = nullptr;
  sqlite3_stmt* rows = nullptr;
  EXPECT_EQ(sqlite3_open_v2(database.c_str(), &db, SQLITE_OPEN_READWRITE, nullptr), SQLITE_OK);
  EXPECT_EQ(sqlite3_busy_timeout(db, 10'000), SQLITE_OK);
  std::int64_t number = -1;
  for (const char* left = sql.c_str(); *left != '\0';) {
    EXPECT_EQ(sqlite3_prepare_v2(db, left, -1, &rows, &left), SQLITE_OK) << sqlite3_errmsg(db);
    if (rows == nullptr) break;
    if (sqlite3_step(rows) == SQLITE_ROW) number = sqlite3_column_int64(rows, 0);
    sqlite3_finalize(rows);
  }
  sqlite3_close(db);
  return number;
}

std::int64_t count_at_headquarters(const Town& town, const std::string& sql) {
  return number_in(town.folder() / "hq" / "hq.db", sql);
}

// Events of the till's forks that headquarters keeps beside its own history: same place, same digest, same bytes.
std::int64_t kept_of_forks(const Town& town, const Till& till) {
  return count_at_headquarters(
      town, "ATTACH '" + (till.folder() / "tillside.db").string() +
                "' AS till; SELECT count(*) FROM till.epoch p JOIN till.event e ON "
                "e.id>=p.no*1099511627776+p.forked_at AND e.id<(p.no+1)*1099511627776 JOIN fork_event f ON "
                "f.epoch=p.epoch AND f.seq=e.id-p.no*1099511627776 AND f.digest=e.chain AND "
                "CAST(f.body AS TEXT)=e.body WHERE p.forked_at>0");
}

void sell(Till& till, const std::string& lane, int first, int last) {
  JsonClient client = till.client();
  for (int number = first; number <= last; ++number) {
    const JsonAnswer answer = hand_in(client, simple_sale(lane, number, 1000 + number));
    ASSERT_EQ(answer.status, 200) << answer.body;
  }
}

std::vector<std::string> coupon_ids(Till& till, const std::string& lane, int first, int last) {
  JsonClient client = till.client();
  std::vector<std::string> ids;
  for (int number = first; number <= last; ++number) {
    const json answer = hand_in(client, simple_sale(lane, number, 1000 + number)).json();
    for (const json& coupon : answer["coupons"]) ids.push_back(coupon["id"]);
  }
  return ids;
}

struct CopiedDisk : ::testing::Test {
  CopiedDisk() {
    town.add_campaigns(json::array({simple_campaign(1, 1000, 100)}));
    original = town.add_till("original");
    copy = town.add_till("copy");
    original->start();
    original->enroll();
    original->wait_until_ready(1);
    sell(*original, "L1", 1, 20);
    original->wait_until_sent();
  }
  void copy_disk() {
    ASSERT_FALSE(original->running());
    fs::copy(original->folder(), copy->folder(), fs::copy_options::recursive);
  }
  json held() { return town.ledger_of(*original); }
  json at_headquarters(const std::string& epoch) {
    const json ledger = held();
    for (const json& one : ledger["epochs"])
      if (one["epoch"] == epoch) return one;
    return json::object();
  }
  std::string live_epoch(Till& till) { return till.status()["epochs"].back()["epoch"]; }

  Town town;
  std::unique_ptr<Till> original, copy;
};

TEST_F(CopiedDisk, TheSecondToMakeContactIsFenced) {
  ASSERT_EQ(original->stop(), 0);
  copy_disk();
  const int generation = [&] {
    original->start();
    original->wait_until_ready(1);
    return original->status()["key_generation"].get<int>();
  }();
  const std::string birth = live_epoch(*original);

  copy->network().cut();
  copy->start();
  sell(*copy, "L2", 1, 7);  // of the birth epoch, with the sequences the original will use
  sell(*original, "L1", 21, 30);
  original->wait_until_sent();

  copy->network().restore();
  copy->wait_until_ready(1);
  const json now = copy->status();
  ASSERT_EQ(now["epochs"].size(), 2u) << now.dump();
  EXPECT_EQ(now["epochs"][0]["epoch"], birth);
  EXPECT_NE(now["epochs"][1]["epoch"], birth);
  EXPECT_GT(now["key_generation"].get<int>(), generation);
  wait_until("the fork to be kept",
             [&] { return copy->status()["epochs"][0]["forked"] == true && held()["epochs"].size() == 2; });
  EXPECT_EQ(count_at_headquarters(town, "SELECT count(*) FROM fork_event"), 7);
  EXPECT_TRUE(town.get("tills")["tills"][0]["forked"].get<bool>());

  sell(*copy, "L2", 101, 110);
  sell(*original, "L1", 31, 35);
  original->wait_until_sent();
  copy->wait_until_sent();
  const json epoch = at_headquarters(live_epoch(*copy));
  EXPECT_EQ(epoch.value("sales", 0), 10) << held().dump() << copy->status().dump();
  const auto ours = coupon_ids(*original, "L1", 31, 35), theirs = coupon_ids(*copy, "L2", 101, 110);
  std::vector<std::string> both = ours;
  both.insert(both.end(), theirs.begin(), theirs.end());
  EXPECT_EQ(std::set<std::string>(both.begin(), both.end()).size(), 15u) << "new coupons share no number";
}

TEST_F(CopiedDisk, EveryEventOfALongForkIsKeptAndNobodyWaitsForIt) {
  constexpr int kForked = 620;  // more than one batch
  const auto neighbour = town.add_till("neighbour");
  neighbour->start();
  neighbour->enroll();
  neighbour->wait_until_ready(1);
  ASSERT_EQ(original->stop(), 0);
  copy_disk();
  original->start();
  original->wait_until_ready(1);
  copy->network().cut();
  copy->start();
  sell(*copy, "L2", 1, kForked);
  sell(*original, "L1", 21, 30);
  original->wait_until_sent();

  copy->network().lose_answers_to("POST /v1/uplink");
  copy->network().restore();
  wait_until("a batch of the fork to arrive", [&] { return copy->network().lost() > 0; });
  sell(*neighbour, "L3", 1, 20);
  wait_until_equal(town, *neighbour);
  EXPECT_EQ(copy->status()["epochs"][0]["forked"], false) << "the copy has not heard of it yet";

  copy->kill_now();
  copy->network().lose_nothing();
  copy->start();
  wait_until("the copy to hear of its fork", [&] { return copy->status()["epochs"][0]["forked"] == true; });
  copy->kill_now();
  copy->start();
  wait_until("the fork to be kept", [&] { return copy->status()["forked"] == 0; });
  EXPECT_EQ(kept_of_forks(town, *copy), kForked);
  EXPECT_EQ(count_at_headquarters(town, "SELECT count(*) FROM fork_event"), kForked);
  EXPECT_EQ(copy->status()["epochs"][0]["acked_seq"], 20) << "kept, not acknowledged";
  EXPECT_EQ(town.get("tills")["tills"][0]["fork_events"], kForked);

  ASSERT_EQ(original->stop(), 0);
  original->start();
  original->wait_until_ready(1);
  EXPECT_EQ(original->status()["epochs"].size(), 1u) << "a long fork does not move the holder of the epoch";
}

TEST_F(CopiedDisk, WhatIsNotKeptOfAForkYetIsShown) {
  ASSERT_EQ(original->stop(), 0);
  copy_disk();
  original->start();
  original->wait_until_ready(1);
  copy->network().cut();
  copy->start();
  sell(*copy, "L2", 1, 7);
  sell(*original, "L1", 21, 30);
  original->wait_until_sent();
  copy->network().restore();
  const auto all_kept = [&] {
    const json now = copy->status();
    return now["epochs"][0]["forked"] == true && now["forked"] == 0;
  };
  wait_until("the fork to be kept", all_kept);

  ASSERT_EQ(copy->stop(), 0);
  number_in(copy->folder() / "tillside.db", "UPDATE epoch SET fork_kept=forked_at+1 WHERE forked_at>0");
  copy->network().cut();
  copy->start();
  JsonClient client = copy->client();
  EXPECT_EQ(copy->status()["forked"], 5);
  EXPECT_EQ(copy->status()["backlog"], 0);
  EXPECT_EQ(client.get("/health")->json()["forked"], 5);
  EXPECT_NE(client.get("/metrics")->body.find("\ntillside_forked_events 5\n"), std::string::npos);

  copy->network().restore();
  wait_until("the fork to be kept again", all_kept);
  EXPECT_EQ(client.get("/health")->json()["forked"], 0);
  EXPECT_EQ(kept_of_forks(town, *copy), 7);
  EXPECT_EQ(count_at_headquarters(town, "SELECT count(*) FROM fork_event"), 7);
}

TEST_F(CopiedDisk, ACopyThatNeverSoldIsFencedToo) {
  ASSERT_EQ(original->stop(), 0);
  copy_disk();
  original->start();
  original->wait_until_ready(1);
  copy->start();
  copy->wait_until_ready(1);
  EXPECT_EQ(copy->status()["epochs"].size(), 2u);
  EXPECT_EQ(original->status()["epochs"].size(), 1u);
  sell(*copy, "L2", 1, 5);
  sell(*original, "L1", 21, 25);
  copy->wait_until_sent();
  original->wait_until_sent();
  EXPECT_EQ(difference(town, *original).find("epoch"), std::string::npos);
  EXPECT_EQ(count_at_headquarters(town, "SELECT count(*) FROM fork_event"), 0);
  EXPECT_EQ(count_at_headquarters(town, "SELECT count(*) FROM checkout"), 30);
}

// Both copies then hold the same unanswered question, and headquarters must give both the same answer.
TEST_F(CopiedDisk, CopiedWhileAnAnswerWasOutstandingIsFencedOneContactLater) {
  ASSERT_EQ(original->stop(), 0);
  original->network().lose_answers_to("POST /v1/token");
  original->start();
  wait_until("an answer to be lost", [&] { return original->network().lost() > 0; });
  original->kill_now();
  original->network().lose_nothing();
  copy_disk();

  original->start();
  original->wait_until_ready(1);
  copy->start();
  copy->wait_until_ready(1);
  EXPECT_EQ(original->status()["epochs"].size(), 1u);
  EXPECT_EQ(copy->status()["epochs"].size(), 1u) << "the same question had the same answer";

  ASSERT_EQ(original->stop(), 0);
  original->start();  // its next contact moves the chain on
  original->wait_until_ready(1);
  ASSERT_EQ(copy->stop(), 0);
  copy->start();
  wait_until("the copy to be fenced", [&] { return copy->status()["epochs"].size() == 2; });
  EXPECT_EQ(original->status()["epochs"].size(), 1u);
  copy->wait_until_ready(1);
  sell(*copy, "L2", 1, 5);
  copy->wait_until_sent();
}

}  // namespace
}  // namespace tillside::fakes
