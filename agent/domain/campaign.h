// Campaigns: what earns a coupon, and what the coupon is worth. Terms are immutable by number.
//
// JSON form (docs/campaigns.md):
// {"number":1,"kind":"next_visit","name":{"zh","en"},"priority","group","conditions":{...},
// "reward":{...},"valid_after_hours","valid_days","policy","budget":{"issue","exposure"},"quota_per_till",
// "active_from","active_until"}
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
  bool guide_required = false;
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

struct Campaign {
  std::uint32_t number = 0;  // 24 bits, immutable terms
  CampaignKind kind = CampaignKind::next_visit;
  std::string name_zh, name_en;
  int priority = 0;   // lower goes first
  std::string group;  // of one group at most one coupon a checkout
  Conditions conditions;
  Reward reward;
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
  returned_before  // the sale was taken back before it arrived
};
const char* name_of(NotEarned reason);

struct Earned {
  const Campaign* campaign = nullptr;
  NotEarned reason = NotEarned::none;  // none: it is earned
};

// Whether `a` is judged before `b`: lower priority, then lower number.
bool goes_before(const Campaign& a, const Campaign& b);

// Judges every next_visit campaign in order of (priority, number); one earned per group. Pure. Weekday, hour and the
// active window are judged at `now`. Quickest when `campaigns` is sorted by goes_before; the results point into it.
// A line whose void stands in the same checkout counts for nothing. The caller adds late, quota_used_up, not_ready
// and clock.
std::vector<Earned> judge_campaigns(const std::vector<Campaign>& campaigns, const Checkout& checkout,
                                    const Verdict& verdict, const StoreZone& zone, Instant now);

// The most one coupon of it can be worth: the unit in which budgets count value.
Minor highest_worth(const Campaign& campaign);

// "减20元" / "8.5折（最多减30元）" and their English, for screens and receipts.
std::string reward_words_zh(const Reward& reward, const Currency& currency);
std::string reward_words_en(const Reward& reward, const Currency& currency);

}  // namespace tillside
