#include "tests/contract/ledger_yields.h"

#include <algorithm>
#include <map>
#include <set>

namespace tillside::test {
namespace {

constexpr Instant kWord{1'795'330'000'000};

}  // namespace

TEST_P(LedgerYields, AGrantAsksHomeAndItsWordGivesTheUnitBack) {
  EXPECT_EQ(reserve(attempt(1, 1)), "granted");
  EXPECT_EQ(reserve(attempt(2, 2)), "granted");
  EXPECT_EQ(asked_for(), (std::vector<std::uint32_t>{1, 2}));
  EXPECT_EQ(reserve(attempt(3, 3)), "no_exposure");
  answer(1, Yielding::gone);
  EXPECT_EQ(reserve(attempt(4, 4)), "granted") << "one unit came back";
  EXPECT_EQ(reserve(attempt(5, 5)), "no_exposure");
  reopen();
  EXPECT_EQ(asked_for(), (std::vector<std::uint32_t>{2, 3, 4, 5})) << "also for those that were refused";
}

TEST_P(LedgerYields, AWordThatComesTwiceOrAfterTheSaleGivesOneUnitBack) {
  EXPECT_EQ(reserve(attempt(1, 1)), "granted");
  EXPECT_EQ(reserve(attempt(2, 2)), "granted");
  TillEvents till(away, 2);
  redeem(till, 1, 1, 1);
  answer(1, Yielding::gone, 3);
  answer(1, Yielding::gone);
  EXPECT_EQ(release(1), "redeemed");
  EXPECT_EQ(reserve(attempt(3, 3)), "granted");
  EXPECT_EQ(reserve(attempt(4, 4)), "no_exposure") << "the second grant is still out";
}

TEST_P(LedgerYields, AReleaseBeforeOrBehindTheWordGivesOneUnitBack) {
  EXPECT_EQ(reserve(attempt(1, 1)), "granted");
  EXPECT_EQ(release(1), "released");
  answer(1, Yielding::gone);
  EXPECT_EQ(reserve(attempt(2, 2)), "granted");
  answer(2, Yielding::gone);
  EXPECT_EQ(release(2), "released");
  EXPECT_EQ(reserve(attempt(3, 3)), "granted");
  EXPECT_EQ(reserve(attempt(4, 4)), "granted");
  EXPECT_EQ(reserve(attempt(5, 5)), "no_exposure");
}

TEST_P(LedgerYields, WhatHomeSpentMeanwhileKeepsItsUnitAndIsNamed) {
  EXPECT_EQ(reserve(attempt(1, 1)), "granted");
  redeem(*at_home, 1, 1);
  answer(1, Yielding::spent);
  TillEvents till(away, 2);
  redeem(till, 1, 1, 1);
  const auto doubles = ledger().double_redemptions();
  ASSERT_EQ(doubles->size(), 1u);
  EXPECT_EQ(doubles->front().redemptions[0].till, home);
  EXPECT_EQ(doubles->front().redemptions[1].till, away);
  EXPECT_EQ(reserve(attempt(2, 2)), "granted");
  EXPECT_EQ(reserve(attempt(3, 3)), "no_exposure");
  EXPECT_EQ(reserve(attempt(4, 1, third)), "spent");
}

TEST_P(LedgerYields, AKeyThatHomeChangedLeavesItsCouponsWithHome) {
  const auto epoch = at_home->epoch();
  ASSERT_TRUE(ledger()
                  .contact(home, epoch, Bytes16{7},
                           [&](const hq::ContactSituation& situation) {
                             hq::ContactPlan plan;
                             plan.answer = "rotated";
                             plan.changed = situation.record;
                             plan.changed->generation = 1;
                             plan.changed->public_key.fill(9);
                             plan.rotated = true;
                             return Result<hq::ContactPlan>(plan);
                           })
                  .ok());
  at_home->add(sale_event({.sequence = 1}));
  ingest(at_home->all());
  EXPECT_EQ(reserve(strict(1, 1)), "home_only");
  EXPECT_EQ(reserve(attempt(2, 2)), "granted");
  EXPECT_EQ(reserve(attempt(3, 3)), "granted");
  EXPECT_EQ(reserve(attempt(4, 4)), "no_exposure") << "home may redeem them all the same";
  answer(2, Yielding::gone);
  EXPECT_EQ(reserve(attempt(5, 5)), "granted");
  ASSERT_TRUE(ledger().key_of({home, 0}));
  ASSERT_TRUE(ledger().key_of({home, 1}));
}

TEST_P(LedgerYields, AWordOfHomeThatItIsSpentCountsBeforeItsSaleDoes) {
  EXPECT_EQ(reserve(strict(1, 1)), "home_only");
  answer(1, Yielding::spent);
  EXPECT_EQ(reserve(strict(2, 1)), "spent");
  EXPECT_EQ(reserve(attempt(3, 1)), "spent");
  EXPECT_TRUE(asked_for().empty());
}

TEST_P(LedgerYields, StrictIsGrantedOnceHomeHasLetItGo) {
  EXPECT_EQ(reserve(strict(1, 1)), "home_only");
  EXPECT_EQ(asked_for(), std::vector<std::uint32_t>{1});
  EXPECT_EQ(reserve(strict(2, 1)), "home_only");
  answer(1, Yielding::gone);
  EXPECT_TRUE(asked_for().empty());
  EXPECT_EQ(reserve(strict(1, 1)), "home_only") << "the same reservation has its first answer";
  EXPECT_EQ(reserve(strict(3, 1)), "granted");
  EXPECT_EQ(reserve(strict(4, 1, third)), "held");
  EXPECT_EQ(release(3), "released");
  EXPECT_EQ(reserve(strict(5, 1, third)), "granted") << "home moves one way: it works online everywhere";
}

TEST_P(LedgerYields, WhatABillAtHomeHasIsGrantedWhenHomeSaysSoLater) {
  EXPECT_EQ(reserve(strict(1, 1)), "home_only");
  answer(1, Yielding::held);
  EXPECT_EQ(reserve(strict(2, 1)), "home_only");
  answer(1, Yielding::gone);
  EXPECT_EQ(reserve(strict(3, 1)), "granted");
}

TEST_P(LedgerYields, OnlyTheLifeThatSignedItCanLetItGo) {
  EXPECT_EQ(reserve(strict(1, 1)), "home_only");
  TillEvents other(away, 2);
  other.add(yield_event({home, 0, 1, Yielding::gone}));
  ingest(other.all());
  EXPECT_EQ(reserve(strict(2, 1)), "home_only") << "another till's word";
  auto copy = begin_life(hq::EpochState::frozen, 0);
  copy.add(yield_event({home, 0, 1, Yielding::gone}));
  ingest(copy.all());
  EXPECT_EQ(reserve(strict(3, 1)), "home_only") << "a copy's word, while the first may live";
}

TEST_P(LedgerYields, TheOtherHistoryOfAForkCannotLetItGo) {
  EXPECT_EQ(reserve(strict(1, 1)), "home_only");
  at_home->add(sale_event({.sequence = 1}));
  ingest(at_home->all());
  TillEvents twin(home, 1);
  twin.add(yield_event({home, 0, 1, Yielding::gone}));
  EXPECT_EQ(ingest(twin.all()).result, hq::IngestResult::fork);
  EXPECT_EQ(reserve(strict(2, 1)), "home_only");
}

TEST_P(LedgerYields, HomeItselfIsNotAskedAndCostsNothing) {
  auto own = attempt(1, 1, home);
  own.epoch.fill(1);
  EXPECT_EQ(reserve(own), "granted");
  EXPECT_TRUE(asked_for().empty());
  answer(2, Yielding::gone);
  own.rid.fill(2);
  own.serial = 2;
  own.policy = Policy::strict;
  EXPECT_EQ(reserve(own), "granted") << "as everywhere";
}

TEST_P(LedgerYields, OfAnEndedLifeStrictWaitsForAllItDid) {
  at_home->add(sale_event({.sequence = 1}));
  at_home->add(sale_event({.sequence = 2, .redeemed = {{{home, 0}, 2, 1, 2'000, std::nullopt}}}));
  ingest(at_home->batch(1, 1));
  auto next = begin_life(hq::EpochState::ended, 2);
  EXPECT_EQ(reserve(strict(1, 1)), "ended_epoch");
  EXPECT_TRUE(asked_for().empty()) << "nobody is home any more";
  ingest(at_home->batch(2, 1));
  EXPECT_EQ(reserve(strict(2, 1)), "ended_epoch") << "it may have sold more before it heard of its end";
  next.add(sale_event({.sequence = 1, .lane = "L8"}));
  ingest(next.all());
  EXPECT_EQ(reserve(strict(3, 1)), "granted");
  EXPECT_EQ(reserve(strict(4, 2)), "spent");
}

TEST_P(LedgerYields, OfAnEndedLifeUnitsComeBackWithAllItDid) {
  at_home->add(sale_event({.sequence = 1, .redeemed = {{{home, 0}, 2, 1, 2'000, std::nullopt}}}));
  auto next = begin_life(hq::EpochState::ended, 1);
  EXPECT_EQ(reserve(attempt(1, 1)), "granted");
  EXPECT_EQ(reserve(attempt(2, 2)), "granted");
  EXPECT_EQ(reserve(attempt(3, 3)), "no_exposure");
  ingest(at_home->all());
  EXPECT_EQ(reserve(attempt(4, 3)), "no_exposure");
  next.add(sale_event({.sequence = 1, .lane = "L8"}));
  ingest(next.all());
  EXPECT_EQ(reserve(attempt(5, 3)), "granted") << "no exposure is needed any more";
  auto other = attempt(6, 6, third);
  other.key = {third, 0};
  other.till = away;
  other.epoch.fill(2);
  EXPECT_EQ(reserve(other), "granted") << "one unit came back";
  other.rid.fill(7);
  other.serial = 7;
  EXPECT_EQ(reserve(other), "no_exposure") << "the one of the coupon that was redeemed there did not";
}

TEST_P(LedgerYields, OfAFrozenLifeTheHolderMayStillLive) {
  auto copy = begin_life(hq::EpochState::frozen, 0);
  copy.add(sale_event({.sequence = 1, .lane = "L8"}));
  ingest(copy.all());
  EXPECT_EQ(reserve(strict(1, 1)), "home_only");
  EXPECT_EQ(reserve(attempt(2, 2)), "granted");
  EXPECT_EQ(reserve(attempt(3, 3)), "granted");
  EXPECT_EQ(reserve(attempt(4, 4)), "no_exposure");
}

TEST_P(LedgerYields, OfADiskThatIsGoneHeadquartersDecides) {
  const auto epoch = at_home->epoch();
  EXPECT_EQ(ledger().disk_gone(home, epoch, kWord).error().code, ErrorCode::refused) << "it is live";
  EXPECT_EQ(ledger().disk_gone(77, epoch, kWord).error().code, ErrorCode::not_found);
  at_home->add(sale_event({.sequence = 1, .redeemed = {{{home, 0}, 5, 1, 2'000, std::nullopt}}}));
  ingest(at_home->all());
  auto copy = begin_life(hq::EpochState::frozen, 0);
  EXPECT_EQ(reserve(strict(1, 1)), "home_only");
  EXPECT_EQ(reserve(attempt(2, 2)), "granted");
  EXPECT_EQ(reserve(attempt(3, 3)), "granted");
  EXPECT_EQ(reserve(attempt(4, 4)), "no_exposure");
  EXPECT_EQ(ledger().disk_gone(home, copy.epoch(), kWord).error().code, ErrorCode::refused) << "the copy lives";
  ASSERT_TRUE(ledger().disk_gone(home, epoch, kWord).ok());
  ASSERT_TRUE(ledger().disk_gone(home, epoch, kWord).ok()) << "said again";
  reopen();
  EXPECT_EQ(reserve(strict(5, 1)), "granted");
  EXPECT_EQ(reserve(strict(6, 1, third)), "held") << "to one at a time";
  EXPECT_EQ(reserve(attempt(7, 4)), "granted") << "no exposure is needed any more";
  EXPECT_EQ(reserve(strict(8, 5)), "spent") << "what it told still holds";
  const auto epochs = ledger().till_ledger(home);
  const auto gone = std::find_if(epochs.begin(), epochs.end(), [&](const auto& one) { return one.epoch == epoch; });
  ASSERT_NE(gone, epochs.end());
  EXPECT_TRUE(gone->disk_gone);
  EXPECT_EQ(gone->state, hq::EpochState::ended);
  auto other = attempt(9, 9, third);
  other.key = {third, 0};
  other.till = away;
  other.epoch.fill(2);
  EXPECT_EQ(reserve(other), "granted") << "both units came back";
  other.rid.fill(10);
  other.serial = 10;
  EXPECT_EQ(reserve(other), "granted");
}

TEST_P(LedgerYields, WhatADiskThatWasCalledGoneSendsAllTheSameCountsAndIsNamed) {
  begin_life(hq::EpochState::frozen, 0);
  ASSERT_TRUE(ledger().disk_gone(home, TillEvents(home, 1).epoch(), kWord).ok());
  EXPECT_EQ(reserve(strict(1, 1)), "granted");
  TillEvents till(away, 2);
  redeem(till, 1, 1, 1);
  redeem(*at_home, 1, 1);
  const auto doubles = ledger().double_redemptions();
  ASSERT_EQ(doubles->size(), 1u);
  EXPECT_EQ(doubles->front().redemptions.size(), 2u);
}

TEST_P(LedgerYields, ALifeThatEndedAndLostWhatItOwedIsClosedByTheSameWord) {
  begin_life(hq::EpochState::ended, 9);
  EXPECT_EQ(reserve(strict(1, 1)), "ended_epoch");
  ASSERT_TRUE(ledger().disk_gone(home, TillEvents(home, 1).epoch(), kWord).ok());
  EXPECT_EQ(reserve(strict(2, 1)), "granted");
}

TEST_P(LedgerYields, TheDiskOfARevokedTillCanBeGoneWithoutACopy) {
  ASSERT_TRUE(ledger().revoke_till(home).ok());
  EXPECT_EQ(reserve(strict(1, 1)), "home_only");
  ASSERT_TRUE(ledger().disk_gone(home, TillEvents(home, 1).epoch(), kWord).ok());
  EXPECT_EQ(reserve(strict(2, 1)), "granted");
}

TEST_P(LedgerYields, WhatALostDiskIssuedBeforeTheWordStaysGood) {
  begin_life(hq::EpochState::frozen, 0);
  ASSERT_TRUE(ledger().disk_gone(home, TillEvents(home, 1).epoch(), kWord).ok());
  for (const auto& row : ledger().keys())
    if (row.id == KeyId{home, 0}) {
      EXPECT_EQ(row.facts.status, KeyFacts::Status::retired);
      ASSERT_TRUE(row.facts.until);
      EXPECT_GE(*row.facts.until, kWord.plus_ms(30 * kDay));
    }
}

// Grants, releases, sales and home's words in any order, repeated: units in use are the open or redeemed grants whose
// home has not let go, and never more than there are.
TEST_P(LedgerYields, UnitsInUseAreWhatHomeHasNotAcknowledged) {
  std::uint32_t state = 20261122;
  const auto next = [&](std::uint32_t below) {
    state = state * 1'664'525 + 1'013'904'223;
    return (state >> 8) % below;
  };
  std::map<std::uint8_t, std::uint32_t> out;  // live grants
  std::set<std::uint32_t> gone;
  std::size_t granted = 0;
  for (int step = 0; step < 400; ++step) {
    const auto rid = static_cast<std::uint8_t>(1 + next(250));
    const std::uint32_t serial = 1 + next(40);
    switch (next(4)) {
      case 0:
        release(rid);
        out.erase(rid);
        break;
      case 1:
        if (at_home->size() < 60) answer(serial, Yielding::gone, 1 + static_cast<int>(next(2)));
        if (at_home->size() < 60) gone.insert(serial);
        break;
      default: {
        const auto said = reserve(attempt(rid, rid % 40 + 1));
        if (said == "granted") out[rid] = rid % 40 + 1, ++granted;
      }
    }
    std::size_t used = 0;
    for (const auto& [id, coupon] : out) used += gone.contains(coupon) ? 0 : 1;
    ASSERT_LE(used, 2u) << step;
  }
  EXPECT_GT(granted, 30u);
  EXPECT_GT(gone.size(), 20u);
}

}  // namespace tillside::test
