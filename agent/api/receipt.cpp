#include "agent/api/receipt.h"

#include <nlohmann/json.hpp>

#include "agent/domain/campaign.h"

namespace tillside::api {
namespace {

// "2026-11-22T13:15:00.000+08:00" as "2026-11-22 13:15".
std::string minute_of(const std::string& time) {
  return time.size() < 16 ? time : time.substr(0, 10) + " " + time.substr(11, 5);
}

// A coupon ends with a local day.
std::string day_of(const std::string& time) { return time.substr(0, 10); }

// "减20元", "8.5折", "CNY 20 off": what it is worth, in large letters, without its terms.
std::string value_words(const nlohmann::json& reward, const Currency& currency, Letters letters) {
  const std::string type = reward.at("type").get<std::string>();
  const auto value = reward.at("value").get<std::int64_t>();
  Reward plain;
  if (type == name_of(RewardType::amount_off)) {
    plain.amount = value;
  } else if (type == name_of(RewardType::percent_off)) {
    plain.type = RewardType::percent_off;
    plain.basis_points = static_cast<std::int32_t>(value);
  } else {
    plain.type = RewardType::item;
    plain.item = static_cast<std::uint32_t>(value);
  }
  return letters == Letters::western ? reward_words_en(plain, currency) : reward_words_zh(plain, currency);
}

// Each line fits 58 mm paper, 32 columns.
void add_validity(const nlohmann::json& coupon, Letters letters, std::vector<ReceiptLine>& lines) {
  const bool western = letters == Letters::western;
  const std::string from = minute_of(coupon.at("valid_from").get<std::string>());
  const std::string until = day_of(coupon.at("valid_until").get<std::string>());
  lines.push_back({(western ? "Code " : "券码 ") + coupon.at("typed").get<std::string>()});
  lines.push_back({.text = western ? "Valid" : "有效期 Valid", .strong = true});
  lines.push_back({from + (western ? " to " : " 至 ") + until});
  if (!western) lines.push_back({"结账时出示，一券一次"});
  lines.push_back({"Show at checkout, once"});
}

ReceiptBlock coupon_block(const nlohmann::json& coupon, const Currency& currency, Letters letters) {
  const nlohmann::json& title = coupon.at("title");
  const nlohmann::json& reward = coupon.at("reward");
  const char* language = letters == Letters::western ? "en" : "zh";
  const std::string terms = reward.at(language).get<std::string>(), value = value_words(reward, currency, letters);
  ReceiptBlock block;
  block.above.push_back({.text = title.at(language).get<std::string>(), .strong = true});
  block.above.push_back({.text = value, .large = true});
  if (terms != value) block.above.push_back({terms});
  if (letters == Letters::chinese)
    block.above.push_back({title.at("en").get<std::string>() + ": " + reward.at("en").get<std::string>()});
  block.coupon_id = coupon.at("id").get<std::string>();
  block.url = coupon.at("url").get<std::string>();
  block.digits = coupon.at("digits").get<std::string>();
  add_validity(coupon, letters, block.below);
  return block;
}

void add_blocks(KeptAnswer& kept, const nlohmann::json& coupons, const Currency& currency, Letters letters) {
  for (const nlohmann::json& coupon : coupons) kept.coupons.push_back(coupon_block(coupon, currency, letters));
}

KeptAnswer kept_answer(const nlohmann::json& answer, const Currency& currency, Letters letters) {
  KeptAnswer kept;
  if (const auto restored = answer.find("restored"); restored != answer.end()) {
    kept.member_here = true;  // a refund invites nobody
    add_blocks(kept, *restored, currency, letters);
    return kept;
  }
  add_blocks(kept, answer.at("coupons"), currency, letters);
  if (const auto taken = answer.find("taken_back"); taken != answer.end())
    add_blocks(kept, taken->at("restored"), currency, letters);
  if (answer.at("showing_id").is_string()) kept.showing_id = answer.at("showing_id").get<std::string>();
  const nlohmann::json& here = answer.at("verdict").at("here");
  kept.member_here = here.is_boolean() && here.get<bool>();
  return kept;
}

}  // namespace

Result<KeptAnswer> read_answer(std::string_view answer, const Currency& currency, Letters letters) {
  try {
    return kept_answer(nlohmann::json::parse(answer), currency, letters);
  } catch (const nlohmann::json::exception&) {
    return Error{ErrorCode::bad_json, {}, "an event earns nothing"};
  }
}

ReceiptBlock join_block(std::string url, Letters letters) {
  ReceiptBlock block;
  if (letters == Letters::chinese) block.above.push_back({"扫码加入会员群", true});
  block.above.push_back({.text = "Scan to join our members' group", .strong = letters == Letters::western});
  block.url = std::move(url);
  return block;
}

}  // namespace tillside::api
