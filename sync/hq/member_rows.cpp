#include "sync/hq/member_rows.h"

#include <charconv>

#include "sync/hq/hq_keys.h"

namespace tillside::hq {
namespace {

constexpr std::pair<IdType, const char*> kIdColumns[] = {{IdType::phone, "phone"},
                                                         {IdType::card, "card"},
                                                         {IdType::unionid, "unionid"},
                                                         {IdType::openid, "openid"},
                                                         {IdType::external_userid, "external_userid"}};
constexpr std::size_t kMostStores = 15;

Error bad(const char* column, const char* why) { return {ErrorCode::bad_format, column, why}; }

Status read_stores(std::string_view list, const MemberRules& rules, MemberRecord& record) {
  while (!list.empty()) {
    const auto end = std::min(list.find(';'), list.size());
    const auto at = rules.stores.find(std::string(list.substr(0, end)));
    if (at == rules.stores.end()) return bad("stores", "no such store");
    record.stores.push_back(at->second);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  if (record.stores.size() > kMostStores) return bad("stores", "more than 15");
  return {};
}

Status read_friend(std::string_view text, const MemberRules& rules, MemberRecord& record) {
  if (text.empty()) return {};
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return bad("friend_of", "store:staff is wanted");
  const std::string store(text.substr(0, colon)), staff(text.substr(colon + 1));
  const auto number = rules.stores.find(store);
  const auto roster = rules.staff.find(store);
  if (number == rules.stores.end() || roster == rules.staff.end()) return bad("friend_of", "no such store or staff");
  const auto guide = roster->second.find(staff);
  if (guide == roster->second.end()) return bad("friend_of", "no such staff");
  record.friend_of = StaffRef{number->second, guide->second};
  return {};
}

Status read_rest(const CsvHead& head, const CsvReader::Row& row, MemberRecord& record) {
  if (const auto tier = head.get(row, "tier"); !tier.empty()) {
    const auto [end, error] = std::from_chars(tier.data(), tier.data() + tier.size(), record.tier);
    if (error != std::errc() || end != tier.data() + tier.size()) return bad("tier", "0 to 255");
  }
  if (const auto paid = head.get(row, "paid_until"); !paid.empty()) {
    auto date = parse_date(paid);
    if (!date) return bad("paid_until", "a date is wanted");
    record.paid_until = *date;
  }
  if (const auto joined = head.get(row, "first_joined"); !joined.empty()) {
    auto at = parse_time(joined, StoreZone());
    if (!at) return bad("first_joined", "a time is wanted");
    record.first_joined = Instant{at->ms - at->ms % kMinute};
  }
  if (const auto birthday = head.get(row, "birthday"); !birthday.empty()) {
    auto day = parse_month_day(birthday);
    if (!day) return bad("birthday", "MM-DD is wanted");
    record.birthday = *day;
  }
  if (const auto bought = head.get(row, "bought"); !bought.empty()) {
    if (bought != "0" && bought != "1") return bad("bought", "0 or 1 is wanted");
    record.bought = bought == "1";
  }
  return {};
}

PersonKey person_of(const MemberRules& rules, std::string_view member_id) {
  const auto hash = keyed_hash(rules.key, "tillside/member-id/" + std::string(member_id));
  PersonKey person{};
  std::copy_n(hash.begin(), person.size(), person.begin());
  return person;
}

std::uint32_t tag_of(const PersonKey& person) {
  std::uint32_t tag = 0;
  for (std::size_t i = 0; i < 4; ++i) tag = (tag << 8) | person[i];
  return tag == 0 ? 1 : tag;
}

}  // namespace

Result<MemberRow> read_member_row(const CsvHead& head, const CsvReader::Row& row, const MemberRules& rules) {
  MemberRow out;
  for (const auto& [type, column] : kIdColumns) {
    const auto raw = head.get(row, column);
    if (raw.empty()) continue;
    auto text = normalise(type, raw, rules.calling_code);
    if (!text) return bad(column, "not a valid identifier");
    out.ids.emplace_back(type, hash_identifier(rules.key, type, *text));
  }
  const auto member_id = head.get(row, "member_id");
  if (member_id.size() > 128) return bad("member_id", "longer than 128 bytes");
  if (member_id.empty() && out.ids.empty()) return bad("member_id", "neither a member id nor an identifier");
  out.person = member_id.empty() ? out.ids.front().second : person_of(rules, member_id);
  MemberRecord record;
  record.person = tag_of(out.person);
  if (auto status = read_stores(head.get(row, "stores"), rules, record); !status.ok()) return status.error();
  if (auto status = read_friend(head.get(row, "friend_of"), rules, record); !status.ok()) return status.error();
  if (auto status = read_rest(head, row, record); !status.ok()) return status.error();
  out.record = encode_member(record);
  return out;
}

}  // namespace tillside::hq
