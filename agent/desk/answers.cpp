#include "agent/desk/answers.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <iterator>
#include <optional>

#include "agent/domain/checkout_json.h"

namespace tillside {
namespace {

void append_bool_or_null(std::string& out, std::optional<bool> value) {
  out += !value ? "null" : *value ? "true" : "false";
}

void append_time_or_null(std::string& out, std::optional<Instant> at, const StoreZone& zone) {
  if (!at) {
    out += "null";
    return;
  }
  out += '"';
  out += format_time(*at, zone);
  out += '"';
}

void append_staff_or_null(std::string& out, const std::optional<StaffRef>& who, const Shop& shop) {
  if (!who) {
    out += "null";
    return;
  }
  const Staff* staff = who->store == shop.store_number ? shop.roster.find(who->staff) : nullptr;
  fmt::format_to(std::back_inserter(out), FMT_COMPILE(R"({{"store":{},"staff":{})"), who->store, who->staff);
  if (staff != nullptr) {
    out += ",\"staff_id\":";
    append_json_string(out, staff->staff_id);
    out += ",\"name\":";
    append_json_string(out, staff->name);
  }
  out += '}';
}

void append_names(std::string& out, const Campaign& campaign) {
  fmt::format_to(std::back_inserter(out), FMT_COMPILE(R"("campaign":{},"title":)"), campaign.number);
  append_title(out, campaign);
}

}  // namespace

void append_title(std::string& out, const Campaign& campaign) {
  out += "{\"zh\":";
  append_json_string(out, campaign.name_zh);
  out += ",\"en\":";
  append_json_string(out, campaign.name_en);
  out += '}';
}

void append_reward(std::string& out, const Reward& reward, const Currency& currency) {
  fmt::format_to(std::back_inserter(out), FMT_COMPILE(R"({{"type":"{}","zh":)"), name_of(reward.type));
  append_json_string(out, reward_words_zh(reward, currency));
  out += ",\"en\":";
  append_json_string(out, reward_words_en(reward, currency));
  const std::int64_t value = reward.type == RewardType::amount_off    ? reward.amount
                             : reward.type == RewardType::percent_off ? reward.basis_points
                                                                      : reward.item;
  fmt::format_to(std::back_inserter(out), FMT_COMPILE(R"(,"value":{},"min_spend":{}}})"), value, reward.min_spend);
}

void append_verdict(std::string& out, const Verdict& verdict, const Shop& shop) {
  fmt::format_to(std::back_inserter(out), FMT_COMPILE(R"({{"status":"{}","here":)"), name_of(verdict.status));
  append_bool_or_null(out, verdict.here);
  out += ",\"elsewhere\":";
  append_bool_or_null(out, verdict.elsewhere);
  out += ",\"friend_of\":";
  append_staff_or_null(out, verdict.friend_of, shop);
  if (verdict.tier != 0) {
    fmt::format_to(std::back_inserter(out), FMT_COMPILE(R"(,"tier":{},"paid_until":)"), verdict.tier);
  } else {
    out += ",\"tier\":null,\"paid_until\":";
  }
  if (verdict.paid_until) {
    out += '"';
    out += format_date(*verdict.paid_until);
    out += '"';
  } else {
    out += "null";
  }
  out += ",\"as_of\":";
  append_time_or_null(out, verdict.as_of, shop.zone);
  fmt::format_to(std::back_inserter(out), FMT_COMPILE(R"(,"scope":"{}","first_joined":)"), name_of(verdict.scope));
  append_time_or_null(out, verdict.first_joined, shop.zone);
  out += '}';
}

void append_flags(std::string& out, std::span<const Flag> flags) {
  out += '[';
  for (std::size_t i = 0; i < flags.size(); ++i) {
    out += i == 0 ? "\"" : ",\"";
    out += name_of(flags[i]);
    out += '"';
  }
  out += ']';
}

void append_prompts(std::string& out, std::span<const Prompt> prompts) {
  out += '[';
  for (std::size_t i = 0; i < prompts.size(); ++i) {
    out += i == 0 ? "{\"code\":\"" : ",{\"code\":\"";
    out += name_of(prompts[i].code);
    out += "\",\"zh\":";
    append_json_string(out, prompts[i].zh);
    out += ",\"en\":";
    append_json_string(out, prompts[i].en);
    out += '}';
  }
  out += ']';
}

void append_discounts(std::string& out, std::span<const AdvisedDiscount> discounts, const Source& door,
                      const Shop& shop) {
  const bool by_hand = !can_take_off(door);
  out += '[';
  for (const AdvisedDiscount& one : discounts) {
    if (out.back() != '[') out += ',';
    const std::string code = discount_code(*one.campaign);
    fmt::format_to(
        std::back_inserter(out),
        FMT_COMPILE(R"({{"code":"{}","campaign":{},"line_no":{},"quantity":"{}","amount":{},"reason":{{"zh":)"), code,
        one.campaign->number, one.line_no, format_quantity(one.quantity), one.amount);
    append_json_string(out, one.campaign->name_zh + "：" + benefit_words_zh(*one.campaign->benefit, shop.currency));
    out += ",\"en\":";
    append_json_string(out, one.campaign->name_en + ": " + benefit_words_en(*one.campaign->benefit, shop.currency));
    out += "},";
    const auto key = shop.manual_keys.find(code);
    append_text_or_null(out, "manual_key", by_hand && key != shop.manual_keys.end() ? key->second : std::string());
    out += '}';
  }
  out += ']';
}

void append_not_earned(std::string& out, const Judgement& judgement) {
  out += '[';
  for (const auto* outcomes : {&judgement.benefits, &judgement.coupons}) {
    for (const Earned& outcome : *outcomes) {
      if (outcome.reason == NotEarned::none) continue;
      if (out.back() != '[') out += ',';
      out += '{';
      append_names(out, *outcome.campaign);
      fmt::format_to(std::back_inserter(out), FMT_COMPILE(R"(,"reason":"{}","zh":)"), name_of(outcome.reason));
      append_json_string(out, outcome_words_zh(outcome));
      out += ",\"en\":";
      append_json_string(out, outcome_words_en(outcome));
      out += '}';
    }
  }
  out += ']';
}

void append_join(std::string& out, const Shop& shop, std::string_view showing_id) {
  if (showing_id.empty()) {
    out += "null";
    return;
  }
  out += "{\"url\":\"";
  out += referral_url(shop.host, showing_id);
  out += "\",\"qr\":\"/v1/qr?showing=";
  out += showing_id;
  out += "\"}";
}

void append_promise(std::string& out, const Campaign& campaign, const Shop& shop) {
  out += '{';
  append_names(out, campaign);
  out += ",\"reward\":";
  append_reward(out, campaign.reward, shop.currency);
  out += '}';
}

void append_coupon(std::string& out, const IssuedCoupon& coupon, const Shop& shop) {
  fmt::format_to(std::back_inserter(out), FMT_COMPILE(R"({{"id":"{}",)"), coupon_id(coupon.body));
  append_names(out, *coupon.campaign);
  out += ",\"reward\":";
  append_reward(out, coupon.campaign->reward, shop.currency);
  out += ",\"url\":\"";
  out += coupon_url(shop.host, coupon.bytes, coupon.signature);
  const TypedCode typed = typed_code(coupon.body, shop.typed_key);
  out += "\",\"typed\":\"";
  out += format_typed(typed);
  out += "\",\"digits\":\"";
  out += format_typed_digits(typed);
  const Validity valid = validity_of(coupon.body, shop.zone);
  out += "\",\"valid_from\":\"";
  out += format_time(valid.from, shop.zone);
  out += "\",\"valid_until\":\"";
  out += format_time(valid.until, shop.zone);
  out += "\"}";
}

void append_text_or_null(std::string& out, std::string_view name, std::string_view text) {
  out += '"';
  out += name;
  out += "\":";
  if (text.empty()) {
    out += "null";
  } else {
    append_json_string(out, text);
  }
}

}  // namespace tillside
