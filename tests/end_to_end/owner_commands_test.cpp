// The owner at the command line: a disk that is gone for good, and headquarters' own key.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <ctime>

#include "tests/fakes/store_day.h"
#include "tests/fakes/town.h"

namespace tillside::fakes {
namespace {

using nlohmann::json;
using testing::HasSubstr;
namespace fs = std::filesystem;

struct Said {
  int code = -1;
  std::string text;  // both streams
  json document() const { return json::parse(text, nullptr, false); }
};

json sale_now(int sequence, std::int64_t net) {
  constexpr std::time_t kEightHours = 8 * 3600;
  const std::time_t now = std::time(nullptr) + kEightHours;
  std::tm fields{};
  ::gmtime_r(&now, &fields);
  char text[40];
  json document = simple_sale("L1", sequence, net);
  document["business_date"] = std::string(text, std::strftime(text, sizeof text, "%Y-%m-%d", &fields));
  document["occurred_at"] = std::string(text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S+08:00", &fields));
  return document;
}

class OwnerCommands : public ::testing::Test {
 protected:
  OwnerCommands() {
    auto campaign = simple_campaign(1, 1'000, 50);
    campaign["policy"] = "strict";
    campaign["budget"]["exposure"] = 0;
    home = open_shop(town, json::array({campaign}));
    away = town.add_till("away");
    away->start();
    away->enroll();
    away->wait_until_ready(1);
    coupon = complete(1)["coupons"][0]["url"];
    home->wait_until_sent();
  }

  // tillside-hq with the owner's token, as a person would type it.
  Said hq(const std::string& arguments, const std::string& locale = "en_US.UTF-8") {
    const auto token = town.folder() / "hq" / "owner.token";
    const std::string line = "LC_ALL=" + locale +
                             " TILLSIDE_HQ=http://127.0.0.1:" + std::to_string(town.headquarters_port()) +
                             " TILLSIDE_HQ_TOKEN_FILE=" + token.string() + " " + program("tillside-hq").string() + " " +
                             arguments + " 2>&1; echo \"|$?\"";
    auto text = run_program({"sh", "-c", line});
    const auto bar = text.rfind('|');
    return {std::stoi(text.substr(bar + 1)), text.substr(0, bar)};
  }

  json complete(int sequence) {
    const auto answer = home->client().post("/v1/checkouts/complete", sale_now(sequence, 20'000).dump());
    if (!answer || answer->status != 200) throw std::runtime_error(answer ? answer->body : "no answer");
    return answer->json();
  }
  json hold_away(const std::string& id) {
    json answer;
    wait_until("headquarters' word", [&] {
      const auto got =
          away->client().post("/v1/coupons/hold", json{{"hold_id", id}, {"code", coupon}, {"lane_id", "L1"}}.dump());
      answer = got ? got->json() : json();
      return answer["state"] != "asking" && answer["reason"] != "unknown_key";
    });
    return answer;
  }
  // Its copy goes on in an epoch of its own; the first disk is seen no more.
  void lose_the_first_disk() {
    ASSERT_EQ(home->stop(), 0);
    copy = town.add_till("copy");
    fs::copy(home->folder(), copy->folder(), fs::copy_options::recursive);
    home->start();
    home->wait_until_ready(1);
    home->kill_now();
    copy->start();
    wait_until("the copy to be fenced", [&] { return copy->status()["epochs"].size() == 2; });
  }

  Town town;
  std::unique_ptr<Till> home, away, copy;
  std::string coupon;
};

TEST_F(OwnerCommands, ADiskThatIsGoneIsWaitedForNoMore) {
  const std::string first = home->status()["epochs"][0]["epoch"];
  ASSERT_NO_FATAL_FAILURE(lose_the_first_disk());
  EXPECT_EQ(hold_away("before")["reason"], "home_only");
  EXPECT_THAT(hq("till ledger 1").text, HasSubstr(first + "\tfrozen\t"));

  const auto gone = hq("till disk-gone --till 1 --generation 0");
  EXPECT_EQ(gone.code, 0) << gone.text;
  EXPECT_THAT(gone.text, HasSubstr("database " + first + " of till 1 is gone"));
  const auto again = hq("till disk-gone --till 1 --epoch " + first, "zh_CN.UTF-8");
  EXPECT_EQ(again.code, 0) << again.text;
  EXPECT_THAT(again.text, HasSubstr("已记为不复存在"));
  EXPECT_THAT(hq("till ledger 1").text, HasSubstr(first + "\tended (disk gone)"));
  const auto told = hq("till disk-gone --till 1 --epoch " + first + " --json").document();
  EXPECT_EQ(told["epoch"], first);
  EXPECT_EQ(told["done"], "disk-gone");
  wait_until("a grant", [&] { return hold_away("after")["state"] == "approved"; });
}

TEST_F(OwnerCommands, ADiskIsNamedOnceAndRightly) {
  const std::string live = home->status()["epochs"][0]["epoch"];
  EXPECT_EQ(hq("till disk-gone --till 1").code, 2);
  EXPECT_EQ(hq("till disk-gone --generation 0").code, 2);
  EXPECT_EQ(hq("till disk-gone --till 1 --generation 0 --epoch " + live).code, 2);
  EXPECT_EQ(hq("till disk-gone --till 1 --generation 16").code, 2);
  for (const char* wrong : {"--till 9 --generation 0", "--till 1 --generation 7", "--till 1 --epoch 0011223344556677",
                            "--till 1 --epoch nonsense"}) {
    const auto refused = hq(std::string("till disk-gone ") + wrong);
    EXPECT_EQ(refused.code, 1) << wrong << ": " << refused.text;
    EXPECT_EQ(std::count(refused.text.begin(), refused.text.end(), '\n'), 1) << refused.text;
  }
  EXPECT_THAT(hq("till ledger 1").text, testing::Not(HasSubstr("disk gone")));
}

TEST_F(OwnerCommands, ALiveDiskIsNotGoneUntilItsTillIsRevoked) {
  const auto refused = hq("till disk-gone --till 1 --generation 0");
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.text, HasSubstr("revoke the till first"));
  EXPECT_EQ(hq("till revoke 1").code, 0);
  EXPECT_EQ(hq("till disk-gone --till 1 --generation 0").code, 0);
}

TEST_F(OwnerCommands, HeadquartersChangesItsKeyAndTillsFollow) {
  const auto listed = hq("key list --json").document()["keys"];
  ASSERT_EQ(listed[0]["till"], 0);
  EXPECT_EQ(hq("key rotate").code, 2);
  EXPECT_EQ(hq("key rotate --till 1 --headquarters").code, 2);
  const auto rotated = hq("key rotate --headquarters");
  EXPECT_EQ(rotated.code, 0) << rotated.text;
  EXPECT_THAT(rotated.text, HasSubstr("Copy hq.key again"));
  EXPECT_THAT(hq("key list").text, testing::AllOf(HasSubstr("headquarters\tgeneration 0\tretired"),
                                                  HasSubstr("headquarters\tgeneration 1\tlive")));
  const auto now = hq("key --json").document();
  EXPECT_EQ(now["key_generation"], 1);

  home->network().cut();
  wait_until("being offline", [&] { return home->status()["online"] == false; });
  EXPECT_EQ(hq("key rotate --headquarters").code, 0) << "a second time while it is away";
  home->network().restore();
  home->wait_until_ready(1);
  complete(2);
  home->wait_until_sent();
  wait_until_equal(town, *home);
  EXPECT_EQ(hold_away("strict")["reason"], "home_only") << "away follows too, and believes home's key";
  EXPECT_EQ(hq("key revoke 0 2 --good-to 0").code, 1) << "it signs with that one";
  EXPECT_EQ(hq("key revoke 0 0 --good-to 0").code, 0);
}

}  // namespace
}  // namespace tillside::fakes
