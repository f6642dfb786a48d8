// Quota that goes back, and the end of a campaign that tills must hear of.
#include <algorithm>

#include "tests/contract/ledger_contract.h"

namespace tillside::test {
namespace {

constexpr Instant kRecallDay{1'795'320'000'000};

hq::QuotaRow quota_of(hq::Ledger& ledger, std::uint32_t campaign, const TillEvents& till) {
  for (const auto& row : ledger.quotas(campaign))
    if (row.till == till.till() && row.epoch == till.epoch()) return row;
  return {};
}

// What headquarters tells this till of its quotas now, as its change log holds it.
std::vector<wire::QuotaGrant> quotas_told(hq::Ledger& ledger, TillNumber till) {
  std::vector<wire::QuotaGrant> out;
  const auto page = ledger.changes_since(till, "0123", {}, 1 << 20);
  for (const auto& body : page.changes) {
    const auto change = wire::read_change(body);
    if (change && change->kind == wire::ChangeKind::quota) out.push_back(change->quota);
  }
  return out;
}

std::int64_t available(hq::Ledger& ledger, std::uint32_t campaign) {
  for (const auto& info : ledger.campaigns())
    if (info.terms.number == campaign) return info.available;
  return -1;
}

}  // namespace

TEST_P(LedgerContract, AStoppedCampaignAsksItsQuotaBackAndLendsItToNobody) {
  add_store();
  TillEvents till(enrol());
  add_campaign(1, 30, 10);
  till.add(sale_event({.sequence = 1, .coupon_serials = {1, 2, 3}}));
  ingest(till.batch(1, 1));
  ASSERT_TRUE(ledger().stop_campaign(1).ok());
  ASSERT_EQ(quotas_told(ledger(), till.till()).size(), 1u);
  EXPECT_TRUE(quotas_told(ledger(), till.till())[0].recall);
  EXPECT_EQ(available(ledger(), 1), 20);
  till.add(returned_event(1, 7));
  ingest(till.batch(2, 1));
  EXPECT_EQ(available(ledger(), 1), 27);
  EXPECT_EQ(quota_of(ledger(), 1, till).given_back, 7);
  EXPECT_EQ(ledger().campaigns()[0].returned, 7);
  ingest(till.batch(2, 1));
  EXPECT_EQ(available(ledger(), 1), 27);
  EXPECT_EQ(total_lent(1), 10);
  enrol(2);
  EXPECT_EQ(total_lent(1), 10);
}

TEST_P(LedgerContract, WhatOneTillGivesBackIsLentToAnother) {
  add_store();
  TillEvents first(enrol(1), 1);
  add_campaign(1, 10, 10);
  const auto second = enrol(2);
  EXPECT_EQ(available(ledger(), 1), 0);
  ASSERT_TRUE(ledger().recall_quota(1, first.till()).ok());
  first.add(returned_event(1, 10));
  ingest(first.all());
  EXPECT_EQ(available(ledger(), 1), 10) << "nothing goes to a till that was asked for it";
  ASSERT_TRUE(ledger().lend_again(1, second, kRecallDay).ok());
  EXPECT_EQ(quota_of(ledger(), 1, TillEvents(second, 2)).lent, 10);
  ASSERT_TRUE(ledger().lend_again(1, first.till(), kRecallDay).ok());
  EXPECT_EQ(quota_of(ledger(), 1, first).lent, 10);
  EXPECT_EQ(available(ledger(), 1), 0);
}

TEST_P(LedgerContract, AReturnedTillIsLentAgainOnlyWhenAsked) {
  add_store();
  TillEvents till(enrol());
  add_campaign(1, 100, 10);
  ASSERT_TRUE(ledger().recall_quota(std::nullopt, till.till()).ok());
  till.add(returned_event(1, 10));
  till.add(sale_event({.sequence = 1}));
  ingest(till.all());
  readmit(till.till(), 1, 2, 0, false);
  EXPECT_EQ(quota_of(ledger(), 1, TillEvents(till.till(), 2)).lent, 0) << "a retired till is lent nothing";
  ASSERT_TRUE(ledger().recall_quota(1, std::nullopt).ok());
  enrol(5);
  EXPECT_EQ(total_lent(1), 10) << "nor is anyone while the campaign is recalled";
  EXPECT_EQ(ledger().recall_quota(9, std::nullopt).error().code, ErrorCode::not_found);
  EXPECT_EQ(ledger().recall_quota(1, 99).error().code, ErrorCode::not_found);
  EXPECT_EQ(ledger().recall_quota(std::nullopt, std::nullopt).error().code, ErrorCode::missing_field);
}

TEST_P(LedgerContract, AnEndedEpochsQuotaStaysFrozenWhateverItSays) {
  add_store();
  TillEvents till(enrol());
  add_campaign(1, 20, 10);
  till.add(returned_event(1, 10));
  readmit(till.till(), 1, 2, 1, false);
  till.set_token_epoch(TillEvents(till.till(), 2).epoch());
  EXPECT_EQ(available(ledger(), 1), 0);
  ingest(till.all());
  EXPECT_EQ(available(ledger(), 1), 0);
  EXPECT_EQ(quota_of(ledger(), 1, till).given_back, 0);
}

TEST_P(LedgerContract, MoreThanWasLentCannotComeBack) {
  add_store();
  TillEvents till(enrol());
  add_campaign(1, 20, 10);
  till.add(returned_event(1, 1'000'000));
  till.add(returned_event(7, 5));
  ingest(till.all());
  EXPECT_LE(quota_of(ledger(), 1, till).given_back, 10);
  EXPECT_LE(available(ledger(), 1), 20);
}

TEST_P(LedgerContract, ACampaignWhoseLastDayIsOverAsksItsQuotaBackAtTheNextContact) {
  add_store();
  TillEvents till(enrol());
  Campaign campaign = add_campaign(1, 30, 10);
  campaign.number = 2;
  campaign.active_until = kRecallDay;
  ASSERT_TRUE(ledger().add_campaign(campaign).ok());
  const auto contact_at = [&](Instant at) {
    return ledger().contact(till.till(), till.epoch(), {}, [&](const hq::ContactSituation& situation) {
      hq::ContactPlan plan;
      plan.answer = "honest";
      plan.changed = situation.record;
      plan.at = at;
      return Result<hq::ContactPlan>(plan);
    });
  };
  const auto recalled = [&] {
    std::vector<std::uint32_t> numbers;
    for (const auto& one : quotas_told(ledger(), till.till()))
      if (one.recall) numbers.push_back(one.campaign);
    return numbers;
  };
  ASSERT_TRUE(contact_at(kRecallDay).ok());
  EXPECT_TRUE(recalled().empty());
  ASSERT_TRUE(contact_at(kRecallDay.plus_ms(1)).ok());
  EXPECT_EQ(recalled(), std::vector<std::uint32_t>{2});
}

// Tills that issue, are asked back, answer late, are lent to again, lose their lives and say everything twice: what
// they have issued and what they could still issue never passes the budget.
TEST_P(LedgerContract, TheBudgetHoldsWhateverIsGivenBackInAnyOrder) {
  constexpr std::int64_t kBudget = 60;
  struct Till {
    TillEvents events;
    std::uint8_t mark = 0;
    std::int64_t lent = 0, used = 0, returned = 0;  // as the till has it
    std::uint64_t sent = 0;
    std::uint32_t serial = 0;
    std::int64_t left() const { return lent - used - returned; }
  };
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const auto store = "s" + std::to_string(seed);
    const auto campaign = static_cast<std::uint32_t>(seed);
    add_store(store);
    add_campaign(campaign, kBudget, 7);
    std::uint64_t random = seed * 7919;
    const auto draw = [&](std::uint64_t below) {
      random = random * 6364136223846793005u + 1442695040888963407u;
      return (random >> 33) % below;
    };
    std::vector<Till> tills;
    std::int64_t sequence = static_cast<std::int64_t>(seed) * 100'000, lost = 0, came_back = 0;
    for (std::uint8_t i = 0; i < 4; ++i) {
      const auto mark = static_cast<std::uint8_t>((seed - 1) * 40 + i + 1);
      tills.push_back({TillEvents(enrol(mark, store), mark), mark});
    }
    auto next_mark = static_cast<std::uint8_t>((seed - 1) * 40 + 10);
    const auto hear = [&](Till& till) {
      for (const auto& grant : quotas_told(ledger(), till.events.till())) {
        if (grant.campaign != campaign || grant.epoch != till.events.epoch()) continue;
        till.lent = std::max(till.lent, grant.lent);
        if (!grant.recall || till.left() <= 0) continue;
        till.returned += till.left();
        till.events.add(returned_event(campaign, till.returned));
      }
    };
    for (int step = 0; step < 150; ++step) {
      auto& till = tills[draw(tills.size())];
      switch (draw(8)) {
        case 0:
          (void)ledger().recall_quota(campaign, till.events.till());
          break;
        case 1:
          (void)ledger().lend_again(campaign, till.events.till(), kRecallDay);
          break;
        case 2:
          hear(till);
          break;
        case 3:  // a new life: what the old one held and did not use is lost to it, and what it did not send yet comes
          if (draw(3) != 0 || next_mark % 40 == 39) break;
          if (till.sent < till.events.size()) ingest(till.events.batch(till.sent + 1, till.events.size() - till.sent));
          readmit(till.events.till(), till.mark, ++next_mark, 0, false);
          lost += till.used;
          till = {TillEvents(till.events.till(), next_mark), next_mark};
          break;
        case 4:
        case 5:
          for (std::uint64_t i = draw(4); i > 0 && till.left() > 0; --i) {
            ++till.used;
            Sale sale{.sequence = ++sequence, .coupon_serials = {++till.serial}, .campaign = campaign};
            till.events.add(sale_event(sale));
          }
          break;
        default:
          if (till.events.size() == 0) break;
          const auto from = draw(2) == 0 ? 1 : std::min<std::uint64_t>(till.sent + 1, till.events.size());
          ingest(till.events.batch(from, till.events.size() - from + 1));
          till.sent = till.events.size();
      }
      std::int64_t could = lost;
      came_back = 0;
      for (const auto& one : tills)
        could += one.used + std::max<std::int64_t>(one.left(), 0), came_back += one.returned;
      ASSERT_LE(could, kBudget) << "seed " << seed << " step " << step;
      ASSERT_GE(available(ledger(), campaign), 0);
    }
    for (const auto& one : tills) ASSERT_TRUE(ledger().revoke_till(one.events.till()).ok());
    EXPECT_GT(lost + came_back, 0) << "seed " << seed << ": nothing happened";
  }
}

