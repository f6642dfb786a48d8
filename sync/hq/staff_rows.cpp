#include "sync/hq/staff_rows.h"

#include <charconv>
#include <set>

#include "sync/hq/csv.h"

namespace tillside::hq {
namespace {

constexpr std::int64_t kBadgeLife = 730 * kDay;

bool take_number(std::string_view text, StaffNumber& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && out > 0;
}

std::string wrong_with(const Staff& staff, std::string_view store, bool numbered, bool role_known) {
  if (!is_plain_id(store)) return "store_id";
  if (!is_plain_id(staff.staff_id)) return "staff_id";
  if (!numbered) return "staff_number: 1 to 65535";
  if (staff.name.empty() || staff.name.size() > 64) return "name";
  if (!role_known) return "role: guide, cashier or manager";
  return {};
}

}  // namespace

StaffRows read_staff_csv(std::string_view csv) {
  StaffRows out;
  CsvHead head;
  bool headed = false;
  std::map<std::string, std::pair<std::set<std::string>, std::set<StaffNumber>>> seen;
  CsvReader reader([&](const CsvReader::Row& row) {
    if (!headed) {
      head = CsvHead(row.fields);
      headed = true;
      return;
    }
    Staff staff;
    const std::string store(head.get(row, "store_id"));
    staff.staff_id = head.get(row, "staff_id");
    staff.name = head.get(row, "name");
    const bool numbered = take_number(head.get(row, "staff_number"), staff.number);
    const auto role = staff_role_of(head.get(row, "role"));
    staff.role = role.value_or(StaffRole::guide);
    const auto active = head.get(row, "active");
    staff.active = active.empty() || active == "true" || active == "1" || active == "yes";
    auto wrong = wrong_with(staff, store, numbered, role.has_value());
    auto& [ids, numbers] = seen[store];
    if (wrong.empty() && !ids.insert(staff.staff_id).second) wrong = "staff_id: twice in this file";
    if (wrong.empty() && !numbers.insert(staff.number).second) wrong = "staff_number: twice in this file";
    if (wrong.empty())
      out.by_store[store].push_back(std::move(staff));
    else
      out.bad.push_back({row.line, std::move(wrong)});
  });
  reader.feed(csv);
  reader.finish();
  if (!head.has("store_id") || !head.has("staff_id") || !head.has("staff_number"))
    return {{}, {{1, "the head line must name store_id, staff_id, staff_number, name, role"}}};
  return out;
}

std::string badge_token(const HqKeys& keys, StoreNumber store, StaffNumber staff, Instant now) {
  return encode_referral({1, false, store, staff, code_minutes(now.plus_ms(kBadgeLife)), 0}, keys.badge_key(store));
}

}  // namespace tillside::hq
