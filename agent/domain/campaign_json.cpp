#include "agent/domain/campaign_json_parts.h"
#include "agent/domain/coupon.h"

namespace tillside {
namespace {

using namespace terms;

constexpr std::int64_t kMaxNumber = (1 << 24) - 1, kMaxUnits = 1'000'000'000, kMaxPriority = 1'000'000;
constexpr std::size_t kMaxDocument = 256 * 1024;

Minor packed_amount(Fields& fields, const char* name, Minor low, Trouble& trouble) {
  const Minor amount = fields.optional_integer(name, low, kMaxAmount).value_or(low);
  if (!pack_amount(amount))
    trouble.add(ErrorCode::out_of_range, fields.path(name), "more digits than the coupon code carries");
  return amount;
}

Minor needed_packed_amount(Fields& fields, const char* name, Trouble& trouble) {
  fields.need(name);
  return packed_amount(fields, name, 1, trouble);
}

void read_names(Fields fields, Campaign& campaign) {
  campaign.name_zh = fields.text("zh", kMaxName);
  campaign.name_en = fields.optional_text("en", kMaxName);
  if (campaign.name_en.empty()) campaign.name_en = campaign.name_zh;
  fields.refuse_others();
}

void read_percent(Fields& fields, Reward& reward, Trouble& trouble) {
  reward.basis_points = static_cast<std::int32_t>(fields.integer("basis_points", 1, 9999));
  if (!pack_amount(reward.basis_points))
    trouble.add(ErrorCode::out_of_range, fields.path("basis_points"), "above 4095 it must be a multiple of 10");
  reward.cap = fields.integer("cap", 1, kMaxAmount);
}

void read_reward(Fields fields, Reward& reward, Trouble& trouble) {
  fields.need("type");
  reward.type = named(fields, "type", {RewardType::amount_off, RewardType::percent_off, RewardType::item},
                      RewardType::amount_off, trouble);
  switch (reward.type) {
    case RewardType::amount_off:
      reward.amount = needed_packed_amount(fields, "amount", trouble);
      break;
    case RewardType::percent_off:
      read_percent(fields, reward, trouble);
      break;
    case RewardType::item:
      reward.item = static_cast<std::uint32_t>(fields.integer("item", 1, 65535));
      reward.worth = fields.optional_integer("worth", 0, kMaxAmount).value_or(0);
      break;
  }
  reward.min_spend = packed_amount(fields, "min_spend", 0, trouble);
  fields.refuse_others();
}

void read_validity(Fields& fields, Campaign& campaign, Trouble& trouble) {
  const auto hours = fields.optional_integer("valid_after_hours", 0, 255).value_or(0);
  const auto days = fields.optional_integer("valid_days", 1, 255).value_or(campaign.valid_days);
  campaign.valid_after_hours = static_cast<std::uint8_t>(hours);
  campaign.valid_days = static_cast<std::uint8_t>(days);
  if (hours >= days * 24)
    trouble.add(ErrorCode::out_of_range, fields.path("valid_after_hours"), "begins after valid_days end");
}

void read_budget(Fields fields, Campaign& campaign) {
  campaign.budget_issue = fields.integer("issue", 0, kMaxUnits);
  campaign.budget_exposure = fields.optional_integer("exposure", 0, kMaxUnits).value_or(0);
  fields.refuse_others();
}

bool has_offset(std::string_view time) {
  if (time.size() < 20 || (time[10] != 'T' && time[10] != 't')) return false;
  if (time.back() == 'Z' || time.back() == 'z') return true;
  const char sign = time[time.size() - 6];
  return time.size() >= 25 && (sign == '+' || sign == '-') && time[time.size() - 3] == ':';
}

Instant read_time(Fields& fields, const char* name, Trouble& trouble) {
  const std::string text = fields.text(name, kMaxName);
  const auto time = parse_time(text, StoreZone("UTC", {}));
  if (!time || !has_offset(text))
    trouble.add(ErrorCode::bad_time, fields.path(name), "RFC 3339 with an offset is wanted");
  return time ? *time : Instant{};
}

void read_active(Fields& fields, Campaign& campaign, Trouble& trouble) {
  campaign.active_from = read_time(fields, "active_from", trouble);
  campaign.active_until = read_time(fields, "active_until", trouble);
  if (campaign.active_until <= campaign.active_from)
    trouble.add(ErrorCode::out_of_range, fields.path("active_until"), "not after active_from");
}

PosPromotions usual_with_promotions(CampaignKind kind) {
  return kind == CampaignKind::benefit ? PosPromotions::exclusive : PosPromotions::after;
}

PosPromotions read_pos_promotions(Fields& fields, CampaignKind kind, Trouble& trouble) {
  return named(fields, "with_pos_promotions", {PosPromotions::exclusive, PosPromotions::before, PosPromotions::after},
               usual_with_promotions(kind), trouble);
}

// What only a coupon has: a benefit that names one of these is refused.
void read_coupon(Fields& fields, Campaign& campaign, Trouble& trouble) {
  read_reward(fields.object("reward"), campaign.reward, trouble);
  read_validity(fields, campaign, trouble);
  campaign.policy = named(fields, "policy", {Policy::home, Policy::strict}, Policy::home, trouble);
  read_budget(fields.object("budget"), campaign);
  campaign.quota_per_till = fields.integer("quota_per_till", 0, kMaxUnits);
  campaign.on_return = named(fields, "on_return", {OnReturn::withhold, OnReturn::trust}, OnReturn::withhold, trouble);
  if (campaign.kind == CampaignKind::welcome) campaign.person_bound = fields.optional_flag("person_bound");
  if (campaign.kind == CampaignKind::next_visit)
    campaign.nudge_within = fields.optional_integer("nudge_within", 0, kMaxAmount);
}

Campaign read_campaign(Fields fields, Trouble& trouble) {
  Campaign campaign;
  campaign.number = static_cast<std::uint32_t>(fields.integer("number", 1, kMaxNumber));
  fields.need("kind");
  campaign.kind = named(fields, "kind",
                        {CampaignKind::next_visit, CampaignKind::welcome, CampaignKind::pickup, CampaignKind::benefit},
                        CampaignKind::next_visit, trouble);
  read_names(fields.object("name"), campaign);
  campaign.priority = static_cast<int>(fields.optional_integer("priority", -kMaxPriority, kMaxPriority).value_or(0));
  campaign.group = fields.optional_text("group", kMaxName);
  read_conditions(fields.optional_object("conditions"), campaign.conditions, trouble);
  if (campaign.kind == CampaignKind::benefit)
    campaign.benefit = read_benefit(fields.object("benefit"), trouble);
  else
    read_coupon(fields, campaign, trouble);
  campaign.with_pos_promotions = read_pos_promotions(fields, campaign.kind, trouble);
  read_active(fields, campaign, trouble);
  campaign.stopped = fields.optional_flag("stopped");
  fields.refuse_others();
  return campaign;
}

ordered_json write_reward(const Reward& reward) {
  ordered_json out{{"type", name_of(reward.type)}};
  switch (reward.type) {
    case RewardType::amount_off:
      out["amount"] = reward.amount;
      break;
    case RewardType::percent_off:
      out["basis_points"] = reward.basis_points;
      out["cap"] = reward.cap.value_or(0);
      break;
    case RewardType::item:
      out["item"] = reward.item;
      if (reward.worth != 0) out["worth"] = reward.worth;
      break;
  }
  out["min_spend"] = reward.min_spend;
  return out;
}

void write_coupon(ordered_json& out, const Campaign& campaign) {
  out["reward"] = write_reward(campaign.reward);
  out["valid_after_hours"] = campaign.valid_after_hours;
  out["valid_days"] = campaign.valid_days;
  out["policy"] = name_of(campaign.policy);
  out["budget"] = {{"issue", campaign.budget_issue}, {"exposure", campaign.budget_exposure}};
  out["quota_per_till"] = campaign.quota_per_till;
  if (campaign.on_return != OnReturn::withhold) out["on_return"] = name_of(campaign.on_return);
  if (campaign.person_bound) out["person_bound"] = true;
  if (campaign.nudge_within) out["nudge_within"] = *campaign.nudge_within;
}

}  // namespace

Result<Campaign> parse_campaign(std::string_view json) {
  if (json.size() > kMaxDocument) return Error{ErrorCode::out_of_range, "", "at most 256 KiB"};
  const auto document = strict::parse(json);
  if (!document) return document.error();
  Trouble trouble;
  Campaign campaign = read_campaign(Fields(&*document, "", trouble), trouble);
  if (trouble.first) return *trouble.first;
  return campaign;
}

std::string write_campaign(const Campaign& campaign) {
  const StoreZone utc("UTC", {});
  ordered_json out;
  out["number"] = campaign.number;
  out["kind"] = name_of(campaign.kind);
  out["name"] = {{"zh", campaign.name_zh}, {"en", campaign.name_en}};
  out["priority"] = campaign.priority;
  if (!campaign.group.empty()) out["group"] = campaign.group;
  out["conditions"] = write_conditions(campaign.conditions);
  if (campaign.benefit)
    out["benefit"] = write_benefit(*campaign.benefit);
  else
    write_coupon(out, campaign);
  if (campaign.with_pos_promotions != usual_with_promotions(campaign.kind))
    out["with_pos_promotions"] = name_of(campaign.with_pos_promotions);
  out["active_from"] = format_time(campaign.active_from, utc);
  out["active_until"] = format_time(campaign.active_until, utc);
  if (campaign.stopped) out["stopped"] = true;
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace tillside
