// The disk is full: a clear answer, nothing half remembered, and it heals by itself once there is room.
//
// The till's folder is a small tmpfs in a mount namespace of the agent's own. Skipped where that is not allowed.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/fakes/store_day.h"
#include "tests/fakes/town.h"

namespace tillside::fakes {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

bool may_mount() {
  try {
    run_program({"unshare", "-rm", "sh", "-c", "mount -t tmpfs tmpfs /mnt"});
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

// Fills what is left; the bytes written.
std::uintmax_t fill(const fs::path& file) {
  std::ofstream out(file, std::ios::binary | std::ios::app);
  const std::string piece(4096, 'x');
  std::uintmax_t written = 0;
  while (out.write(piece.data(), static_cast<std::streamsize>(piece.size())).flush()) written += piece.size();
  return written;
}

TEST(FullDisk, RefusesClearlyAndRecoversByItself) {
  if (!may_mount()) GTEST_SKIP() << "no mount namespaces here";
  Town town;
  town.add_campaigns(json::array({simple_campaign(1, 1'000'000, 500'000)}));
  auto till = town.add_till("till");
  fs::create_directories(till->folder());
  till->started_under = {"unshare",
                         "-rm",
                         "sh",
                         "-c",
                         "mount -t tmpfs -o size=24m,mode=0700 tmpfs \"$0\" && exec \"$@\"",
                         till->folder().string()};
  till->start();
  till->enroll();
  till->wait_until_ready(1);
  till->network().cut();
  const fs::path disk = "/proc/" + std::to_string(till->process_id()) + "/root" + till->folder().string();
  ASSERT_TRUE(fs::exists(disk / "tillside.db"));

  JsonClient client = till->client();
  int number = 0, taken = 0, coupons = 0;
  std::string refusal;
  const auto sell = [&] {
    const JsonAnswer answer = hand_in(client, simple_sale("L1", ++number, 2000));
    if (answer.status == 200) {
      ++taken;
      coupons += static_cast<int>(answer.json()["coupons"].size());
    } else {
      refusal = std::to_string(answer.status) + " " + answer.body;
    }
    return answer.status;
  };
  while (number < 20) ASSERT_EQ(sell(), 200) << refusal;
  while (number < 60'000 && refusal.empty()) {
    if (number % 200 == 20) fill(disk / "others-data");
    sell();
  }
  ASSERT_FALSE(refusal.empty()) << "the disk never filled";
  EXPECT_EQ(refusal.substr(0, 3), "507") << refusal;
  const json problem = json::parse(refusal.substr(4));
  EXPECT_EQ(problem.value("code", ""), "storage_full") << refusal;
  EXPECT_GT(till->status()["refused_disk_full"].get<int>(), 0);
  const JsonAnswer refused_again = hand_in(client, simple_sale("L1", number, 2000));
  EXPECT_NE(refused_again.status, 200) << "refusals are never kept";
  EXPECT_EQ(client.post("/v1/checkouts/advise", simple_sale("L1", number, 2000).dump(), true)->status, 200)
      << "advice needs no disk";

  fs::remove(disk / "others-data");
  wait_until("it to take sales again", [&] { return hand_in(client, simple_sale("L1", number, 2000)).status == 200; });
  ++taken;
  const json after = till->status();
  EXPECT_EQ(after["ledger"]["checkouts"], taken);
  till->network().restore();
  wait_until_equal(town, *till);
  std::cout << taken << " taken, " << coupons << " coupons before it was full; " << refusal << '\n';
}

}  // namespace
}  // namespace tillside::fakes
