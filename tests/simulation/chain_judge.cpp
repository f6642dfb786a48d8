#include <fmt/format.h>

#include "tests/simulation/chain.h"

namespace tillside::simulation {
namespace {

std::string coupon_name(std::int64_t key, std::int64_t serial) { return fmt::format("{:06x}{:08x}", key, serial); }

}  // namespace

// The lines are mended, clocks set, and everybody gets to speak. Again while headquarters recovers: it lends and
// settles only when all have been heard.
void Chain::heal() {
  defect_ = Defect::none;
  headquarters_->lose_power_after(0);
  for (int round = 0; round < 3; ++round) {
    bool all = true;
    for (const auto& till : tills_) {
      till->lose_power_after(0);
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
    for (std::size_t i = 0; round == 0 && i < tills_.size(); ++i)
      if (!is_fenced(i)) violated("a disk that was called gone goes on under its key: " + tills_[i]->lane());
    const bool restored = outcome_.tally.of("headquarters restored") > 0;
    if (all && (!restored || (round > 0 && !headquarters_->ledger().still_recovering()))) return;
  }
}

HeldAtHeadquarters Chain::held() const {
  HeldAtHeadquarters held;
  headquarters_->each("SELECT identity FROM checkout UNION SELECT identity FROM reversal",
                      [&](const auto& row) { held.identities.emplace(row[0]); });
  headquarters_->each("SELECT printf('%06x%08x',key_id,serial) FROM coupon",
                      [&](const auto& row) { held.coupons.emplace(row[0]); });
  for (const auto& row :
       headquarters_->rows("SELECT key_id,serial,identity,value,till,length(rid)>0 FROM redemption")) {
    const std::string coupon = coupon_name(std::stoll(row[0]), std::stoll(row[1]));
    const auto till = static_cast<std::uint32_t>(std::stoul(row[4]));
    const std::string identity = row[2].empty() ? name_of_hand_over(coupon, till) : row[2];
    held.identities.insert(identity);
    held.redemptions[coupon].push_back({identity, std::stoll(row[3]), till, row[5] == "1"});
  }
  if (const auto twice = headquarters_->ledger().double_redemptions()) {
    for (const auto& coupon : *twice)
      for (const auto& one : coupon.redemptions) {
        const std::string name = coupon_name(coupon.key.packed(), coupon.serial);
        held.doubles[name].emplace(one.till, one.identity.empty() ? name_of_hand_over(name, one.till) : one.identity);
      }
  }
  return held;
}

std::set<std::string> Chain::held_of(std::size_t number) const {
  const Till& till = *tills_[number];
  const std::string of_lane = fmt::format("identity>'{0}:{1}:' AND identity<'{0}:{1};'", till.store(), till.lane());
  auto held = headquarters_->column("SELECT identity FROM checkout WHERE " + of_lane +
                                    " UNION SELECT identity FROM reversal WHERE " + of_lane);
  for (const auto& row : headquarters_->rows(fmt::format(
           "SELECT key_id,serial,till FROM redemption WHERE identity='' AND till={}", counters_[number].till)))
    held.insert(name_of_hand_over(coupon_name(std::stoll(row[0]), std::stoll(row[1])),
                                  static_cast<std::uint32_t>(std::stoul(row[2]))));
  return held;
}

// What the report of goods handed over says, against what was given out over the counters.
void Chain::judge_vouchers(const HeldAtHeadquarters& held) {
  const auto report = headquarters_->ledger().handed_over();
  if (!report) return violated("no report of what was handed over");
  std::int64_t told = 0, redeemed = 0;
  for (const auto& row : *report)
    if (row.campaign == kVoucher) told += row.count;
  for (const auto& [id, rows] : held.redemptions) {
    const auto* coupon = oracle_.coupon(id);
    if (coupon != nullptr && coupon->campaign == kVoucher) redeemed += static_cast<std::int64_t>(rows.size());
  }
  if (told != redeemed) violated(fmt::format("{} vouchers handed over, and the report says {}", redeemed, told));
}

void Chain::judge() {
  const HeldAtHeadquarters held = this->held();
  for (std::string& wrong : oracle_.judge(held, terms_)) violated(std::move(wrong));
  judge_vouchers(held);
  const auto totals = oracle_.totals();
  Tally& tally = outcome_.tally;
  tally.count("power lost at headquarters", headquarters_->power_losses());
  for (const auto& till : tills_) {
    tally.count("power lost", till->power_losses().times);
    tally.count("(writes lost with the power)", till->power_losses().writes);
  }
  tally.count("answers acknowledged", totals.answers);
  tally.count("coupons redeemed", totals.redemptions);
  tally.count("coupons redeemed twice", totals.twice);
  for (const auto& [id, names] : held.doubles)
    for (const auto& [till, identity] : names)
      if (identity.find(":G") != std::string::npos) tally.count("doubles named of disks called gone");
  tally.count("(coupons redeemed twice over disks that went back)", totals.twice_unsteady);
  for (const auto& [number, terms] : terms_) {
    tally.count(fmt::format("(budget of campaign {})", number), static_cast<std::uint64_t>(terms.issue));
    tally.count(fmt::format("(exposure of campaign {})", number), static_cast<std::uint64_t>(terms.exposure));
  }
  tally.count("(allowance for disks that went back)", static_cast<std::uint64_t>(totals.allowance));
  tally.count("(grants a restored headquarters forgot)", static_cast<std::uint64_t>(totals.grants_forgotten));
  tally.count("(coupons of its own a restored headquarters forgot)", static_cast<std::uint64_t>(totals.own_forgotten));
}

}  // namespace tillside::simulation
