// What headquarters reports of coupons, of settlement between stores and of operators.
#include <algorithm>

#include "tests/contract/ledger_contract.h"

namespace tillside::test {
namespace {

constexpr Instant kDayOfSales{1'795'320'000'000};  // as till_events.cpp has it

hq::CouponCounts sum_of(const hq::CouponReport& report, std::uint32_t campaign) {
  hq::CouponCounts sum;
  for (const auto& row : report.rows)
    if (row.campaign == campaign) sum += row.counts;
  return sum;
}

void expect_whole(const hq::CouponCounts& counts) {
  EXPECT_EQ(counts.issued + counts.unheard,
            counts.live + counts.expired + counts.redeemed_home + counts.redeemed_elsewhere + counts.revoked);
}

RedeemedCoupon coupon_of(TillNumber till, std::uint32_t serial, Minor value, std::uint32_t campaign = 1) {
  return {{till, 0}, serial, campaign, value, std::nullopt};
}

const hq::Oddity* found(const std::vector<hq::Oddity>& all, hq::OddityKind kind, const std::string& operator_id) {
  const auto at = std::find_if(all.begin(), all.end(), [&](const hq::Oddity& one) {
    return one.kind == kind && one.operator_id == operator_id;
  });
  return at == all.end() ? nullptr : &*at;
}

}  // namespace

TEST_P(LedgerContract, WhatSalesWerePaidWithIsCountedByTender) {
  add_store("0123");
  add_store("0456");
  TillEvents home(enrol(1, "0123"), 1), other(enrol(2, "0456"), 2);
  const Sale split{.sequence = 1, .net = 1353, .tender = TenderType::card, .in_cash = 500};
  home.add(sale_event(split));
  home.add(sale_event({.sequence = 2, .net = 2833, .tender = TenderType::card}));
  home.add(sale_event({.sequence = 3, .net = 185, .date = date_of(2026, 11, 23), .tender = TenderType::cash}));
  home.add(return_event({.sequence = 2, .net = 2833, .tender = TenderType::card}, 4, {}));
  other.add(sale_event({.sequence = 1, .net = 900}));
  ingest(home.all());
  ingest(other.all());
  const auto all = ledger().tenders({});
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->size(), 3u);
  EXPECT_EQ((*all)[0], (hq::TenderRow{"0123", "CNY", "card", 2, 853 + 2833, 1, -2833}));
  EXPECT_EQ((*all)[1], (hq::TenderRow{"0123", "CNY", "cash", 2, 500 + 185, 0, 0}));
  EXPECT_EQ((*all)[2], (hq::TenderRow{"0456", "CNY", "wechat", 1, 900, 0, 0}));
  const auto first_day = ledger().tenders({std::nullopt, date_of(2026, 11, 22)});
  ASSERT_TRUE(first_day.ok());
  EXPECT_EQ((*first_day)[1].amount, 500);
}

