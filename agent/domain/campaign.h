// Campaigns: what earns a coupon, and what the coupon is worth. Terms are immutable by number.
//
// The JSON form stands in docs/campaigns.md, field by field.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/checkout.h"
#include "agent/domain/member.h"
#include "agent/domain/result.h"
#include "agent/domain/time.h"

namespace tillside {

enum class CampaignKind : std::uint8_t { next_visit = 1, welcome = 2, pickup = 3, benefit = 4 };
const char* name_of(CampaignKind kind);
enum class RewardType : std::uint8_t { amount_off = 1, percent_off = 2, item = 3 };
const char* name_of(RewardType type);
enum class Policy : std::uint8_t { home = 0, strict = 1 };
const char* name_of(Policy policy);

// What becomes of a sale's earned coupon when goods come back and the coupon's home cannot be asked.
enum class OnReturn : std::uint8_t { withhold = 0, trust = 1 };
const char* name_of(OnReturn rule);
// How our discount goes with what the POS itself took off a line.
//   exclusive: not on that line (a coupon: not on that bill)
//   before:    reckoned on the list price
//   after:     reckoned on what the POS left
enum class PosPromotions : std::uint8_t { exclusive = 0, before = 1, after = 2 };
const char* name_of(PosPromotions rule);
// How near her birthday today must be: that day, at most 3 days off, or in that month.
enum class NearBirthday : std::uint8_t { day = 0, week = 1, month = 2 };
const char* name_of(NearBirthday near);

// Every condition that is set must hold. Empty lists and nullopt do not ask.
struct Conditions {
  std::optional<Minor> min_total, max_total;  // of totals.net
  std::vector<std::string> categories;        // any line of a sale lies in one of these subtrees
  std::vector<std::string> skus;              // any line of a sale is one of these
  std::vector<int> weekdays;                  // 0 Sunday to 6 Saturday, in the store's zone
  std::optional<int> from_minute, to_minute;  // local minutes of day, [from, to); may wrap midnight
  std::vector<std::string> stores;
  std::vector<VerdictStatus> verdicts;
  std::vector<int> tiers;
  std::optional<int> joined_min_days, joined_max_days;  // local days since her first join, both inclusive
  bool paid_member = false;                             // her paid membership has not ended
  std::optional<NearBirthday> birthday;
  bool first_purchase = false;      // her record says that she has bought nothing yet
  bool guide_required = false;      // any guide
  std::vector<std::string> guides;  // one of these
  std::optional<Proof> min_proof;
};

struct Reward {
  RewardType type = RewardType::amount_off;
  Minor amount = 0;               // amount_off
  std::int32_t basis_points = 0;  // percent_off: what the shopper PAYS, 8500 is 8.5折
  std::optional<Minor> cap;       // percent_off: at most this much off; required
  std::uint32_t item = 0;         // item: its number, 1 to 65535
  Minor worth = 0;                // item: what it counts for in budgets and reports
  Minor min_spend = 0;            // at redemption
};

// What a benefit does to the lines it covers. See agent/domain/benefit.h for how it is reckoned.
enum class BenefitType : std::uint8_t { percent_off = 1, amount_off = 2, price = 3 };
const char* name_of(BenefitType type);

struct Benefit {
  BenefitType type = BenefitType::percent_off;
  std::int32_t basis_points = 0;              // percent_off: what the shopper PAYS
  Minor amount = 0;                           // amount_off: less, a unit; price: the price of a unit
  std::optional<Minor> cap;                   // at most this much off, over the bill
  std::vector<std::string> skus;              // lines of one of these,
  std::vector<std::string> categories;        // or in one of these subtrees; both empty: every sold line
  std::string unit;                           // of amount and limit: "斤"; weights convert; empty: the line's own
  std::optional<Thousandths> limit_quantity;  // at most this much over the bill: "限购5斤" is 5000 with unit 斤
};

struct Campaign {
  std::uint32_t number = 0;  // 24 bits, immutable terms
  CampaignKind kind = CampaignKind::next_visit;
  std::string name_zh, name_en;
  int priority = 0;   // lower goes first
  std::string group;  // of one group at most one coupon a checkout; one benefit a line
  Conditions conditions;
  Reward reward;                   // of a coupon; not of kind benefit
  std::optional<Benefit> benefit;  // of kind benefit alone
  PosPromotions with_pos_promotions = PosPromotions::after;
  OnReturn on_return = OnReturn::withhold;
  bool person_bound = false;          // welcome: only she may redeem it
  std::optional<Minor> nudge_within;  // next_visit: how near min_total is near; nullopt: a fifth of it
  std::uint8_t valid_after_hours = 0;
  std::uint8_t valid_days = 7;  // to local midnight of the verifying store
  Policy policy = Policy::home;
  std::int64_t budget_issue = 0, budget_exposure = 0;  // units
  std::int64_t quota_per_till = 0;                     // what a till is lent at a time
  Instant active_from, active_until;                   // inclusive
  bool stopped = false;
};

// Validates while reading; an Error names the field ("conditions.min_total"). Amounts that do not fit the code's
// 4-bit exponent and 12-bit mantissa are out_of_range.
Result<Campaign> parse_campaign(std::string_view json);
std::string write_campaign(const Campaign& campaign);

// Why a campaign earned nothing here; names travel in answers as reasons.
enum class NotEarned : std::uint8_t {
  none,
  stopped,
  not_active,
  min_total,
  max_total,
  category,
  sku,
  weekday,
  hour,
  store,
  verdict,
  tier,
  guide,
  proof,
  group_taken,
  not_a_sale,
  late,
  quota_used_up,
  not_ready,
  clock,
  joined,
  paid_member,
  birthday,
  first_purchase,
  pos_promotion,   // a benefit: the POS took something off every line it would cover
  returned_before  // the sale was taken back before it arrived
};
inline constexpr int kReasons = static_cast<int>(NotEarned::returned_before) + 1;
const char* name_of(NotEarned reason);

struct Earned {
  const Campaign* campaign = nullptr;
  NotEarned reason = NotEarned::none;  // none: it is earned
  Minor missing = 0;                   // min_total alone is unmet, by this much and no more than a nudge reaches
};

// What every campaign asks of one checkout, worked out once. Refers to what it is made of.
struct Scene {
  const Checkout& checkout;
  const Verdict& verdict;
  Instant now;
  LocalDate today;  // of the store
  int weekday = 0;
  int minute = 0;  // of the local day
  Minor net = 0;   // what min_total and max_total are asked of
  std::optional<LocalDate> joined;
};
Scene scene_of(const Checkout& checkout, const Verdict& verdict, const StoreZone& zone, Instant now);

// A sale, or at "total" what will be one.
bool may_earn(const Checkout& checkout);
// The first reason why this campaign's window and conditions do not hold; group and kind are not asked.
NotEarned judge_conditions(const Campaign& campaign, const Scene& scene);
// The same for a coupon to come, with `missing` when only a little more would earn it.
Earned judge_coupon(const Campaign& campaign, const Scene& scene);

// Whether `a` is judged before `b`: lower priority, then lower number.
bool goes_before(const Campaign& a, const Campaign& b);

// Judges every next_visit campaign in order of (priority, number); one earned per group. Pure. Weekday, hour and the
// active window are judged at `now`. The results point into `campaigns`, whose order does not matter.
// CampaignBook (campaign_book.h) does the same quickly.
// A line whose void stands in the same checkout counts for nothing. The caller adds late, quota_used_up, not_ready
// and clock.
std::vector<Earned> judge_campaigns(const std::vector<Campaign>& campaigns, const Checkout& checkout,
                                    const Verdict& verdict, const StoreZone& zone, Instant now);

// The most one coupon of it can be worth: the unit in which budgets count value.
Minor highest_worth(const Campaign& campaign);

// The outcome in a cashier's words: "未发：本机借得的额度已用完" / "not issued: the budget lent to this till is used
// up".
std::string outcome_words_zh(const Earned& outcome);
std::string outcome_words_en(const Earned& outcome);

// "减20元" / "8.5折（最多减30元）" and their English, for screens and receipts.
std::string reward_words_zh(const Reward& reward, const Currency& currency);
std::string reward_words_en(const Reward& reward, const Currency& currency);
// "5折，限购5斤" / "特价9.90元/斤" / "每斤减2元", and their English.
std::string benefit_words_zh(const Benefit& benefit, const Currency& currency);
std::string benefit_words_en(const Benefit& benefit, const Currency& currency);
// "再买12元送20元券" / "¥12 more earns ¥20 off".
std::string nudge_words_zh(const Campaign& campaign, Minor missing, const Currency& currency);
std::string nudge_words_en(const Campaign& campaign, Minor missing, const Currency& currency);
// "12元", "¥12"; in another currency "JPY 12".
std::string money_words_zh(Minor amount, const Currency& currency);
std::string money_words_en(Minor amount, const Currency& currency);

}  // namespace tillside
