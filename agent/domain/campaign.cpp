#include "agent/domain/campaign.h"

#include <algorithm>
#include <cstdlib>

#include "agent/domain/taken_groups.h"

namespace tillside {
namespace {

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

bool joined_holds(const Conditions& conditions, const Scene& scene) {
  if (!conditions.joined_min_days && !conditions.joined_max_days) return true;
  if (!scene.joined) return false;
  const int days = scene.today.days - scene.joined->days;
  return days >= conditions.joined_min_days.value_or(0) && days <= conditions.joined_max_days.value_or(days);
}

bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

// A birthday of February 29 is kept on the 28th of other years.
LocalDate birthday_in(int year, MonthDay birthday) {
  const bool moved = birthday.month == 2 && birthday.day == 29 && !is_leap(year);
  return date_of(year, birthday.month, moved ? 28 : birthday.day);
}

bool birthday_holds(NearBirthday near, const Scene& scene) {
  if (!scene.verdict.birthday) return false;
  const auto today = fields_of(scene.today);
  if (near == NearBirthday::month) return today.month == scene.verdict.birthday->month;
  const int reach = near == NearBirthday::week ? 3 : 0;
  for (const int year : {today.year - 1, today.year, today.year + 1})
    if (year >= 1 && year <= 9999 &&
        std::abs(birthday_in(year, *scene.verdict.birthday).days - scene.today.days) <= reach)
      return true;
  return false;
}

bool is_paid_member(const Scene& scene) { return scene.verdict.paid_until && *scene.verdict.paid_until >= scene.today; }

NotEarned unmet_by_person(const Conditions& conditions, const Scene& scene) {
  if (!holds(conditions.verdicts, scene.verdict.status)) return NotEarned::verdict;
  if (!holds(conditions.tiers, int{scene.verdict.tier})) return NotEarned::tier;
  if (conditions.paid_member && !is_paid_member(scene)) return NotEarned::paid_member;
  if (!joined_holds(conditions, scene)) return NotEarned::joined;
  if (conditions.birthday && !birthday_holds(*conditions.birthday, scene)) return NotEarned::birthday;
  if (conditions.first_purchase && scene.verdict.bought != false) return NotEarned::first_purchase;
  if (!proof_holds(conditions, scene.verdict)) return NotEarned::proof;
  return NotEarned::none;
}

// Everything but the total. Cheap questions first.
NotEarned unmet_besides_total(const Conditions& conditions, const Scene& scene) {
  if (!holds(conditions.weekdays, scene.weekday)) return NotEarned::weekday;
  if (!hour_holds(conditions, scene.minute)) return NotEarned::hour;
  if (const NotEarned reason = unmet_by_person(conditions, scene); reason != NotEarned::none) return reason;
  if (conditions.guide_required && scene.checkout.guide_id.empty()) return NotEarned::guide;
  if (!holds(conditions.guides, scene.checkout.guide_id)) return NotEarned::guide;
  if (!holds(conditions.stores, scene.checkout.store_id)) return NotEarned::store;
  const auto& lines = scene.checkout.lines;
  if (!conditions.skus.empty() && !sells_sku(lines, conditions.skus)) return NotEarned::sku;
  if (!conditions.categories.empty() && !sells_category(lines, conditions.categories)) return NotEarned::category;
  return NotEarned::none;
}

NotEarned unmet_total(const Conditions& conditions, const Scene& scene) {
  if (conditions.min_total && scene.net < *conditions.min_total) return NotEarned::min_total;
  if (conditions.max_total && scene.net > *conditions.max_total) return NotEarned::max_total;
  return NotEarned::none;
}

NotEarned not_in_force(const Campaign& campaign, const Scene& scene) {
  if (campaign.stopped) return NotEarned::stopped;
  if (scene.now < campaign.active_from || scene.now > campaign.active_until) return NotEarned::not_active;
  return NotEarned::none;
}

Minor nudge_reach(const Campaign& campaign) {
  return campaign.nudge_within.value_or(campaign.conditions.min_total.value_or(0) / 5);
}

std::vector<Earned> in_order(const std::vector<Campaign>& campaigns) {
  std::vector<Earned> order;
  order.reserve(campaigns.size());
  for (const Campaign& campaign : campaigns)
    if (campaign.kind == CampaignKind::next_visit) order.push_back({&campaign, NotEarned::not_a_sale, 0});
  const auto before = [](const Earned& a, const Earned& b) { return goes_before(*a.campaign, *b.campaign); };
  if (!std::is_sorted(order.begin(), order.end(), before)) std::sort(order.begin(), order.end(), before);
  return order;
}

}  // namespace

bool goes_before(const Campaign& a, const Campaign& b) {
  return a.priority != b.priority ? a.priority < b.priority : a.number < b.number;
}

// At "total" nothing is paid yet: what would be a sale may earn.
bool may_earn(const Checkout& checkout) {
  if (checkout.state != CheckoutState::total) return is_sale(checkout);
  return !checkout.training && (checkout.totals.net > 0 || checkout.totals.gross > 0);
}

Scene scene_of(const Checkout& checkout, const Verdict& verdict, const StoreZone& zone, Instant now) {
  const LocalDate today = zone.date(now);
  std::optional<LocalDate> joined;
  if (verdict.first_joined) joined = zone.date(*verdict.first_joined);
  return {checkout, verdict, now, today, weekday_of(today), zone.minute_of_day(now), checkout.totals.net, joined};
}

NotEarned judge_conditions(const Campaign& campaign, const Scene& scene) {
  if (const NotEarned reason = not_in_force(campaign, scene); reason != NotEarned::none) return reason;
  if (const NotEarned reason = unmet_total(campaign.conditions, scene); reason != NotEarned::none) return reason;
  return unmet_besides_total(campaign.conditions, scene);
}

Earned judge_coupon(const Campaign& campaign, const Scene& scene) {
  Earned judged{&campaign, judge_conditions(campaign, scene), 0};
  if (judged.reason != NotEarned::min_total) return judged;
  const Minor missing = *campaign.conditions.min_total - scene.net;
  const bool near = missing <= nudge_reach(campaign);
  if (near && unmet_besides_total(campaign.conditions, scene) == NotEarned::none) judged.missing = missing;
  return judged;
}

std::vector<Earned> judge_campaigns(const std::vector<Campaign>& campaigns, const Checkout& checkout,
                                    const Verdict& verdict, const StoreZone& zone, Instant now) {
  std::vector<Earned> judged = in_order(campaigns);
  if (judged.empty() || !may_earn(checkout)) return judged;
  const Scene scene = scene_of(checkout, verdict, zone, now);
  TakenGroups groups;
  for (Earned& earned : judged) {
    earned = judge_coupon(*earned.campaign, scene);
    if (earned.reason == NotEarned::none && !groups.take(earned.campaign->group))
      earned.reason = NotEarned::group_taken;
  }
  return judged;
}

Minor highest_worth(const Campaign& campaign) {
  if (campaign.benefit) return 0;
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

}  // namespace tillside
