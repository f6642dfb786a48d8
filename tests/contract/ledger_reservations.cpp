#include "tests/contract/ledger_reservations.h"

#include <map>
#include <set>

namespace tillside::test {

TEST_P(LedgerReservations, AGrantIsGivenOnceAndSurvivesReopening) {
  EXPECT_EQ(reserve(attempt(1, 7)), "granted");
  reopen();
  EXPECT_EQ(reserve(attempt(1, 7)), "granted") << "the same reservation again";
  EXPECT_EQ(reserve(attempt(2, 7)), "held");
  EXPECT_EQ(reserve(attempt(3, 7, third)), "held");
}

TEST_P(LedgerReservations, ARidIsOfOneTillAndOneCoupon) {
  EXPECT_EQ(reserve(attempt(1, 7)), "granted");
  EXPECT_EQ(reserve(attempt(1, 8)), "conflict");
  EXPECT_EQ(reserve(attempt(1, 7, third)), "conflict");
  EXPECT_EQ(release(1, third), "conflict");
}

TEST_P(LedgerReservations, ExposureBoundsWhatIsGrantedAwayFromHome) {
  EXPECT_EQ(reserve(attempt(1, 1)), "granted");
  EXPECT_EQ(reserve(attempt(2, 2)), "granted");
  EXPECT_EQ(reserve(attempt(3, 3)), "no_exposure");
  EXPECT_EQ(release(1), "released");
  EXPECT_EQ(reserve(attempt(3, 3)), "no_exposure") << "a refusal stays under its rid";
  EXPECT_EQ(reserve(attempt(4, 3)), "granted") << "the unit came back";
  TillEvents till(away, 2);
  redeem(till, 1, 2, 2);
  EXPECT_EQ(reserve(attempt(5, 5)), "no_exposure") << "what was redeemed keeps its unit";
}

TEST_P(LedgerReservations, AReleaseThatArrivesFirstLeavesATombstone) {
  EXPECT_EQ(release(1), "released");
  EXPECT_EQ(reserve(attempt(1, 7)), "released");
  EXPECT_EQ(release(1), "released");
  EXPECT_EQ(reserve(attempt(2, 7)), "granted");
}

TEST_P(LedgerReservations, WhatWasRedeemedOrRevokedIsRefused) {
  TillEvents till(home, 1);
  redeem(till, 1, 7);
  EXPECT_EQ(reserve(attempt(1, 7)), "spent");
  Sale sale{.sequence = 2, .lane = "L" + std::to_string(home), .coupon_serials = {8}};
  till.add(sale_event(sale));
  till.add(void_event(sale, 3, {8}));
  ingest(till.all());
  EXPECT_EQ(reserve(attempt(2, 8)), "revoked");
}

TEST_P(LedgerReservations, TheSaleConfirmsAndAReleaseBehindItChangesNothing) {
  EXPECT_EQ(reserve(attempt(1, 7)), "granted");
  TillEvents till(away, 2);
  redeem(till, 1, 7, 1);
  EXPECT_EQ(release(1), "redeemed");
  EXPECT_EQ(reserve(attempt(1, 7)), "redeemed");
  EXPECT_EQ(reserve(attempt(2, 7, third)), "spent");
  EXPECT_TRUE(ledger().double_redemptions()->empty());
}

// What headquarters granted before it was restored is told by the sale alone.
TEST_P(LedgerReservations, ARedemptionWhoseGrantIsForgottenCostsItsUnitOnce) {
  TillEvents till(away, 2);
  redeem(till, 1, 7, 1);
  EXPECT_EQ(reserve(attempt(2, 8)), "granted");
  EXPECT_EQ(reserve(attempt(3, 9)), "no_exposure") << "two units are out";
  EXPECT_EQ(reserve(attempt(1, 7)), "redeemed") << "the grant is asked for again";
  EXPECT_EQ(release(1), "redeemed");
  reopen();
  ingest(till.all());
  EXPECT_EQ(release(2), "released");
  EXPECT_EQ(reserve(attempt(4, 9)), "granted") << "one unit was taken, not two";
  EXPECT_EQ(reserve(attempt(5, 10)), "no_exposure");
}

TEST_P(LedgerReservations, AForgottenGrantThatCostNothingCostsNothing) {
  TillEvents own(home, 1);
  own.add(yield_event({home, 0, 7, Yielding::gone}));
  redeem(own, 1, 8, 8);  // home itself asked, its coupon is worth so much
  TillEvents till(away, 2);
  redeem(till, 1, 7, 1);
  EXPECT_EQ(reserve(attempt(2, 11)), "granted");
  EXPECT_EQ(reserve(attempt(3, 12)), "granted") << "home had let it go";
}

TEST_P(LedgerReservations, HomesWordGivesBackTheUnitOfAForgottenGrant) {
  TillEvents till(away, 2);
  redeem(till, 1, 7, 1);
  TillEvents own(home, 1);
  own.add(yield_event({home, 0, 7, Yielding::gone}));
  ingest(own.all());
  EXPECT_EQ(reserve(attempt(2, 11)), "granted");
  EXPECT_EQ(reserve(attempt(3, 12)), "granted");
}

TEST_P(LedgerReservations, StrictStaysAtHomeUntilHomeGivesItAway) {
  auto strict = attempt(1, 7);
  strict.policy = Policy::strict;
  EXPECT_EQ(reserve(strict), "home_only");
}

TEST_P(LedgerReservations, CouponsOfHeadquartersWithoutAHomeCostNoExposure) {
  add_store("0456");  // without a till
  Campaign vouchers;
  vouchers.number = 2;
  vouchers.kind = CampaignKind::pickup;
  vouchers.name_zh = vouchers.name_en = "gift";
  vouchers.reward = {RewardType::item, 0, 0, std::nullopt, 4711, 1500, 0};
  vouchers.budget_issue = 10;
  vouchers.quota_per_till = 1;
  vouchers.active_until = {4'000'000'000'000};
  ASSERT_TRUE(ledger().add_campaign(vouchers).ok());
  const hq::OwnOrder order{"a", 2, "0456", {}, 5, std::nullopt, {1'795'320'000'000}};
  const auto made = ledger().issue_own(order, [](const CouponBody&) { return TypedCode(); });
  ASSERT_TRUE(made.ok());
  for (std::uint8_t rid = 1; rid <= 5; ++rid) {
    auto own = attempt(rid, rid);
    own.key = {0, 0};
    own.campaign = 2;
    EXPECT_FALSE(made->at(rid - 1).home);
    EXPECT_EQ(reserve(own), "granted");
  }
}

TEST_P(LedgerReservations, HomeItselfAsksAtNoCostAndForStrictToo) {
  for (std::uint8_t i = 1; i <= 5; ++i) {
    auto own = attempt(i, i, home);
    own.epoch.fill(1);
    own.policy = i % 2 == 0 ? Policy::strict : Policy::home;
    EXPECT_EQ(reserve(own), "granted");
  }
  auto ended = attempt(9, 9, home);
  ended.epoch.fill(1);
  ended.key.generation = 4;
  ended.policy = Policy::strict;
  EXPECT_EQ(reserve(ended), "ended_epoch") << "another life of that till is not home";
}

TEST_P(LedgerReservations, AnUnknownCampaignIsRefused) {
  auto unknown = attempt(1, 7);
  unknown.campaign = 99;
  EXPECT_EQ(reserve(unknown), "unknown_campaign");
}

TEST_P(LedgerReservations, AnEndedEpochsReservationsCountAsRedeemed) {
  EXPECT_EQ(reserve(attempt(1, 7)), "granted");
  readmit(away, 2, 9, 0, false);
  EXPECT_EQ(reserve(attempt(2, 7, third)), "spent");
}

TEST_P(LedgerReservations, RecoveringHeadquartersGrantsNothing) {
  readmit(away, 2, 9, 0, true);
  EXPECT_EQ(reserve(attempt(1, 7, third)), "unavailable");
}

TEST_P(LedgerReservations, KeysAreFoundByTillAndGeneration) {
  VerifyingKey key{};
  key.fill(1);
  EXPECT_EQ(ledger().key_of({home, 0}), std::optional(key));
  EXPECT_EQ(ledger().key_of({home, 1}), std::nullopt);
  EXPECT_EQ(ledger().key_of({99, 0}), std::nullopt);
}

// Whatever tills ask, in any order and repeated: a coupon has one open grant, and exposure is never passed.
TEST_P(LedgerReservations, NeverMoreGrantsThanExposure) {
  std::uint32_t state = 20261122;
  const auto next = [&](std::uint32_t below) {
    state = state * 1'664'525 + 1'013'904'223;
    return (state >> 8) % below;
  };
  std::map<std::uint8_t, std::uint32_t> granted;
  for (int step = 0; step < 600; ++step) {
    const auto rid = static_cast<std::uint8_t>(1 + next(200));
    if (next(3) == 0) {
      release(rid);
      granted.erase(rid);
    } else {
      const std::uint32_t serial = 1 + rid % 6;
      if (reserve(attempt(rid, serial)) == "granted") granted[rid] = serial;
    }
    ASSERT_LE(granted.size(), 2u);
    std::set<std::uint32_t> coupons;
    for (const auto& [id, serial] : granted) ASSERT_TRUE(coupons.insert(serial).second);
  }
}

}  // namespace tillside::test
