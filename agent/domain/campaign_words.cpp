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

std::string amount_zh(Minor amount, const Currency& currency) {
  const std::string number = plain_amount(amount, currency);
  return currency.text() == "CNY" ? number + "元" : std::string(currency.text()) + " " + number;
}

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

}  // namespace

std::string reward_words_zh(const Reward& reward, const Currency& currency) {
  const std::string what = what_zh(reward, currency);
  return reward.min_spend > 0 ? "满" + amount_zh(reward.min_spend, currency) + what : what;
}

std::string reward_words_en(const Reward& reward, const Currency& currency) {
  const std::string what = what_en(reward, currency);
  return reward.min_spend > 0 ? what + " from " + amount_en(reward.min_spend, currency) : what;
}

}  // namespace tillside
