// A store's campaigns, arranged so that a thousand of them cost a checkout hardly more than ten.
//
// Up to kAll campaigns are all judged and all explained. Of more, only those are looked at that are in force at this
// store on this day and whose goods are on the bill, and at most kExplained of those that do not hold are explained.
// What is earned and what is taken off is the same either way.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent/domain/benefit.h"
#include "agent/domain/campaign.h"

namespace tillside {

struct Judgement {
  std::vector<AdvisedDiscount> discounts;
  std::vector<Earned> benefits;  // in order
  std::vector<Earned> coupons;   // in order; judged on the total that is left after the discounts
};

// Numbers, rising, of the campaigns of which a coupon can still be issued here; null: of all.
using CampaignsWithUnits = std::vector<std::uint32_t>;

// Immutable once made: any thread.
class CampaignBook {
 public:
  static constexpr std::size_t kAll = 32, kExplained = 16;

  CampaignBook() = default;
  explicit CampaignBook(const std::vector<Campaign>& campaigns);

  // At "total". `campaigns` is the list the book was made of; the result points into it. A campaign without units earns
  // nothing (quota_used_up) and takes its group from no other. Pure.
  Judgement judge(const std::vector<Campaign>& campaigns, const Checkout& checkout, const Verdict& verdict,
                  const StoreZone& zone, Instant now, const CampaignsWithUnits* units = nullptr) const;
  // At "close": the coupons alone, on the total as it was paid.
  std::vector<Earned> coupons(const std::vector<Campaign>& campaigns, const Checkout& checkout, const Verdict& verdict,
                              const StoreZone& zone, Instant now, const CampaignsWithUnits* units = nullptr) const;

 private:
  using Rank = std::uint32_t;  // position in order_
  struct Entry {               // the cheapest questions, side by side in memory
    Instant from, until;
    std::uint64_t stores = 0;  // one bit a store's hash; 0: every store
    std::uint32_t at = 0;      // index in the campaigns
    std::uint8_t weekdays = 0x7F;
    bool stopped = false, benefit = false;
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  using Goods = std::unordered_map<std::string, std::vector<Rank>, TextHash, std::equal_to<>>;

  void place(Rank rank, const Campaign& campaign);
  bool in_force(const Entry& entry, const Scene& scene, std::uint64_t store) const;
  std::vector<Rank> in_sight(const Scene& scene) const;
  std::vector<Earned> judge_coupons(const std::vector<Campaign>& campaigns, const std::vector<Rank>& ranks,
                                    const Scene& scene, const CampaignsWithUnits* units) const;

  std::vector<Entry> order_;     // next_visit and benefit, by goes_before
  std::vector<Rank> any_goods_;  // those that ask for no goods
  Goods by_sku_, by_category_;
};

}  // namespace tillside
