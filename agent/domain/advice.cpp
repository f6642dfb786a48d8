#include "agent/domain/advice.h"

#include <algorithm>

namespace tillside {
namespace {

bool member_here(const Verdict& verdict) { return verdict.status == VerdictStatus::member && verdict.here == true; }

bool member_elsewhere(const Verdict& verdict) {
  return verdict.status == VerdictStatus::member && verdict.here == false;
}

Prompt about_the_group(const Verdict& verdict) {
  if (verdict.status == VerdictStatus::unidentified)
    return {PromptCode::ask_phone, "请问顾客手机号，或请顾客扫码进群", "Ask for a phone number, or show the join code"};
  if (member_here(verdict))
    return {PromptCode::welcome_back, "已在本店群：欢迎回来", "In this store's group: welcome back"};
  if (member_elsewhere(verdict))
    return {PromptCode::invite_here, "已在其他店的群：请顾客也扫码进本店群",
            "In another store's group: invite to scan for this one too"};
  if (verdict.status == VerdictStatus::not_member)
    return {PromptCode::invite, "还没进群：请顾客扫码进群", "Not in the group yet: please invite to scan"};
  return {PromptCode::invite_softly, "不确定是否在群里：可以问一句，没进群就请扫码",
          "Not sure about the group: ask, and offer the code if not"};
}

bool is_stale(const Verdict& verdict, Instant now) {
  return verdict.status != VerdictStatus::unidentified && verdict.as_of && now.ms - verdict.as_of->ms > 24 * kHour;
}

Prompt stale_prompt() {
  return {PromptCode::stale, "群名单超过一天没更新，结果可能有变",
          "The group list is over a day old: this may have changed"};
}

Prompt coupon_prompt(const Campaign& campaign) {
  return {PromptCode::coupon_to_come, "这单结账送券：" + campaign.name_zh,
          "This sale earns a coupon: " + campaign.name_en};
}

Prompt clock_prompt(const TrustedTime& time) {
  if (time.trusted)
    return {PromptCode::check_clock, "本机时间不对，已按总部时间办理：请校准电脑时间",
            "This computer's clock is wrong; headquarters' time is used: please set it"};
  if (!time.known)
    return {PromptCode::check_clock, "还没和总部对过时间：联网一次后才发券",
            "The time has not been checked with headquarters yet: coupons after the first contact"};
  return {PromptCode::check_clock, "本机时间不可信，先不发券：请联网一次，并校准电脑时间",
          "This computer's clock cannot be trusted: no coupons until it has reached headquarters; please set it"};
}

// The first that a little more would earn, unless a better one of its group is earned already.
const Earned* near_miss(const std::vector<Earned>& coupons) {
  TakenGroups groups;
  for (const Earned& coupon : coupons) {
    const bool counts = coupon.reason == NotEarned::none || coupon.missing > 0;
    const bool free = counts && groups.take(coupon.campaign->group);
    if (free && coupon.missing > 0) return &coupon;
  }
  return nullptr;
}

Prompt nudge_prompt(const Earned& coupon, const Currency& currency) {
  return {PromptCode::nudge, nudge_words_zh(*coupon.campaign, coupon.missing, currency),
          nudge_words_en(*coupon.campaign, coupon.missing, currency)};
}

// What one benefit takes off the bill by hand.
struct ByHand {
  const Campaign* campaign = nullptr;
  std::string lines_zh, lines_en;
  Minor amount = 0;
};

std::vector<ByHand> by_hand(const std::vector<AdvisedDiscount>& discounts) {
  std::vector<ByHand> all;
  for (const AdvisedDiscount& discount : discounts) {
    if (all.empty() || all.back().campaign != discount.campaign) all.push_back({discount.campaign, {}, {}, 0});
    ByHand& one = all.back();
    const std::string line = std::to_string(discount.line_no);
    one.lines_zh += (one.lines_zh.empty() ? "" : "、") + line;
    one.lines_en += (one.lines_en.empty() ? "" : ", ") + line;
    one.amount += discount.amount;
  }
  return all;
}

Prompt manual_prompt(const ByHand& one, const Currency& currency, const ManualKeys& keys) {
  const auto key = keys.find(discount_code(*one.campaign));
  const bool known = key != keys.end();
  const Benefit& benefit = *one.campaign->benefit;
  return {PromptCode::manual_key,
          (known ? "请按" + key->second : std::string("请手动打折")) + "：" + benefit_words_zh(benefit, currency) +
              "，第" + one.lines_zh + "行共减" + money_words_zh(one.amount, currency),
          (known ? "Press " + key->second : std::string("Take off by hand")) + ": " +
              benefit_words_en(benefit, currency) + ", line " + one.lines_en + ", " +
              money_words_en(one.amount, currency) + " in all"};
}

void promise_nothing(Advice& advice, NotEarned why) {
  std::erase_if(advice.prompts, [](const Prompt& prompt) {
    return prompt.code == PromptCode::coupon_to_come || prompt.code == PromptCode::nudge;
  });
  for (Earned& coupon : advice.judgement.coupons)
    if (coupon.reason == NotEarned::none) coupon.reason = why;
}

}  // namespace

bool can_take_off(const Source& source) { return source.adapter != "journal" && source.adapter != "print"; }

Advice advise(const Checkout& checkout, const Verdict& verdict, Judgement judgement, const Currency& currency,
              const ManualKeys& keys, Instant now) {
  Advice advice;
  advice.judgement = std::move(judgement);
  advice.show_join_qr = !member_here(verdict);
  advice.prompts.push_back(about_the_group(verdict));
  if (is_stale(verdict, now)) advice.prompts.push_back(stale_prompt());
  if (!can_take_off(checkout.source))
    for (const ByHand& one : by_hand(advice.judgement.discounts))
      advice.prompts.push_back(manual_prompt(one, currency, keys));
  const auto& coupons = advice.judgement.coupons;
  const auto earned = std::find_if(coupons.begin(), coupons.end(),
                                   [](const Earned& coupon) { return coupon.reason == NotEarned::none; });
  if (earned != coupons.end()) advice.prompts.push_back(coupon_prompt(*earned->campaign));
  if (const Earned* near = near_miss(coupons)) advice.prompts.push_back(nudge_prompt(*near, currency));
  return advice;
}

void heed_not_ready(Advice& advice) { promise_nothing(advice, NotEarned::not_ready); }

void heed_clock(Advice& advice, const TrustedTime& time) {
  if (time.trusted && time.state == ClockState::wall) return;
  advice.prompts.push_back(clock_prompt(time));
  if (!time.trusted) promise_nothing(advice, NotEarned::clock);
}

const char* name_of(PromptCode code) {
  switch (code) {
    case PromptCode::invite:
      return "invite";
    case PromptCode::invite_softly:
      return "invite_softly";
    case PromptCode::ask_phone:
      return "ask_phone";
    case PromptCode::welcome_back:
      return "welcome_back";
    case PromptCode::invite_here:
      return "invite_here";
    case PromptCode::stale:
      return "stale";
    case PromptCode::coupon_to_come:
      return "coupon_to_come";
    case PromptCode::check_clock:
      return "check_clock";
    case PromptCode::nudge:
      return "nudge";
    case PromptCode::manual_key:
      return "manual_key";
  }
  return "";
}

}  // namespace tillside
