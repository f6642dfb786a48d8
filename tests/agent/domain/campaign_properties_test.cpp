// Any campaigns on any bill: money is never created, the order of the list does not matter, the book says what the
// plain judgement says, and what is written is read back the same.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>

#include "agent/domain/campaign_book.h"
#include "tests/agent/domain/campaign_samples.h"

namespace tillside {
namespace {

using samples::kSundayMorning;

const std::vector<std::string> kSkus = {"6901", "6902", "6903", ""};
const std::vector<std::string> kCategories = {"fruit", "fruit/durian", "fruit/apple", "boxed", "fruit/"};
const std::vector<std::string> kUnits = {"", "kg", "斤", "盒", "个"};

template <class T>
T one_of(const std::vector<T>& values) {
  return *rc::gen::elementOf(values);
}
// Over the whole range from the first case on: small ranges would make every "sometimes" an "always".
template <class T>
T between(T low, T high) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<T>(low, static_cast<T>(high + 1)));
}
bool sometimes() { return between(0, 3) == 0; }
bool seldom() { return between(0, 14) == 0; }
std::vector<std::string> some(const std::vector<std::string>& values) {
  return sometimes() ? std::vector<std::string>{one_of(values), one_of(values)} : std::vector<std::string>{};
}

Conditions any_conditions() {
  Conditions conditions;
  if (seldom()) conditions.min_total = between<Minor>(0, 20'000);
  if (seldom()) conditions.max_total = conditions.min_total.value_or(0) + between<Minor>(0, 20'000);
  if (seldom()) conditions.categories = {one_of(kCategories)};
  if (seldom()) conditions.skus = {kSkus[between<std::size_t>(0, 2)]};
  if (seldom()) conditions.weekdays = {between(0, 6), between(0, 1) * 6};
  if (seldom()) conditions.from_minute = between(0, 600), conditions.to_minute = between(601, 1440);
  if (seldom()) conditions.stores = {one_of<std::string>({"0123", "0456"})};
  if (seldom()) conditions.verdicts = {VerdictStatus::member};
  if (seldom()) conditions.tiers = {between(1, 2)};
  if (seldom()) conditions.joined_min_days = between(0, 30);
  if (seldom()) conditions.paid_member = true;
  if (seldom()) conditions.birthday = one_of<NearBirthday>({NearBirthday::day, NearBirthday::month});
  if (seldom()) conditions.first_purchase = true;
  if (seldom()) conditions.guides = {"E2033"};
  if (seldom()) conditions.min_proof = one_of<Proof>({Proof::scanned, Proof::paid});
  return conditions;
}

Benefit any_benefit() {
  Benefit benefit;
  benefit.type = one_of<BenefitType>({BenefitType::percent_off, BenefitType::amount_off, BenefitType::price});
  if (benefit.type == BenefitType::percent_off)
    benefit.basis_points = between(1, 9999);
  else
    benefit.amount = between<Minor>(1, 5000);
  if (sometimes()) benefit.cap = between<Minor>(1, 3000);
  benefit.categories = some({"fruit", "fruit/durian", "boxed"});
  benefit.skus = some({"6901", "6902", "6903"});
  benefit.unit = one_of(kUnits);
  if (sometimes()) benefit.limit_quantity = between<Thousandths>(1, 6000);
  return benefit;
}

Campaign any_campaign(std::uint32_t number) {
  Campaign campaign = samples::campaign(number);
  campaign.priority = between(0, 3);
  campaign.group = one_of<std::string>({"", "", "a", "b"});
  campaign.conditions = any_conditions();
  if (between(0, 1) == 0) {
    campaign.kind = CampaignKind::benefit;
    campaign.reward = {};
    campaign.budget_issue = campaign.quota_per_till = 0;
    campaign.benefit = any_benefit();
    campaign.with_pos_promotions =
        one_of<PosPromotions>({PosPromotions::exclusive, PosPromotions::before, PosPromotions::after});
  } else if (sometimes()) {
    campaign.on_return = OnReturn::trust;
    campaign.nudge_within = between<Minor>(0, 5000);
  }
  campaign.stopped = between(0, 9) == 0;
  if (between(0, 9) == 0) campaign.active_until = kSundayMorning.plus_ms(-1);
  return campaign;
}

std::vector<Campaign> any_campaigns(int low, int high) {
  std::vector<Campaign> campaigns;
  const int count = between(low, high);
  for (int i = 0; i < count; ++i) campaigns.push_back(any_campaign(static_cast<std::uint32_t>(i + 1)));
  return campaigns;
}

Checkout any_bill() {
  Checkout bill = samples::checkout();
  bill.state = one_of<CheckoutState>({CheckoutState::total, CheckoutState::completed});
  bill.lines.clear();
  bill.totals = {};
  const int count = between(1, 8);
  for (int i = 1; i <= count; ++i) {
    Line line = samples::line(between(0, 5) == 0 ? LineKind::voided : LineKind::sale, one_of(kSkus),
                              one_of(kCategories), between<Thousandths>(0, 4000));
    line.line_no = i;
    line.unit = one_of(kUnits);
    line.unit_price = between<Minor>(0, 9000);
    line.amount = extend(line.quantity, line.unit_price);
    if (sometimes()) line.discount = between<Minor>(0, line.amount);
    if (line.kind == LineKind::voided)
      line.quantity = -line.quantity, line.amount = -line.amount, line.discount = -line.discount;
    if (line.discount > 0 && sometimes())
      bill.applied_discounts.push_back({one_of<std::string>({"B1", "B2", "X"}), i, between<Minor>(0, line.discount)});
    bill.totals.gross += line.amount;
    bill.totals.discount += line.discount;
    bill.lines.push_back(line);
  }
  bill.totals.net = bill.totals.gross - bill.totals.discount;
  bill.tenders = {{TenderType::cash, bill.totals.net}};
  return bill;
}

Verdict any_shopper() {
  Verdict who = samples::verdict(one_of<VerdictStatus>({VerdictStatus::member, VerdictStatus::unidentified}));
  who.tier = static_cast<std::uint8_t>(between(0, 2));
  if (sometimes()) who.paid_until = date_of(2026, 11, 22);
  if (sometimes()) who.birthday = MonthDay{11, 22};
  if (sometimes()) who.first_joined = kSundayMorning.plus_ms(-10 * kDay);
  if (sometimes()) who.bought = false;
  return who;
}

using Row = std::tuple<std::uint32_t, std::int32_t, Thousandths, Minor>;
std::vector<Row> rows_of(const std::vector<AdvisedDiscount>& discounts) {
  std::vector<Row> rows;
  for (const AdvisedDiscount& one : discounts)
    rows.emplace_back(one.campaign->number, one.line_no, one.quantity, one.amount);
  return rows;
}
using Outcome = std::pair<std::uint32_t, NotEarned>;
std::vector<Outcome> outcomes_of(const std::vector<Earned>& judged, bool only_held = false) {
  std::vector<Outcome> outcomes;
  for (const Earned& one : judged)
    if (!only_held || one.reason == NotEarned::none) outcomes.emplace_back(one.campaign->number, one.reason);
  return outcomes;
}

TEST(CampaignProperties, MoneyIsNeverCreated) {
  EXPECT_TRUE(rc::check([] {
    const auto campaigns = any_campaigns(1, 6);
    const Checkout bill = any_bill();
    const auto outcome = judge_benefits(campaigns, bill, any_shopper(), StoreZone(), kSundayMorning);
    std::map<std::int32_t, Minor> by_line;
    std::map<std::uint32_t, Minor> by_campaign;
    std::map<std::pair<std::uint32_t, std::int32_t>, int> times;
    for (const AdvisedDiscount& one : outcome.discounts) {
      const Line& line = bill.lines[static_cast<std::size_t>(one.line_no - 1)];
      RC_ASSERT(one.amount > 0 && one.quantity > 0 && one.quantity <= line.quantity);
      RC_ASSERT(line.kind == LineKind::sale);
      by_line[one.line_no] += one.amount;
      by_campaign[one.campaign->number] += one.amount;
      const int seen = ++times[std::pair(one.campaign->number, one.line_no)];
      RC_ASSERT(seen == 1);
    }
    Minor sum = 0;
    for (const auto& [line_no, amount] : by_line) {
      const Line& line = bill.lines[static_cast<std::size_t>(line_no - 1)];
      Minor ours = 0;
      for (const AppliedDiscount& applied : bill.applied_discounts)
        if (applied.line_no == line_no && is_discount_code(applied.code)) ours += applied.amount;
      RC_ASSERT(amount <= line.amount - (line.discount - ours));
      sum += amount;
    }
    for (const auto& [number, amount] : by_campaign) {
      RC_ASSERT(amount <= campaigns[number - 1].benefit->cap.value_or(amount));
      sum -= amount;
    }
    RC_ASSERT(sum == 0);
    RC_TAG(outcome.discounts.empty() ? "nothing off" : "something off");
  }));
}

TEST(CampaignProperties, ALimitIsNeverPassed) {
  EXPECT_TRUE(rc::check([] {
    auto campaigns = any_campaigns(1, 4);
    const Checkout bill = any_bill();
    std::map<std::uint32_t, Thousandths> covered;
    for (const AdvisedDiscount& one :
         judge_benefits(campaigns, bill, any_shopper(), StoreZone(), kSundayMorning).discounts) {
      const std::string& line_unit = bill.lines[static_cast<std::size_t>(one.line_no - 1)].unit;
      const std::string& unit = one.campaign->benefit->unit;
      covered[one.campaign->number] += line_unit == "kg" && unit == "斤"   ? one.quantity * 2
                                       : line_unit == "斤" && unit == "kg" ? one.quantity / 2
                                                                           : one.quantity;
    }
    for (const auto& [number, quantity] : covered)
      RC_ASSERT(quantity <= campaigns[number - 1].benefit->limit_quantity.value_or(quantity));
  }));
}

TEST(CampaignProperties, TheOrderOfTheListDoesNotMatter) {
  EXPECT_TRUE(rc::check([] {
    auto campaigns = any_campaigns(1, 8);
    const Checkout bill = any_bill();
    const Verdict who = any_shopper();
    const auto first = judge_benefits(campaigns, bill, who, StoreZone(), kSundayMorning);
    const auto coupons = judge_campaigns(campaigns, bill, who, StoreZone(), kSundayMorning);
    const auto rows = rows_of(first.discounts);
    const auto outcomes = outcomes_of(first.outcomes), earned = outcomes_of(coupons);
    const std::vector<Campaign> shuffled = [&] {
      auto copy = campaigns;
      for (std::size_t i = copy.size(); i > 1; --i) std::swap(copy[i - 1], copy[between<std::size_t>(0, i - 1)]);
      return copy;
    }();
    const auto again = judge_benefits(shuffled, bill, who, StoreZone(), kSundayMorning);
    RC_ASSERT(rows_of(again.discounts) == rows);
    RC_ASSERT(outcomes_of(again.outcomes) == outcomes);
    RC_ASSERT(outcomes_of(judge_campaigns(shuffled, bill, who, StoreZone(), kSundayMorning)) == earned);
  }));
}

// The bill once the POS has taken off what was advised: coupons are judged on that.
Checkout after(Checkout bill, const BenefitOutcome& off) {
  for (const AppliedDiscount& one : bill.applied_discounts)
    if (is_discount_code(one.code) && may_earn(bill) && !off.outcomes.empty()) bill.totals.net += one.amount;
  for (const AdvisedDiscount& one : off.discounts) bill.totals.net -= one.amount;
  return bill;
}

TEST(CampaignProperties, TheBookSaysWhatThePlainJudgementSays) {
  EXPECT_TRUE(rc::check([] {
    const bool many = between(0, 1) == 0;
    const auto campaigns = many ? any_campaigns(33, 80) : any_campaigns(0, 8);
    const Checkout bill = any_bill();
    const Verdict who = any_shopper();
    const CampaignBook book(campaigns);
    const Judgement judged = book.judge(campaigns, bill, who, StoreZone(), kSundayMorning);
    const auto plain = judge_benefits(campaigns, bill, who, StoreZone(), kSundayMorning);
    RC_ASSERT(rows_of(judged.discounts) == rows_of(plain.discounts));
    const auto at_close = book.coupons(campaigns, bill, who, StoreZone(), kSundayMorning);
    const auto plain_at_close = judge_campaigns(campaigns, bill, who, StoreZone(), kSundayMorning);
    RC_ASSERT(outcomes_of(at_close, many) == outcomes_of(plain_at_close, many));
    if (many) {
      const auto none = [](const Earned& one) { return one.reason == NotEarned::none || one.missing > 0; };
      const auto held = std::count_if(at_close.begin(), at_close.end(), none);
      RC_ASSERT(at_close.size() - static_cast<std::size_t>(held) <= CampaignBook::kExplained);
      for (const Earned& one : at_close)
        RC_ASSERT(one.reason != NotEarned::stopped && one.reason != NotEarned::weekday);
    } else {
      RC_ASSERT(outcomes_of(judged.benefits) == outcomes_of(plain.outcomes));
      const Checkout left = after(bill, plain);
      if (may_earn(left) == may_earn(bill))
        RC_ASSERT(outcomes_of(judged.coupons) ==
                  outcomes_of(judge_campaigns(campaigns, left, who, StoreZone(), kSundayMorning)));
    }
  }));
}

TEST(CampaignProperties, TheSameInputsGiveTheSameAnswer) {
  EXPECT_TRUE(rc::check([] {
    const auto campaigns = any_campaigns(0, 6);
    const Checkout bill = any_bill();
    const Verdict who = any_shopper();
    const CampaignBook book(campaigns), other(campaigns);
    const auto a = book.judge(campaigns, bill, who, StoreZone(), kSundayMorning);
    const auto b = other.judge(campaigns, bill, who, StoreZone(), kSundayMorning);
    RC_ASSERT(rows_of(a.discounts) == rows_of(b.discounts));
    RC_ASSERT(outcomes_of(a.coupons) == outcomes_of(b.coupons));
    RC_ASSERT(outcomes_of(a.benefits) == outcomes_of(b.benefits));
  }));
}

TEST(CampaignProperties, WhatIsWrittenIsReadBack) {
  EXPECT_TRUE(rc::check([] {
    Campaign campaign = any_campaign(between<std::uint32_t>(1, 0xFFFFFF));
    const std::string written = write_campaign(campaign);
    const auto again = parse_campaign(written);
    RC_ASSERT(again.ok());
    RC_ASSERT(write_campaign(*again) == written);
  }));
}

}  // namespace
}  // namespace tillside
