// What headquarters keeps of coupons that were redeemed.
#include <map>

#include "tests/contract/ledger_contract.h"

namespace tillside::test {

TEST_P(LedgerContract, ACouponRedeemedTwiceIsListedWithBothTills) {
  add_store();
  const TillNumber first = enrol(1), second = enrol(2);
  const RedeemedCoupon coupon{{first, 0}, 7, 1, 2'000, std::nullopt}, other{{first, 0}, 8, 1, 1'500, std::nullopt};
  TillEvents home(first, 1), away(second, 2);
  home.add(sale_event({.sequence = 1, .redeemed = {coupon, other}}));
  home.add(sale_event({.sequence = 2}));
  EXPECT_EQ(ingest(home.all()).held_seq, 2u);
  ASSERT_TRUE(ledger().double_redemptions()->empty());
  RedeemedCoupon reserved = coupon;
  reserved.rid = Bytes16{1};
  reserved.value = 1'900;
  away.add(sale_event({.sequence = 1, .lane = "L7", .redeemed = {reserved}}));
  ingest(away.all());
  ingest(away.all());
  reopen();
  const auto found = ledger().double_redemptions();
  ASSERT_TRUE(found.ok());
  ASSERT_EQ(found->size(), 1u);
  const auto& twice = found->front();
  EXPECT_EQ(twice.key, (KeyId{first, 0}));
  EXPECT_EQ(twice.serial, 7u);
  EXPECT_EQ(twice.campaign, 1u);
  ASSERT_EQ(twice.redemptions.size(), 2u);
  std::map<TillNumber, hq::Redemption> by_till;
  for (const auto& one : twice.redemptions) by_till[one.till] = one;
  EXPECT_EQ(by_till[first].value, 2'000);
  EXPECT_FALSE(by_till[first].reserved);
  EXPECT_EQ(by_till[first].operator_id, "E1007");
  EXPECT_EQ(by_till[second].value, 1'900);
  EXPECT_TRUE(by_till[second].reserved);
  EXPECT_EQ(by_till[second].identity, "0123:L7:20261122:0:1:completed");
  EXPECT_EQ(ledger().counts().redemptions, 3u);
  EXPECT_EQ(ledger().counts().redeemed_twice, 1u);
}

TEST_P(LedgerContract, ASaleSentUnderTwoEpochsRedeemsOnce) {
  add_store();
  const TillNumber first = enrol(1), second = enrol(2);
  const RedeemedCoupon coupon{{first, 0}, 7, 1, 2'000, std::nullopt};
  TillEvents one(first, 1), copy(second, 2);
  one.add(sale_event({.sequence = 1, .redeemed = {coupon}}));
  copy.add(sale_event({.sequence = 1, .redeemed = {coupon}}));
  ingest(one.all());
  ingest(copy.all());
  EXPECT_TRUE(ledger().double_redemptions()->empty());
  EXPECT_EQ(ledger().counts().redemptions, 1u);
}

TEST_P(LedgerContract, DoublesAddUpAgainstWhatWasSetAside) {
  add_store();
  const TillNumber first = enrol(1), second = enrol(2);
  Campaign campaign = add_campaign(1, 100, 10);
  campaign.number = 2;
  campaign.budget_exposure = 1;
  ASSERT_TRUE(ledger().add_campaign(campaign).ok());
  TillEvents home(first, 1), away(second, 2);
  const auto coupon = [&](std::uint32_t serial, Minor value) {
    return RedeemedCoupon{{first, 0}, serial, 2, value, std::nullopt};
  };
  hq::ReservationAttempt attempt;
  attempt.till = second;
  attempt.epoch = away.epoch();
  attempt.rid = {7};
  attempt.key = {first, 0};
  attempt.serial = 7;
  attempt.campaign = 2;
  attempt.value = 2'000;
  ASSERT_EQ(ledger().reserve(attempt)->state, wire::ReservationState::granted);
  auto reserved = coupon(7, 1'900);
  reserved.rid = attempt.rid;
  home.add(sale_event({.sequence = 1, .redeemed = {coupon(7, 2'000), coupon(8, 500)}}));
  away.add(sale_event({.sequence = 1, .lane = "L7", .redeemed = {reserved}}));
  away.add(sale_event({.sequence = 2, .lane = "L7", .redeemed = {coupon(8, 400)}}));
  ingest(home.all());
  ingest(away.all());
  const auto found = ledger().double_redemptions();
  ASSERT_EQ(found->size(), 2u);
  const auto &one = (*found)[0], &two = (*found)[1];
  EXPECT_EQ(one.serial, 7u);
  EXPECT_EQ(one.exposed, 1);
  EXPECT_EQ(one.lost, 1'900);
  EXPECT_EQ(one.running, 1);
  EXPECT_EQ(one.running_value, 1'900);
  EXPECT_EQ(one.bound, 1);
  EXPECT_EQ(one.bound_value, 2'000);
  EXPECT_EQ(two.exposed, 0);
  EXPECT_EQ(two.running, 2);
  EXPECT_EQ(two.running_value, 2'300);
}

}  // namespace tillside::test
