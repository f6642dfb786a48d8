// Headquarters restored from one backup twice: after the second time it forgot again what tills had sent under an epoch
// that had ended in the first recovery, and no till sent it once more.
#include <gtest/gtest.h>

#include "agent/platform/log.h"
#include "agent/platform/random.h"
#include "tests/simulation/disk.h"
#include "tests/simulation/headquarters.h"
#include "tests/simulation/till.h"

namespace tillside::simulation {
namespace {

namespace fs = std::filesystem;

class RestoredTwice : public ::testing::Test {
 protected:
  void SetUp() override {
    log::set_level("fatal");
    folder = fs::temp_directory_path() / ("tillside-restored-twice-" + to_hex(random_bytes<Bytes16>()));
    headquarters = std::make_unique<Headquarters>(folder / "hq", time, disk);
    (void)headquarters->ledger().add_store({.store_id = "0123", .name = "鲜果巷"});
    till = std::make_unique<Till>(Till::Place{folder / "till", "0123", "L1"}, time, disk,
                                  std::make_unique<BadLine>(*headquarters, dice, faults, tally, defect), 1);
    till->line().perfect = true;
    till->open();
    till->enrol(headquarters->make_code("0123"));
  }
  void TearDown() override {
    till.reset();
    headquarters.reset();
    fs::remove_all(folder);
  }

  void sell_some_and_send() {
    for (int i = 0; i < 5; ++i) {
      Checkout checkout;
      checkout.store_id = "0123";
      checkout.lane_id = "L1";
      checkout.sequence = till->next_sequence++;
      checkout.occurred_at = time.now();
      checkout.business_date = StoreZone().date(time.now());
      checkout.currency = *currency_of("CNY");
      checkout.totals = {1000, 0, 0, 1000};
      checkout.tenders = {{TenderType::cash, 1000}};
      sold.insert(till->complete(checkout).identity);
    }
    send();
  }
  void send() {
    for (int i = 0; i < 5; ++i) {
      till->sync();
      time.advance(kMinute);
    }
  }

  fs::path folder;
  Disk disk;
  TrueTime time{Instant{1'795'310'000'000}};
  Dice dice{1};
  Faults faults;
  Tally tally;
  Defect defect = Defect::none;
  std::unique_ptr<Headquarters> headquarters;
  std::unique_ptr<Till> till;
  std::set<std::string> sold;
};

TEST_F(RestoredTwice, EveryEpochIsSentAgain) {
  sell_some_and_send();
  headquarters->back_up();
  sell_some_and_send();
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(headquarters->restore_backup());
    sell_some_and_send();
  }
  send();
  EXPECT_EQ(headquarters->column("SELECT identity FROM checkout"), sold);
}

}  // namespace
}  // namespace tillside::simulation