TEST_P(LedgerContract, AStopIsAwaitedUntilEachTillHasTakenItIn) {
  add_store();
  TillEvents first(enrol(1), 1), second(enrol(2), 2);
  const auto revoked = enrol(3);
  ASSERT_TRUE(ledger().revoke_till(revoked).ok());
  add_campaign(1, 100, 10);
  first.add(sale_event({.sequence = 1, .coupon_serials = {1, 2}}));
  first.add(sale_event({.sequence = 2, .redeemed = {{{first.till(), 0}, 1, 1, 2000, std::nullopt}}}));
  ingest(first.all());
  const auto before = ledger().newest_position(first.till(), "0123");
  EXPECT_TRUE(ledger().awaited_stops(std::nullopt, kRecallDay)->empty());
  ASSERT_TRUE(ledger().stop_campaign(1).ok());
  ASSERT_TRUE(ledger().stop_campaign(1).ok());
  auto awaited = ledger().awaited_stops(1, kRecallDay);
  ASSERT_EQ(awaited->size(), 2u);
  EXPECT_EQ((*awaited)[0].till, first.till());
  EXPECT_EQ((*awaited)[0].in_hand, 8);
  EXPECT_EQ((*awaited)[0].in_hand_value, 16'000);
  EXPECT_EQ((*awaited)[0].live, 1);
  EXPECT_EQ((*awaited)[0].live_value, 2'000);
  EXPECT_GT((*awaited)[0].heard.ms, 0);
  EXPECT_EQ((*awaited)[1].in_hand, 10);
  ASSERT_TRUE(ledger().acknowledged(first.till(), before).ok());
  EXPECT_EQ(ledger().awaited_stops(1, kRecallDay)->size(), 2u) << "it has not read so far";
  const auto after = ledger().newest_position(first.till(), "0123");
  ASSERT_TRUE(ledger().acknowledged(first.till(), after).ok());
  reopen();
  awaited = ledger().awaited_stops(std::nullopt, kRecallDay);
  ASSERT_EQ(awaited->size(), 1u);
  EXPECT_EQ((*awaited)[0].till, second.till());
  ASSERT_TRUE(ledger().acknowledged(second.till(), after).ok());
  EXPECT_TRUE(ledger().awaited_stops(std::nullopt, kRecallDay)->empty());
}

}  // namespace tillside::test
