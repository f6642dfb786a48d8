#include "agent/domain/campaign.h"

#include <algorithm>
#include <cstdlib>

namespace tillside {
namespace {

// What every campaign asks of the same checkout, worked out once.
struct Scene {
  const Checkout& checkout;
  const Verdict& verdict;
  Instant now;
  int weekday;
  int minute;
};

// At "total" nothing is paid yet: what would be a sale may earn.
bool may_earn(const Checkout& checkout) {
  if (checkout.state != CheckoutState::total) return is_sale(checkout);
  return !checkout.training && (checkout.totals.net > 0 || checkout.totals.gross > 0);
}

template <class T>
bool holds(const std::vector<T>& wanted, const T& value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

// A sold line that a voided line of the same checkout cancels is not sold.
template <class Matches>
bool any_sold(const std::vector<Line>& lines, Matches matches) {
  Thousandths sold = 0;
  for (const Line& line : lines) {
    if (line.kind != LineKind::sale && line.kind != LineKind::voided) continue;
    if (!matches(line)) continue;
    sold += line.kind == LineKind::sale ? std::abs(line.quantity) : -std::abs(line.quantity);
  }
  return sold > 0;
}

bool sells_category(const std::vector<Line>& lines, const std::vector<std::string>& categories) {
  return std::any_of(categories.begin(), categories.end(), [&](const std::string& category) {
    return any_sold(lines, [&](const Line& line) { return in_category(line.category, category); });
  });
}

bool sells_sku(const std::vector<Line>& lines, const std::vector<std::string>& skus) {
  return std::any_of(skus.begin(), skus.end(), [&](const std::string& sku) {
    return any_sold(lines, [&](const Line& line) { return line.sku == sku; });
  });
}

bool hour_holds(const Conditions& conditions, int minute) {
  const int from = conditions.from_minute.value_or(0), to = conditions.to_minute.value_or(24 * 60);
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

bool proof_holds(const Conditions& conditions, const Verdict& verdict) {
  return !conditions.min_proof ||
         (verdict.status != VerdictStatus::unidentified && verdict.proof >= *conditions.min_proof);
}

// Cheap questions first.
NotEarned unmet(const Conditions& conditions, const Scene& scene) {
  const Minor net = scene.checkout.totals.net;
  if (conditions.min_total && net < *conditions.min_total) return NotEarned::min_total;
  if (conditions.max_total && net > *conditions.max_total) return NotEarned::max_total;
  if (!holds(conditions.weekdays, scene.weekday)) return NotEarned::weekday;
  if (!hour_holds(conditions, scene.minute)) return NotEarned::hour;
  if (!holds(conditions.verdicts, scene.verdict.status)) return NotEarned::verdict;
  if (!holds(conditions.tiers, int{scene.verdict.tier})) return NotEarned::tier;
  if (conditions.guide_required && scene.checkout.guide_id.empty()) return NotEarned::guide;
  if (!proof_holds(conditions, scene.verdict)) return NotEarned::proof;
  if (!holds(conditions.stores, scene.checkout.store_id)) return NotEarned::store;
  const auto& lines = scene.checkout.lines;
  if (!conditions.skus.empty() && !sells_sku(lines, conditions.skus)) return NotEarned::sku;
  if (!conditions.categories.empty() && !sells_category(lines, conditions.categories)) return NotEarned::category;
  return NotEarned::none;
}

NotEarned judge_one(const Campaign& campaign, const Scene& scene) {
  if (campaign.stopped) return NotEarned::stopped;
  if (scene.now < campaign.active_from || scene.now > campaign.active_until) return NotEarned::not_active;
  return unmet(campaign.conditions, scene);
}

class TakenGroups {
 public:
  // False when the group was taken before. Campaigns without a group never collide.
  bool take(std::string_view group) {
    if (group.empty()) return true;
    const auto at = std::lower_bound(taken_.begin(), taken_.end(), group);
    if (at != taken_.end() && *at == group) return false;
    taken_.insert(at, group);
    return true;
  }

 private:
  std::vector<std::string_view> taken_;  // sorted
};

std::vector<Earned> in_order(const std::vector<Campaign>& campaigns) {
  std::vector<Earned> order;
  order.reserve(campaigns.size());
  for (const Campaign& campaign : campaigns)
    if (campaign.kind == CampaignKind::next_visit) order.push_back({&campaign, NotEarned::not_a_sale});
  const auto before = [](const Earned& a, const Earned& b) { return goes_before(*a.campaign, *b.campaign); };
  if (!std::is_sorted(order.begin(), order.end(), before)) std::sort(order.begin(), order.end(), before);
  return order;
}

}  // namespace

bool goes_before(const Campaign& a, const Campaign& b) {
  return a.priority != b.priority ? a.priority < b.priority : a.number < b.number;
}

std::vector<Earned> judge_campaigns(const std::vector<Campaign>& campaigns, const Checkout& checkout,
                                    const Verdict& verdict, const StoreZone& zone, Instant now) {
  std::vector<Earned> judged = in_order(campaigns);
  if (judged.empty() || !may_earn(checkout)) return judged;
  const Scene scene{checkout, verdict, now, weekday_of(zone.date(now)), zone.minute_of_day(now)};
  TakenGroups groups;
  for (Earned& earned : judged) {
    earned.reason = judge_one(*earned.campaign, scene);
    if (earned.reason == NotEarned::none && !groups.take(earned.campaign->group))
      earned.reason = NotEarned::group_taken;
  }
  return judged;
}

Minor highest_worth(const Campaign& campaign) {
  switch (campaign.reward.type) {
    case RewardType::amount_off:
      return campaign.reward.amount;
    case RewardType::percent_off:
      return campaign.reward.cap.value_or(0);
    case RewardType::item:
      return campaign.reward.worth;
  }
  return 0;
}

const char* name_of(CampaignKind kind) {
  switch (kind) {
    case CampaignKind::next_visit:
      return "next_visit";
    case CampaignKind::welcome:
      return "welcome";
    case CampaignKind::pickup:
      return "pickup";
    case CampaignKind::benefit:
      return "benefit";
  }
  return "";
}

const char* name_of(RewardType type) {
  switch (type) {
    case RewardType::amount_off:
      return "amount_off";
    case RewardType::percent_off:
      return "percent_off";
    case RewardType::item:
      return "item";
  }
  return "";
}

const char* name_of(Policy policy) { return policy == Policy::strict ? "strict" : "home"; }

const char* name_of(NotEarned reason) {
  switch (reason) {
    case NotEarned::none:
      return "none";
    case NotEarned::stopped:
      return "stopped";
    case NotEarned::not_active:
      return "not_active";
    case NotEarned::min_total:
      return "min_total";
    case NotEarned::max_total:
      return "max_total";
    case NotEarned::category:
      return "category";
    case NotEarned::sku:
      return "sku";
    case NotEarned::weekday:
      return "weekday";
    case NotEarned::hour:
      return "hour";
    case NotEarned::store:
      return "store";
    case NotEarned::verdict:
      return "verdict";
    case NotEarned::tier:
      return "tier";
    case NotEarned::guide:
      return "guide";
    case NotEarned::proof:
      return "proof";
    case NotEarned::group_taken:
      return "group_taken";
    case NotEarned::not_a_sale:
      return "not_a_sale";
    case NotEarned::late:
      return "late";
    case NotEarned::quota_used_up:
      return "quota_used_up";
    case NotEarned::not_ready:
      return "not_ready";
    case NotEarned::clock:
      return "clock";
    case NotEarned::returned_before:
      return "returned_before";
  }
  return "";
}

}  // namespace tillside