TEST_P(LedgerContract, CouponsOutAndBackAreCountedOnceEach) {
  add_store("0123");
  add_store("0456");
  const auto first = enrol(1, "0123"), second = enrol(2, "0456");
  add_campaign(1, 100, 20);
  TillEvents home(first, 1), away(second, 2);
  const Sale sale{.sequence = 1, .coupon_serials = {1, 2, 3, 4, 5}};
  home.add(sale_event(sale));
  home.add(sale_event({.sequence = 2, .redeemed = {coupon_of(first, 1, 2000), coupon_of(first, 4, 1500)}}));
  home.add(void_event(sale, 3, {2}));
  const ReplacementFact replacement{{0, 6, 1, code_minutes(kDayOfSales), 0, 0}, first, 0, 1};
  home.add(return_event(sale, 4, {{first, 0, 1, 1, 2000}}, {replacement}));
  away.add(sale_event({.sequence = 1,
                       .lane = "L9",
                       .redeemed = {coupon_of(first, 3, 1900), coupon_of(first, 4, 1800), coupon_of(first, 77, 500)}}));
  ingest(home.all());
  ingest(away.all());
  const auto report = ledger().coupon_report(kDayOfSales);
  ASSERT_TRUE(report.ok());
  const auto counts = sum_of(*report, 1);
  EXPECT_EQ(counts.issued, 6);
  EXPECT_EQ(counts.live, 2);  // 5 and the replacement
  EXPECT_EQ(counts.revoked, 1);
  EXPECT_EQ(counts.redeemed_home, 2);
  EXPECT_EQ(counts.home_value, 3500);
  EXPECT_EQ(counts.redeemed_elsewhere, 2);
  EXPECT_EQ(counts.elsewhere_value, 1900 + 500);
  EXPECT_EQ(counts.again, 1);
  EXPECT_EQ(counts.again_value, 1800);
  EXPECT_EQ(counts.unheard, 1);
  EXPECT_EQ(counts.replacements, 1);
  EXPECT_EQ(counts.clawed_back, 1);
  EXPECT_EQ(counts.clawed_back_value, 2000);
  expect_whole(counts);
  for (const auto& row : report->rows) EXPECT_EQ(row.store_id, "0123");
  const auto later = ledger().coupon_report(kDayOfSales.plus_ms(30 * kDay));
  EXPECT_EQ(sum_of(*later, 1).live, 0);
  EXPECT_EQ(sum_of(*later, 1).expired, 2);
  expect_whole(sum_of(*later, 1));
}

TEST_P(LedgerContract, ACouponLivesToTheEndOfItsLastLocalDay) {
  add_store();
  TillEvents till(enrol());
  add_campaign(1, 100, 20);
  till.add(sale_event({.sequence = 1, .coupon_serials = {1}}));
  ingest(till.all());
  const StoreZone zone;
  const auto issued = from_code_minutes(code_minutes(kDayOfSales.plus_ms(kMinute)));
  const auto last = zone.end_of({zone.date(issued).days + 7});
  EXPECT_EQ(sum_of(*ledger().coupon_report(last), 1).live, 1);
  EXPECT_EQ(sum_of(*ledger().coupon_report(last.plus_ms(1)), 1).expired, 1);
}

TEST_P(LedgerContract, BudgetsStandBesideTheCoupons) {
  add_store();
  TillEvents till(enrol());
  add_campaign(1, 100, 20);
  till.add(sale_event({.sequence = 1, .coupon_serials = {1, 2}}));
  till.add(unprinted_event(2, 1));
  ingest(till.all());
  const auto report = ledger().coupon_report(kDayOfSales);
  ASSERT_EQ(report->campaigns.size(), 1u);
  const auto& budget = report->campaigns[0];
  EXPECT_EQ(budget.issue, 100);
  EXPECT_EQ(budget.lent, 20);
  EXPECT_EQ(budget.used, 2);
  EXPECT_EQ(budget.returned, 1);
  EXPECT_EQ(budget.available, 80);
  EXPECT_EQ(budget.worth, 2000);
}

