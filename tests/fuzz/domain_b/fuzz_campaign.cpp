// Campaign terms from anywhere: never a crash, and what is accepted is written back to the same terms.
#include <cstdlib>

#include "agent/domain/campaign.h"
#include "agent/domain/coupon.h"

using namespace tillside;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool fits_the_code(const Reward& reward) {
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
  require(fits_the_code(campaign->reward) && highest_worth(*campaign) >= 0);
  require(!reward_words_zh(campaign->reward, {}).empty() && !reward_words_en(campaign->reward, {}).empty());
  require(campaign->active_from < campaign->active_until);

  Checkout checkout;
  checkout.totals.net = checkout.totals.gross = 12345;
  checkout.tenders = {{TenderType::cash, 12345}};
  checkout.lines.resize(1);
  judge_campaigns({*campaign}, checkout, {}, StoreZone(), campaign->active_from);
  return 0;
}
