#include "agent/domain/campaign_book.h"

#include <algorithm>

namespace tillside {
namespace {

std::uint64_t store_bit(std::string_view store) {
  return std::uint64_t{1} << (std::hash<std::string_view>{}(store) % 64);
}

std::string_view without_slashes(std::string_view subtree) {
  while (subtree.ends_with('/')) subtree.remove_suffix(1);
  return subtree;
}

// Calls for each subtree that holds `path`: "fruit", "fruit/durian".
template <class Visit>
void each_subtree(std::string_view path, Visit visit) {
  for (std::size_t at = 1; at <= path.size(); ++at)
    if (at == path.size() || path[at] == '/') visit(path.substr(0, at));
}

void heed_units(Earned& earned, const CampaignsWithUnits* units) {
  if (units == nullptr || (earned.reason != NotEarned::none && earned.missing == 0)) return;
  if (std::binary_search(units->begin(), units->end(), earned.campaign->number)) return;
  earned.reason = NotEarned::quota_used_up;
  earned.missing = 0;
}

// Keeps every one that holds and the first few that do not.
class Explained {
 public:
  explicit Explained(std::size_t most) : left_(most) {}
  void add(std::vector<Earned>& to, const Earned& outcome) {
    if (outcome.reason != NotEarned::none && left_ == 0 && outcome.missing == 0) return;
    if (outcome.reason != NotEarned::none && left_ > 0) --left_;
    to.push_back(outcome);
  }

 private:
  std::size_t left_;
};

}  // namespace

CampaignBook::CampaignBook(const std::vector<Campaign>& campaigns) {
  for (std::uint32_t at = 0; at < campaigns.size(); ++at) {
    const Campaign& campaign = campaigns[at];
    if (campaign.kind != CampaignKind::next_visit && !campaign.benefit) continue;
    Entry entry{campaign.active_from, campaign.active_until,       0, at, 0x7F,
                campaign.stopped,     campaign.benefit.has_value()};
    for (const std::string& store : campaign.conditions.stores) entry.stores |= store_bit(store);
    if (!campaign.conditions.weekdays.empty()) entry.weekdays = 0;
    for (const int day : campaign.conditions.weekdays)
      entry.weekdays = static_cast<std::uint8_t>(entry.weekdays | 1u << day);
    order_.push_back(entry);
  }
  std::sort(order_.begin(), order_.end(),
            [&](const Entry& a, const Entry& b) { return goes_before(campaigns[a.at], campaigns[b.at]); });
  for (Rank rank = 0; rank < order_.size(); ++rank) place(rank, campaigns[order_[rank].at]);
}

void CampaignBook::place(Rank rank, const Campaign& campaign) {
  const auto put = [rank](Goods& goods, std::string_view key) { goods[std::string(key)].push_back(rank); };
  const auto put_all = [&](const std::vector<std::string>& skus, const std::vector<std::string>& categories) {
    for (const std::string& sku : skus) put(by_sku_, sku);
    for (const std::string& category : categories) put(by_category_, without_slashes(category));
  };
  const Conditions& conditions = campaign.conditions;
  if (!conditions.skus.empty())
    put_all(conditions.skus, {});
  else if (!conditions.categories.empty())
    put_all({}, conditions.categories);
  else if (campaign.benefit && !(campaign.benefit->skus.empty() && campaign.benefit->categories.empty()))
    put_all(campaign.benefit->skus, campaign.benefit->categories);
  else
    any_goods_.push_back(rank);
}

bool CampaignBook::in_force(const Entry& entry, const Scene& scene, std::uint64_t store) const {
  return !entry.stopped && scene.now >= entry.from && scene.now <= entry.until &&
         (entry.weekdays >> scene.weekday & 1u) != 0 && (entry.stores == 0 || (entry.stores & store) != 0);
}

std::vector<CampaignBook::Rank> CampaignBook::in_sight(const Scene& scene) const {
  std::vector<Rank> ranks;
  if (order_.size() <= kAll) {
    for (Rank rank = 0; rank < order_.size(); ++rank) ranks.push_back(rank);
    return ranks;
  }
  const std::uint64_t store = store_bit(scene.checkout.store_id);
  const auto take = [&](const std::vector<Rank>& some) {
    for (const Rank rank : some)
      if (in_force(order_[rank], scene, store)) ranks.push_back(rank);
  };
  const auto take_goods = [&](const Goods& goods, std::string_view key) {
    if (const auto found = goods.find(key); found != goods.end()) take(found->second);
  };
  take(any_goods_);
  for (const Line& line : scene.checkout.lines) {
    if (line.kind != LineKind::sale) continue;
    if (!by_sku_.empty()) take_goods(by_sku_, line.sku);
    if (!by_category_.empty())
      each_subtree(line.category, [&](std::string_view subtree) { take_goods(by_category_, subtree); });
  }
  std::sort(ranks.begin(), ranks.end());
  ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
  return ranks;
}

std::vector<Earned> CampaignBook::judge_coupons(const std::vector<Campaign>& campaigns, const std::vector<Rank>& ranks,
                                                const Scene& scene, const CampaignsWithUnits* units) const {
  const bool sale = may_earn(scene.checkout);
  std::vector<Earned> judged;
  Explained explained(kExplained);
  TakenGroups groups;
  for (const Rank rank : ranks) {
    if (order_[rank].benefit) continue;
    const Campaign& campaign = campaigns[order_[rank].at];
    Earned earned{&campaign, NotEarned::not_a_sale, 0};
    if (sale) earned = judge_coupon(campaign, scene);
    heed_units(earned, units);
    if (earned.reason == NotEarned::none && !groups.take(campaign.group)) earned.reason = NotEarned::group_taken;
    explained.add(judged, earned);
  }
  return judged;
}

Judgement CampaignBook::judge(const std::vector<Campaign>& campaigns, const Checkout& checkout, const Verdict& verdict,
                              const StoreZone& zone, Instant now, const CampaignsWithUnits* units) const {
  Judgement judgement;
  if (order_.empty()) return judgement;
  Scene scene = scene_of(checkout, verdict, zone, now);
  const std::vector<Rank> ranks = in_sight(scene);
  const bool any_benefit = std::any_of(ranks.begin(), ranks.end(), [&](Rank rank) { return order_[rank].benefit; });
  if (any_benefit) {
    const bool sale = may_earn(checkout);
    BenefitBill bill(checkout);
    if (sale) scene.net += bill.already_off();
    Explained explained(kExplained);
    for (const Rank rank : ranks) {
      if (!order_[rank].benefit) continue;
      Earned outcome{&campaigns[order_[rank].at], NotEarned::not_a_sale, 0};
      if (sale) outcome.reason = judge_conditions(*outcome.campaign, scene);
      if (outcome.reason == NotEarned::none) outcome.reason = bill.apply(*outcome.campaign, judgement.discounts);
      explained.add(judgement.benefits, outcome);
    }
    for (const AdvisedDiscount& discount : judgement.discounts) scene.net -= discount.amount;
  }
  judgement.coupons = judge_coupons(campaigns, ranks, scene, units);
  return judgement;
}

std::vector<Earned> CampaignBook::coupons(const std::vector<Campaign>& campaigns, const Checkout& checkout,
                                          const Verdict& verdict, const StoreZone& zone, Instant now,
                                          const CampaignsWithUnits* units) const {
  if (order_.empty()) return {};
  const Scene scene = scene_of(checkout, verdict, zone, now);
  return judge_coupons(campaigns, in_sight(scene), scene, units);
}

}  // namespace tillside
