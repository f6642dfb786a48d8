#include <algorithm>

#include "agent/domain/campaign_json_parts.h"

namespace tillside::terms {
namespace {

constexpr const char* kWeekdays[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::int64_t kMaxDays = 36'500;

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

std::vector<std::string> read_ids(Fields& fields, const char* name, const char* why, Trouble& trouble) {
  auto ids = fields.texts(name, kMaxList, kMaxText);
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (!is_plain_id(ids[i])) trouble.add(ErrorCode::bad_format, element(fields, name, i), why);
  return ids;
}

void read_joined_days(Fields fields, Conditions& conditions, Trouble& trouble) {
  if (!fields.present()) return;
  const auto day = [&](const char* name) -> std::optional<int> {
    const auto days = fields.optional_integer(name, 0, kMaxDays);
    return days ? std::optional(static_cast<int>(*days)) : std::nullopt;
  };
  conditions.joined_min_days = day("min");
  conditions.joined_max_days = day("max");
  if (!conditions.joined_min_days && !conditions.joined_max_days)
    trouble.add(ErrorCode::missing_field, fields.path("min"), "min or max is wanted");
  if (conditions.joined_max_days && *conditions.joined_max_days < conditions.joined_min_days.value_or(0))
    trouble.add(ErrorCode::out_of_range, fields.path("max"), "below min");
  fields.refuse_others();
}

std::optional<Proof> read_proof(Fields& fields, Trouble& trouble) {
  if (!fields.has("min_proof")) return std::nullopt;
  return named(fields, "min_proof", {Proof::named, Proof::scanned, Proof::paid}, Proof::paid, trouble);
}

std::string clock_text(int minute) {
  const auto two = [](int number) { return std::string(number < 10 ? "0" : "") + std::to_string(number); };
  return two(minute / 60) + ":" + two(minute % 60);
}

}  // namespace

void read_conditions(Fields fields, Conditions& conditions, Trouble& trouble) {
  conditions.min_total = fields.optional_integer("min_total", 0, kMaxAmount);
  conditions.max_total = fields.optional_integer("max_total", 0, kMaxAmount);
  if (conditions.min_total && conditions.max_total && *conditions.max_total < *conditions.min_total)
    trouble.add(ErrorCode::out_of_range, fields.path("max_total"), "below min_total");
  conditions.categories = fields.texts("categories", kMaxList, kMaxText);
  conditions.skus = fields.texts("skus", kMaxList, kMaxText);
  conditions.weekdays = read_weekdays(fields, trouble);
  read_hours(fields.optional_object("hours"), conditions, trouble);
  conditions.stores = read_ids(fields, "stores", "not a store id", trouble);
  conditions.verdicts = read_verdicts(fields, trouble);
  for (const auto tier : fields.integers("tiers", 256, 0, 255)) conditions.tiers.push_back(static_cast<int>(tier));
  read_joined_days(fields.optional_object("joined_days"), conditions, trouble);
  conditions.paid_member = fields.optional_flag("paid_member");
  if (fields.has("birthday"))
    conditions.birthday = named(fields, "birthday", {NearBirthday::day, NearBirthday::week, NearBirthday::month},
                                NearBirthday::day, trouble);
  conditions.first_purchase = fields.optional_flag("first_purchase");
  conditions.guide_required = fields.optional_flag("guide_required");
  conditions.guides = read_ids(fields, "guides", "not a staff id", trouble);
  conditions.min_proof = read_proof(fields, trouble);
  fields.refuse_others();
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
  if (conditions.joined_min_days) out["joined_days"]["min"] = *conditions.joined_min_days;
  if (conditions.joined_max_days) out["joined_days"]["max"] = *conditions.joined_max_days;
  if (conditions.paid_member) out["paid_member"] = true;
  if (conditions.birthday) out["birthday"] = name_of(*conditions.birthday);
  if (conditions.first_purchase) out["first_purchase"] = true;
  if (conditions.guide_required) out["guide_required"] = true;
  write_list(out, "guides", conditions.guides, same);
  if (conditions.min_proof) out["min_proof"] = name_of(*conditions.min_proof);
  return out;
}

}  // namespace tillside::terms