// Random sales, redemptions, claw-backs between three stores: whatever is asked, parts and totals agree.
TEST_P(LedgerContract, SettlementIsTheSumOfItsParts) {
  const std::vector<std::string> stores{"0123", "0456", "0789"};
  std::vector<TillEvents> tills;
  std::vector<std::uint32_t> serials(3), sequences(3);
  for (std::uint8_t i = 0; i < 3; ++i) {
    add_store(stores[i]);
    tills.emplace_back(enrol(static_cast<std::uint8_t>(i + 1), stores[i]), static_cast<std::uint8_t>(i + 1));
  }
  add_campaign(1, 10'000, 1'000);
  add_campaign(2, 10'000, 1'000);
  std::uint64_t random = 33;
  const auto draw = [&](std::uint64_t below) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    return (random >> 33) % below;
  };
  std::int64_t redeemed = 0, clawed = 0;
  Minor value = 0, clawed_value = 0;
  for (int step = 0; step < 400; ++step) {
    const auto at = draw(3), home = draw(3);
    Sale sale{.sequence = ++sequences[at], .lane = "L" + std::to_string(at + 1), .campaign = 1 + unsigned(draw(2))};
    sale.date = date_of(2026, 11, 1 + static_cast<int>(draw(28)));
    const auto what = draw(4);
    if (what == 0) {
      sale.coupon_serials = {++serials[at]};
    } else if (what == 1 && serials[home] > 0) {
      const RedeemedCoupon coupon =
          coupon_of(tills[home].till(), 1 + unsigned(draw(serials[home])), Minor(1 + draw(2000)), sale.campaign);
      sale.redeemed = {coupon};
      ++redeemed, value += coupon.value;
    } else if (what == 2 && serials[home] > 0) {
      const ClawedBack back{tills[home].till(), 0, 1 + unsigned(draw(serials[home])), sale.campaign,
                            Minor(1 + draw(2000))};
      tills[at].add(return_event(sale, sale.sequence, {back}));
      ++clawed, clawed_value += back.value;
      continue;
    }
    tills[at].add(sale_event(sale));
  }
  for (auto& till : tills) ingest(till.all());
  for (auto& till : tills) ingest(till.all());
  const auto whole = ledger().settlement({});
  ASSERT_TRUE(whole.ok());
  hq::SettlementRow sum;
  const auto add = [](hq::SettlementRow& to, const hq::SettlementRow& row) {
    to.redeemed += row.redeemed, to.value += row.value;
    to.clawed_back += row.clawed_back, to.clawed_back_value += row.clawed_back_value;
  };
  for (const auto& row : *whole) add(sum, row);
  EXPECT_EQ(sum.redeemed, redeemed);
  EXPECT_EQ(sum.value, value);
  EXPECT_EQ(sum.clawed_back, clawed);
  EXPECT_EQ(sum.clawed_back_value, clawed_value);
  EXPECT_GT(redeemed, 50);
  EXPECT_GT(clawed, 50);
  // Any split of the range adds up to the whole.
  hq::SettlementRow parts;
  const auto cut = date_of(2026, 11, 1 + static_cast<int>(draw(27)));
  const auto before = ledger().settlement({std::nullopt, cut});
  const auto after = ledger().settlement({LocalDate{cut.days + 1}, std::nullopt});
  for (const auto& row : *before) add(parts, row);
  for (const auto& row : *after) add(parts, row);
  EXPECT_EQ(parts, sum);
  // What the coupon report says was redeemed is what is settled.
  const auto report = ledger().coupon_report(kDayOfSales);
  hq::CouponCounts counts;
  for (const auto& row : report->rows) counts += row.counts;
  EXPECT_EQ(counts.home_value + counts.elsewhere_value + counts.again_value, value);
  EXPECT_EQ(counts.redeemed_home + counts.redeemed_elsewhere + counts.again, redeemed);
  EXPECT_EQ(counts.clawed_back_value, clawed_value);
}

