// A till whose clock had lost its battery issued coupons dated at the epoch of codes, 2024-01-01: expired when printed.
#include "tests/agent/desk/desk_fixture.h"

namespace tillside {
namespace {

using nlohmann::json;

constexpr Instant kDead{60'000};  // 1970
constexpr std::int64_t kYear = 365 * kDay;

class DeadClock : public DeskTest {
 protected:
  // A reboot away from headquarters, after which the wall clock shows this.
  void reboot_at(Instant wall) {
    in_contact = false;
    close();
    clock.set(wall);
    open();
  }
  static std::string reason(const Reply& reply) { return parsed(reply)["not_earned"][0]["reason"]; }
  const Instant today = clock.now();
};

TEST_F(DeadClock, IssuesNothingAndTheSaleGoesOn) {
  lend(1, 10);
  reboot_at(kDead);
  const Reply reply = complete(sale(1));
  ASSERT_FALSE(reply.error);
  EXPECT_TRUE(parsed(reply)["coupons"].empty());
  EXPECT_EQ(reason(reply), "clock");
  EXPECT_EQ(parsed(complete(sale(1))), parsed(reply)) << "remembered like any sale";
}

TEST_F(DeadClock, NorDoesOneThatIsAYearAheadOrBehind) {
  lend(1, 10);
  std::int64_t number = 0;
  for (const std::int64_t off : {kYear, -kYear}) {
    reboot_at(today.plus_ms(off));
    const Reply reply = complete(sale(++number));
    EXPECT_EQ(reply.coupons, 0u);
    EXPECT_EQ(reason(reply), "clock");
  }
}

TEST_F(DeadClock, OneContactHealsItAndTheCouponBearsHeadquartersTime) {
  lend(1, 10);
  reboot_at(kDead);
  ASSERT_TRUE(store->time().sign(today.plus_ms(kDay), true));
  const Reply reply = complete(sale(1));
  ASSERT_EQ(reply.coupons, 1u);
  EXPECT_TRUE(parsed(reply)["flags"].empty()) << "dated by the same dead clock, the sale is not late";
  const std::string from = parsed(reply)["coupons"][0]["valid_from"];
  EXPECT_EQ(from, format_time(from_code_minutes(code_minutes(today.plus_ms(kDay))), shop.zone));
}

TEST_F(DeadClock, AJumpAheadPoisonsNothing) {
  lend(1, 10);
  reboot_at(today.plus_ms(10 * kYear));
  EXPECT_EQ(complete(sale(1)).coupons, 0u);
  reboot_at(today.plus_ms(kHour));
  EXPECT_EQ(complete(sale(2)).coupons, 1u) << "set right again, no contact needed";
}

TEST_F(DeadClock, ATillThatNeverMetHeadquartersIssuesNothing) {
  close();
  std::filesystem::remove_all(folder);
  in_contact = false;
  open();
  lend(1, 10);
  EXPECT_EQ(reason(complete(sale(1))), "clock");
}

TEST_F(DeadClock, AReplayedDocumentOfADeadClockEarnsNothing) {
  lend(1, 10);
  shop.campaigns[0].active_from = {0};
  window.replace(shop);
  Checkout old = sale(1);
  old.occurred_at = kDead;
  EXPECT_EQ(reason(complete(old, {true})), "clock");
  EXPECT_EQ(complete(sale(2), {true}).coupons, 1u);
}

TEST_F(DeadClock, IsSaidToTheCashierSoftlyAndNoCouponIsPromised) {
  lend(1, 10);
  Checkout total = sale(1);
  total.state = CheckoutState::total;
  const auto codes = [&] {
    std::set<std::string> all;
    const json advice = parsed(desk->advise(total));
    for (const json& prompt : advice["prompts"]) all.insert(prompt["code"]);
    return all;
  };
  EXPECT_TRUE(codes().contains("coupon_to_come"));
  EXPECT_FALSE(codes().contains("check_clock"));
  reboot_at(kDead);
  EXPECT_FALSE(codes().contains("coupon_to_come"));
  EXPECT_TRUE(codes().contains("check_clock"));
  EXPECT_TRUE(parsed(desk->advise(total))["coupons_to_come"].empty());
  ASSERT_TRUE(store->time().sign(today, true));
  EXPECT_TRUE(codes().contains("coupon_to_come"));
  EXPECT_TRUE(codes().contains("check_clock")) << "headquarters' time is used; somebody should set the clock";
}

}  // namespace
}  // namespace tillside
