#include "agent/domain/campaign.h"

namespace tillside {
namespace {

// "20" for 2000, "20.50" for 2050: whole amounts go without decimals.
std::string plain_amount(Minor amount, const Currency& currency) {
  std::string text = format_amount(amount, currency.exponent);
  const auto point = text.find('.');
  if (point != std::string::npos && text.find_first_not_of('0', point + 1) == std::string::npos) text.resize(point);
  return text;
}

std::string amount_zh(Minor amount, const Currency& currency) { return money_words_zh(amount, currency); }

std::string amount_en(Minor amount, const Currency& currency) {
  return std::string(currency.text()) + " " + plain_amount(amount, currency);
}

// "8.5" for "8.500", "9" for "9.000".
std::string without_zeros(std::string number) {
  number.resize(number.find_last_not_of('0') + 1);
  if (number.back() == '.') number.pop_back();
  return number;
}

std::string zhe(std::int32_t pays) { return without_zeros(format_amount(pays, 3)) + "折"; }
std::string percent(std::int32_t off) { return without_zeros(format_amount(off, 2)) + "%"; }

std::string what_zh(const Reward& reward, const Currency& currency) {
  switch (reward.type) {
    case RewardType::amount_off:
      return "减" + amount_zh(reward.amount, currency);
    case RewardType::percent_off:
      return zhe(reward.basis_points) +
             (reward.cap ? "（最多减" + amount_zh(*reward.cap, currency) + "）" : std::string());
    case RewardType::item:
      return "送" + std::to_string(reward.item) + "号商品";
  }
  return {};
}

std::string what_en(const Reward& reward, const Currency& currency) {
  switch (reward.type) {
    case RewardType::amount_off:
      return amount_en(reward.amount, currency) + " off";
    case RewardType::percent_off:
      return percent(10000 - reward.basis_points) + " off" +
             (reward.cap ? " (at most " + amount_en(*reward.cap, currency) + ")" : std::string());
    case RewardType::item:
      return "item " + std::to_string(reward.item) + " free";
  }
  return {};
}

std::string each_zh(const std::string& unit) { return "每" + (unit.empty() ? "单位" : unit); }
std::string each_en(const std::string& unit) { return unit.empty() ? "unit" : unit; }

std::string benefit_zh(const Benefit& benefit, const Currency& currency) {
  switch (benefit.type) {
    case BenefitType::percent_off:
      return zhe(benefit.basis_points);
    case BenefitType::amount_off:
      return each_zh(benefit.unit) + "减" + amount_zh(benefit.amount, currency);
    case BenefitType::price:
      return "特价" + amount_zh(benefit.amount, currency) + (benefit.unit.empty() ? "" : "/" + benefit.unit);
  }
  return {};
}

std::string benefit_en(const Benefit& benefit, const Currency& currency) {
  switch (benefit.type) {
    case BenefitType::percent_off:
      return percent(10000 - benefit.basis_points) + " off";
    case BenefitType::amount_off:
      return amount_en(benefit.amount, currency) + " off per " + each_en(benefit.unit);
    case BenefitType::price:
      return amount_en(benefit.amount, currency) + " per " + each_en(benefit.unit);
  }
  return {};
}

struct Words {
  const char* zh;
  const char* en;
};
constexpr Words kReasonWords[] = {
    {"", ""},
    {"活动已停", "the campaign was stopped"},
    {"不在活动期内", "the campaign is not on now"},
    {"没有满额", "the bill is below the threshold"},
    {"超过金额上限", "the bill is above the limit"},
    {"没有活动品类的商品", "no goods of its category on the bill"},
    {"没有活动商品", "none of its goods on the bill"},
    {"今天不是活动日", "not on this weekday"},
    {"不在活动时段", "not at this hour"},
    {"不是活动门店", "not at this store"},
    {"不是活动对象", "not for this shopper's standing with the group"},
    {"会员等级不符", "not for this tier"},
    {"没有登记指定的导购", "its guide is not named"},
    {"身份证明不够：请出示会员码", "not enough proof of who she is: scan her code"},
    {"同组活动已享", "another campaign of its group came first"},
    {"不是销售单", "this is no sale"},
    {"单据来得太晚", "the checkout arrived too late"},
    {"本机借得的额度已用完", "the budget lent to this till is used up"},
    {"本机还不能发券", "this till cannot issue yet"},
    {"本机时钟不可信", "this till's clock cannot be trusted"},
    {"进群天数不符", "not in the group for the right time"},
    {"不是付费会员", "not a paid member today"},
    {"不在生日期间", "not near the birthday"},
    {"不是首次购买", "not known to be a first purchase"},
    {"收银机已给这些商品打折", "the till's own promotion is on these goods"},
    {"这单已先退货", "the sale was taken back before it arrived"},
};
static_assert(std::size(kReasonWords) == kReasons);

bool is_benefit(const Earned& outcome) {
  return outcome.campaign != nullptr && outcome.campaign->kind == CampaignKind::benefit;
}

std::string reward_noun_zh(const Reward& reward, const Currency& currency) {
  switch (reward.type) {
    case RewardType::amount_off:
      return amount_zh(reward.amount, currency) + "券";
    case RewardType::percent_off:
      return zhe(reward.basis_points) + "券";
    case RewardType::item:
      return std::to_string(reward.item) + "号商品券";
  }
  return {};
}

std::string reward_noun_en(const Reward& reward, const Currency& currency) {
  switch (reward.type) {
    case RewardType::amount_off:
      return money_words_en(reward.amount, currency) + " off";
    case RewardType::percent_off:
      return percent(10000 - reward.basis_points) + " off";
    case RewardType::item:
      return "item " + std::to_string(reward.item);
  }
  return {};
}

}  // namespace

std::string money_words_zh(Minor amount, const Currency& currency) {
  const std::string number = plain_amount(amount, currency);
  return currency.text() == "CNY" ? number + "元" : std::string(currency.text()) + " " + number;
}

std::string money_words_en(Minor amount, const Currency& currency) {
  const std::string number = plain_amount(amount, currency);
  return currency.text() == "CNY" ? "¥" + number : std::string(currency.text()) + " " + number;
}

std::string outcome_words_zh(const Earned& outcome) {
  if (outcome.reason == NotEarned::none) return is_benefit(outcome) ? "可享优惠" : "结账送券";
  return std::string(is_benefit(outcome) ? "未减：" : "未发：") + kReasonWords[static_cast<int>(outcome.reason)].zh;
}

std::string outcome_words_en(const Earned& outcome) {
  if (outcome.reason == NotEarned::none) return is_benefit(outcome) ? "taken off" : "a coupon comes with this sale";
  return std::string(is_benefit(outcome) ? "not taken off: " : "not issued: ") +
         kReasonWords[static_cast<int>(outcome.reason)].en;
}

std::string benefit_words_zh(const Benefit& benefit, const Currency& currency) {
  std::string words = benefit_zh(benefit, currency);
  if (benefit.limit_quantity) words += "，限购" + format_quantity(*benefit.limit_quantity) + benefit.unit;
  if (benefit.cap) words += "（最多减" + amount_zh(*benefit.cap, currency) + "）";
  return words;
}

std::string benefit_words_en(const Benefit& benefit, const Currency& currency) {
  std::string words = benefit_en(benefit, currency);
  if (benefit.limit_quantity)
    words += ", up to " + format_quantity(*benefit.limit_quantity) + (benefit.unit.empty() ? "" : " ") + benefit.unit;
  if (benefit.cap) words += " (at most " + amount_en(*benefit.cap, currency) + ")";
  return words;
}

std::string nudge_words_zh(const Campaign& campaign, Minor missing, const Currency& currency) {
  return "再买" + money_words_zh(missing, currency) + "送" + reward_noun_zh(campaign.reward, currency);
}

std::string nudge_words_en(const Campaign& campaign, Minor missing, const Currency& currency) {
  return money_words_en(missing, currency) + " more earns " + reward_noun_en(campaign.reward, currency);
}

std::string reward_words_zh(const Reward& reward, const Currency& currency) {
  const std::string what = what_zh(reward, currency);
  return reward.min_spend > 0 ? "满" + amount_zh(reward.min_spend, currency) + what : what;
}

std::string reward_words_en(const Reward& reward, const Currency& currency) {
  const std::string what = what_en(reward, currency);
  return reward.min_spend > 0 ? what + " from " + amount_en(reward.min_spend, currency) : what;
}

}  // namespace tillside
