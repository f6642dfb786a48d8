#include <fmt/format.h>

#include "tests/simulation/chain.h"

namespace tillside::simulation {
namespace {

std::string coupon_name(std::int64_t key, std::int64_t serial) { return fmt::format("{:06x}{:08x}", key, serial); }

}  // namespace

// The lines are mended, clocks set, and everybody gets to speak. Again, because a restored headquarters lends and
// settles only when all have been heard.
void Chain::heal() {
  defect_ = Defect::none;
  for (int round = 0; round < 3; ++round) {
    bool all = true;
    for (const auto& till : tills_) {
      till->clock().error_ms = 0;
      till->line().cut = false;
      till->line().perfect = true;
      till->open();
      for (int i = 0; i < 20 && (i == 0 || !till->all_sent()); ++i) {
        till->sync();
        time_.advance(kMinute);
      }
      all &= till->all_sent();
      if (round == 2 && !till->all_sent()) violated("events never left " + till->lane());
      till->close();
    }
    if (all && outcome_.tally.of("headquarters restored") == 0) return;
  }
}

HeldAtHeadquarters Chain::held() const {
  HeldAtHeadquarters held;
  held.identities = headquarters_->column("SELECT identity FROM checkout UNION SELECT identity FROM reversal");
  for (const auto& row : headquarters_->rows("SELECT key_id,serial FROM coupon"))
    held.coupons.insert(coupon_name(std::stoll(row[0]), std::stoll(row[1])));
  for (const auto& row : headquarters_->rows("SELECT key_id,serial,identity,value,till,length(rid)>0 FROM redemption"))
    held.redemptions[coupon_name(std::stoll(row[0]), std::stoll(row[1]))].push_back(
        {row[2], std::stoll(row[3]), static_cast<std::uint32_t>(std::stoul(row[4])), row[5] == "1"});
  if (const auto twice = headquarters_->ledger().double_redemptions()) {
    for (const auto& coupon : *twice)
      for (const auto& one : coupon.redemptions)
        held.doubles[coupon_name(coupon.key.packed(), coupon.serial)].emplace(one.till, one.identity);
  }
  return held;
}

std::set<std::string> Chain::held_of(const Till& till) const {
  const std::string of_lane = fmt::format("identity>'0123:{0}:' AND identity<'0123:{0};'", till.lane());
  return headquarters_->column("SELECT identity FROM checkout WHERE " + of_lane +
                               " UNION SELECT identity FROM reversal WHERE " + of_lane);
}

void Chain::judge() {
  for (std::string& wrong : oracle_.judge(held(), terms_)) violated(std::move(wrong));
  const auto totals = oracle_.totals();
  Tally& tally = outcome_.tally;
  tally.count("answers acknowledged", totals.answers);
  tally.count("coupons redeemed", totals.redemptions);
  tally.count("coupons redeemed twice", totals.twice);
  tally.count("(coupons redeemed twice over disks that went back)", totals.twice_unsteady);
  for (const auto& [number, terms] : terms_) {
    tally.count(fmt::format("(budget of campaign {})", number), static_cast<std::uint64_t>(terms.issue));
    tally.count(fmt::format("(exposure of campaign {})", number), static_cast<std::uint64_t>(terms.exposure));
  }
  tally.count("(allowance for disks that went back)", static_cast<std::uint64_t>(totals.allowance));
  tally.count("(grants a restored headquarters forgot)", static_cast<std::uint64_t>(totals.grants_forgotten));
}

}  // namespace tillside::simulation
