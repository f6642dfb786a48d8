#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/domain/campaign.h"
#include "agent/domain/coupon.h"
#include "agent/domain/strict_json.h"

namespace tillside {
namespace {

using nlohmann::ordered_json;
using strict::Fields;
using strict::Trouble;

constexpr std::int64_t kMaxNumber = (1 << 24) - 1, kMaxUnits = 1'000'000'000, kMaxPriority = 1'000'000;
constexpr std::size_t kMaxDocument = 256 * 1024, kMaxName = 60, kMaxList = 1000;
constexpr const char* kWeekdays[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

void refuse_value(Trouble& trouble, const std::string& field, const std::string& value) {
  trouble.add(ErrorCode::unknown_value, field, "\"" + value + "\" is not one of the list");
}

// The member of a closed list that bears this name.
template <class E>
E named(Fields& fields, const char* name, std::initializer_list<E> members, E otherwise, Trouble& trouble) {
  if (fields.has(name)) {
    const std::string text = fields.text(name, kMaxName);
    for (const E member : members)
      if (text == name_of(member)) return member;
    refuse_value(trouble, fields.path(name), text);
  }
  return otherwise;
}

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

// "09:05" as minutes; "24:00" is the end of the day.
std::optional<int> minute_of(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 99; };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const int hour = digit(0) * 10 + digit(1), minute = digit(3) * 10 + digit(4);
  if (hour > 24 || minute > 59 || (hour == 24 && minute != 0)) return std::nullopt;
  return hour * 60 + minute;
}

int needed_minute(Fields& fields, const char* name, Trouble& trouble) {
  const auto minute = minute_of(fields.text(name, kMaxName));
  if (!minute) trouble.add(ErrorCode::bad_time, fields.path(name), "\"HH:MM\" is wanted");
  return minute.value_or(0);
}

void read_hours(Fields fields, Conditions& conditions, Trouble& trouble) {
  if (!fields.present()) return;
  conditions.from_minute = needed_minute(fields, "from", trouble);
  conditions.to_minute = needed_minute(fields, "to", trouble);
  if (conditions.from_minute == conditions.to_minute)
    trouble.add(ErrorCode::out_of_range, fields.path("to"), "from and to are the same");
  fields.refuse_others();
}

std::string element(Fields& fields, const char* name, std::size_t index) {
  return fields.path(name) + "[" + std::to_string(index) + "]";
}

std::vector<int> read_weekdays(Fields& fields, Trouble& trouble) {
  const auto names = fields.texts("weekdays", 7, kMaxName);
  std::vector<int> weekdays;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto at = std::find(std::begin(kWeekdays), std::end(kWeekdays), names[i]);
    if (at == std::end(kWeekdays))
      refuse_value(trouble, element(fields, "weekdays", i), names[i]);
    else
      weekdays.push_back(static_cast<int>(at - std::begin(kWeekdays)));
  }
  return weekdays;
}

std::vector<VerdictStatus> read_verdicts(Fields& fields, Trouble& trouble) {
  const auto names = fields.texts("verdicts", 4, kMaxName);
  std::vector<VerdictStatus> verdicts;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto status = verdict_status_of(names[i]);
    if (!status)
      refuse_value(trouble, element(fields, "verdicts", i), names[i]);
    else
      verdicts.push_back(*status);
  }
  return verdicts;
}

std::vector<std::string> read_stores(Fields& fields, Trouble& trouble) {
  auto stores = fields.texts("stores", kMaxList, kMaxText);
  for (std::size_t i = 0; i < stores.size(); ++i)
    if (!is_plain_id(stores[i])) trouble.add(ErrorCode::bad_format, element(fields, "stores", i), "not a store id");
  return stores;
}

std::optional<Proof> read_proof(Fields& fields, Trouble& trouble) {
  if (!fields.has("min_proof")) return std::nullopt;
  return named(fields, "min_proof", {Proof::named, Proof::scanned, Proof::paid}, Proof::paid, trouble);
}

void read_conditions(Fields fields, Conditions& conditions, Trouble& trouble) {
  conditions.min_total = fields.optional_integer("min_total", 0, kMaxAmount);
  conditions.max_total = fields.optional_integer("max_total", 0, kMaxAmount);
  if (conditions.min_total && conditions.max_total && *conditions.max_total < *conditions.min_total)
    trouble.add(ErrorCode::out_of_range, fields.path("max_total"), "below min_total");
  conditions.categories = fields.texts("categories", kMaxList, kMaxText);
  conditions.skus = fields.texts("skus", kMaxList, kMaxText);
  conditions.weekdays = read_weekdays(fields, trouble);
  read_hours(fields.optional_object("hours"), conditions, trouble);
  conditions.stores = read_stores(fields, trouble);
  conditions.verdicts = read_verdicts(fields, trouble);
  for (const auto tier : fields.integers("tiers", 256, 0, 255)) conditions.tiers.push_back(static_cast<int>(tier));
  conditions.guide_required = fields.optional_flag("guide_required");
  conditions.min_proof = read_proof(fields, trouble);
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
  read_reward(fields.object("reward"), campaign.reward, trouble);
  read_validity(fields, campaign, trouble);
  campaign.policy = named(fields, "policy", {Policy::home, Policy::strict}, Policy::home, trouble);
  read_budget(fields.object("budget"), campaign);
  campaign.quota_per_till = fields.integer("quota_per_till", 0, kMaxUnits);
  read_active(fields, campaign, trouble);
  campaign.stopped = fields.optional_flag("stopped");
  fields.refuse_others();
  return campaign;
}

std::string clock_text(int minute) {
  const auto two = [](int number) { return std::string(number < 10 ? "0" : "") + std::to_string(number); };
  return two(minute / 60) + ":" + two(minute % 60);
}

template <class T, class Write>
void write_list(ordered_json& out, const char* name, const std::vector<T>& values, Write write) {
  if (values.empty()) return;
  for (const T& value : values) out[name].push_back(write(value));
}

ordered_json write_conditions(const Conditions& conditions) {
  ordered_json out = ordered_json::object();
  const auto same = [](const auto& value) { return value; };
  if (conditions.min_total) out["min_total"] = *conditions.min_total;
  if (conditions.max_total) out["max_total"] = *conditions.max_total;
  write_list(out, "categories", conditions.categories, same);
  write_list(out, "skus", conditions.skus, same);
  write_list(out, "weekdays", conditions.weekdays, [](int day) { return kWeekdays[day % 7]; });
  if (conditions.from_minute && conditions.to_minute)
    out["hours"] = {{"from", clock_text(*conditions.from_minute)}, {"to", clock_text(*conditions.to_minute)}};
  write_list(out, "stores", conditions.stores, same);
  write_list(out, "verdicts", conditions.verdicts, [](VerdictStatus status) { return name_of(status); });
  write_list(out, "tiers", conditions.tiers, same);
  if (conditions.guide_required) out["guide_required"] = true;
  if (conditions.min_proof) out["min_proof"] = name_of(*conditions.min_proof);
  return out;
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
  out["reward"] = write_reward(campaign.reward);
  out["valid_after_hours"] = campaign.valid_after_hours;
  out["valid_days"] = campaign.valid_days;
  out["policy"] = name_of(campaign.policy);
  out["budget"] = {{"issue", campaign.budget_issue}, {"exposure", campaign.budget_exposure}};
  out["quota_per_till"] = campaign.quota_per_till;
  out["active_from"] = format_time(campaign.active_from, utc);
  out["active_until"] = format_time(campaign.active_until, utc);
  if (campaign.stopped) out["stopped"] = true;
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace tillside
