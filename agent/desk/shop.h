// Everything a decision needs to know of this shop, as one immutable value that is replaced whole.
#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/domain/advice.h"
#include "agent/domain/campaign.h"
#include "agent/domain/campaign_book.h"
#include "agent/domain/coupon.h"
#include "agent/domain/key_directory.h"
#include "agent/domain/member.h"
#include "agent/domain/money.h"
#include "agent/domain/redemption.h"
#include "agent/domain/referral.h"
#include "agent/domain/staff.h"
#include "agent/domain/time.h"

namespace tillside {

struct Shop {
  bool enrolled = false;
  bool may_issue = false;  // enrolled, in contact since this database began, key at hand
  std::string store_id, store_name;
  StoreNumber store_number = 0;
  KeyId key;  // this till's number and its key's generation
  StoreZone zone;
  Currency currency;
  std::string country_calling_code = "86";
  std::string host;  // of coupon and referral URLs
  ChainId chain{};
  std::vector<MemberKey> member_keys;  // newest last; at most two
  ReferralKey referral_key{};
  TypedKey typed_key{};
  struct EarlierKey {
    std::uint8_t generation = 0;
    TypedKey typed_key{};
  };
  std::vector<EarlierKey> earlier_keys;  // that this till changed in this life; coupons under them are its own
  bool is_own(KeyId id) const {
    if (id.till != key.till || key.till == 0) return false;
    return id == key || std::any_of(earlier_keys.begin(), earlier_keys.end(),
                                    [&](const EarlierKey& one) { return one.generation == id.generation; });
  }
  SigningKey signing_key{};
  std::vector<Campaign> campaigns;  // in any order
  CampaignBook book;                // of `campaigns`; the window makes it
  ManualKeys manual_keys;
  StaffRoster roster;
  RedeemLimits redeem_limits;
  std::shared_ptr<const KeyDirectory> keys = std::make_shared<KeyDirectory>();  // the chain's; never null
  std::vector<std::string> restarting_lanes;  // lanes whose counter starts again; "*" is every lane
};

// Null: the shop knows no campaign of that number.
inline const Campaign* terms_of(const Shop& shop, std::uint32_t number) {
  const auto found = std::find_if(shop.campaigns.begin(), shop.campaigns.end(),
                                  [&](const Campaign& campaign) { return campaign.number == number; });
  return found == shop.campaigns.end() ? nullptr : &*found;
}

// Any thread.
class ShopWindow {
 public:
  ShopWindow() : shop_(std::make_shared<const Shop>()) {}
  std::shared_ptr<const Shop> current() const { return shop_.load(std::memory_order_acquire); }
  void replace(Shop shop) {
    shop.book = CampaignBook(shop.campaigns);
    shop_.store(std::make_shared<const Shop>(std::move(shop)), std::memory_order_release);
  }

 private:
  std::atomic<std::shared_ptr<const Shop>> shop_;
};

}  // namespace tillside
