// Campaign terms from anywhere: never a crash, and what is accepted is written back to the same terms.
#include <cstdlib>

#include "agent/domain/campaign_book.h"
#include "agent/domain/coupon.h"

using namespace tillside;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool fits_the_code(const Campaign& campaign) {
  const Reward& reward = campaign.reward;
  if (campaign.benefit) return true;

  const auto value = reward.type == RewardType::amount_off ? reward.amount : std::int64_t{reward.basis_points};
  return (reward.type == RewardType::item || pack_amount(value)) && pack_amount(reward.min_spend);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto campaign = parse_campaign({reinterpret_cast<const char*>(data), size});
  if (!campaign) return 0;
  const std::string written = write_campaign(*campaign);
  const auto again = parse_campaign(written);
  require(again.ok() && write_campaign(*again) == written);
  require(fits_the_code(*campaign) && highest_worth(*campaign) >= 0);
  require(campaign->benefit.has_value() == (campaign->kind == CampaignKind::benefit));
  require(!reward_words_zh(campaign->reward, {}).empty() && !reward_words_en(campaign->reward, {}).empty());
  require(campaign->active_from < campaign->active_until);

  Checkout checkout;
  checkout.totals.net = checkout.totals.gross = 12345;
  checkout.tenders = {{TenderType::cash, 12345}};
  checkout.lines.resize(1);
  Line& line = checkout.lines[0];
  line = {1, "6901", "榴莲", "fruit/durian", LineKind::sale, 2345, "kg", 3000, 7035, 100};
  checkout.state = CheckoutState::total;
  const std::vector<Campaign> campaigns{*campaign};
  const auto judged = CampaignBook(campaigns).judge(campaigns, checkout, {}, StoreZone(), campaign->active_from);
  for (const AdvisedDiscount& off : judged.discounts) require(off.amount > 0 && off.amount <= 6935);
  return 0;
}