TEST_P(LedgerContract, OnePersonAgainAndAgainAtOneOperatorStandsOut) {
  add_store();
  TillEvents till(enrol());
  for (int i = 1; i <= 3; ++i) till.add(sale_event({.sequence = i, .identified = true, .operator_id = "E1"}));
  for (int i = 4; i <= 9; ++i)
    till.add(sale_event({.sequence = i, .identified = true, .operator_id = "E2", .person = std::uint8_t(10 + i)}));
  for (int i = 10; i <= 13; ++i)
    till.add(sale_event(
        {.sequence = i, .date = date_of(2026, 11, i), .identified = true, .operator_id = "E3", .person = 50}));
  ingest(till.all());
  const auto all = ledger().oddities({}, {});
  ASSERT_TRUE(all.ok());
  const auto* one = found(*all, hq::OddityKind::same_person, "E1");
  ASSERT_NE(one, nullptr);
  EXPECT_EQ(one->count, 3);
  EXPECT_EQ(one->most_a_day, 3);
  EXPECT_EQ(one->threshold, 3);
  EXPECT_EQ(one->checkouts.size(), 3u);
  EXPECT_EQ(one->checkouts.front(), "0123:L1:20261122:0:1:completed");
  EXPECT_EQ(found(*all, hq::OddityKind::same_person, "E2"), nullptr);
  EXPECT_EQ(found(*all, hq::OddityKind::same_person, "E3"), nullptr);
  hq::OddityThresholds lower;
  lower.same_person = 4;
  const auto more = ledger().oddities({}, lower);
  ASSERT_NE(found(*more, hq::OddityKind::same_person, "E3"), nullptr);
  EXPECT_EQ(found(*more, hq::OddityKind::same_person, "E3")->count, 4);
  const auto within = ledger().oddities({date_of(2026, 11, 10), date_of(2026, 11, 12)}, lower);
  EXPECT_EQ(found(*within, hq::OddityKind::same_person, "E3"), nullptr);
}

TEST_P(LedgerContract, CashSalesWithCouponsThatWereVoidedStandOut) {
  add_store();
  TillEvents till(enrol());
  add_campaign(1, 100, 20);
  const auto voided = [&](std::int64_t sequence, TenderType tender, std::uint32_t serial, const char* operator_id) {
    Sale sale{.sequence = sequence, .tender = tender, .operator_id = operator_id};
    if (serial > 0) sale.coupon_serials = {serial};
    till.add(sale_event(sale));
    till.add(void_event(sale, sequence + 1));
  };
  voided(1, TenderType::cash, 1, "E1");
  voided(3, TenderType::cash, 2, "E1");
  voided(5, TenderType::wechat, 3, "E2");
  voided(7, TenderType::wechat, 4, "E2");
  voided(9, TenderType::cash, 0, "E3");
  voided(11, TenderType::cash, 0, "E3");
  ingest(till.all());
  const auto all = ledger().oddities({}, {});
  const auto* one = found(*all, hq::OddityKind::voided_cash, "E1");
  ASSERT_NE(one, nullptr);
  EXPECT_EQ(one->count, 2);
  EXPECT_EQ(one->value, 4000);
  EXPECT_EQ(one->currency, "CNY");
  EXPECT_EQ(one->checkouts.size(), 2u);
  EXPECT_EQ(found(*all, hq::OddityKind::voided_cash, "E2"), nullptr);
  EXPECT_EQ(found(*all, hq::OddityKind::voided_cash, "E3"), nullptr);
}

TEST_P(LedgerContract, OverridesAndUnapprovedCouponsStandOut) {
  add_store();
  TillEvents till(enrol());
  for (std::uint32_t i = 1; i <= 3; ++i) {
    till.add(sale_event({.sequence = i, .unapproved = {{"000110000001c2", "spent", 700}}}));
    till.add(prompt_event(i, "in_group"));
    till.add(prompt_event(i, "asked"));
  }
  till.add(prompt_event(99, "in_group"));  // nobody bought
  ingest(till.all());
  hq::OddityThresholds thresholds;
  thresholds.overrides = 4;
  const auto all = ledger().oddities({}, thresholds);
  const auto* override_found = found(*all, hq::OddityKind::overrides, "E1007");
  ASSERT_NE(override_found, nullptr);
  EXPECT_EQ(override_found->count, 4);
  EXPECT_EQ(override_found->checkouts.size(), 3u);
  const auto* taken = found(*all, hq::OddityKind::unapproved, "E1007");
  ASSERT_NE(taken, nullptr);
  EXPECT_EQ(taken->count, 3);
  EXPECT_EQ(taken->value, 2100);
  thresholds.overrides = 5;
  const auto fewer = ledger().oddities({}, thresholds);
  EXPECT_EQ(found(*fewer, hq::OddityKind::overrides, "E1007"), nullptr);
}

}  // namespace tillside::test
