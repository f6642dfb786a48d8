#include <algorithm>
#include <charconv>
#include <set>

#include "agent/domain/time.h"
#include "agent/platform/log.h"
#include "sync/hq/admin_api.h"
#include "sync/hq/csv.h"
#include "sync/http/guard.h"

namespace tillside::hq {
namespace {

constexpr std::size_t kLongestOrder = 64, kMostListed = 1000;

struct Ordered {
  OwnOrder order;
  std::vector<BadRow> bad;
};

Result<std::uint32_t> whole(const Json& json, const char* name, std::uint32_t most, std::uint32_t fallback) {
  const auto at = json.find(name);
  if (at == json.end() || at->is_null()) return fallback;
  if (!at->is_number_unsigned() || *at > most)
    return Error{ErrorCode::out_of_range, name, "0 to " + std::to_string(most)};
  return at->get<std::uint32_t>();
}

Result<std::uint32_t> whole(std::string_view text, const char* name, std::uint32_t fallback) {
  if (text.empty()) return fallback;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    return Error{ErrorCode::out_of_range, name, "a number is wanted"};
  return number;
}

Status check_order(OwnOrder& order) {
  if (order.campaign == 0) return Error{ErrorCode::missing_field, "campaign", ""};
  if (order.store_id.empty()) return Error{ErrorCode::missing_field, "store_id", ""};
  if (order.order_id.empty()) order.order_id = to_hex(random_bytes<8>());
  if (order.order_id.size() > kLongestOrder) return Error{ErrorCode::out_of_range, "order", "1 to 64 characters"};
  return {};
}

Result<OwnOrder> read_order(const Json& json) {
  OwnOrder order;
  auto store = text_field(json, "store_id", "", 32), name = text_field(json, "order", "", kLongestOrder);
  auto campaign = whole(json, "campaign", 0xFF'FFFF, 0), count = whole(json, "count", Ledger::kMostInOrder, 0);
  auto limit = whole(json, "limit", 0xFFFF'FFFF, 0);
  for (const auto* text : {&store, &name})
    if (!*text) return text->error();
  for (const auto* number : {&campaign, &count, &limit})
    if (!*number) return number->error();
  order.store_id = *store;
  order.order_id = *name;
  order.campaign = *campaign;
  order.count = *count;
  if (*limit > 0) order.limit = *limit;
  if (order.count == 0) return Error{ErrorCode::out_of_range, "count", "1 to 5000"};
  if (auto status = check_order(order); !status.ok()) return status.error();
  return order;
}

Json to_json(const MadeCoupon& made) {
  const auto& coupon = made.coupon;
  return {{"id", made.id},
          {"campaign", coupon.body.campaign},
          {"store_id", coupon.store_id},
          {"serial", coupon.body.serial},
          {"url", made.url},
          {"typed", made.typed},
          {"digits", made.digits},
          {"valid_until", made.valid_until},
          {"personal", coupon.body.person != 0},
          {"home_till", coupon.home ? Json(coupon.home->till) : Json()}};
}

http::Response made_answer(const std::string& order, const std::vector<MadeCoupon>& made,
                           const std::vector<BadRow>& bad, unsigned status) {
  Json list = Json::array(), not_taken = Json::array();
  for (const auto& one : made) list.push_back(to_json(one));
  for (const auto& row : bad) not_taken.push_back({{"line", row.line}, {"reason", row.reason}});
  return answer(
      {{"order", order}, {"count", made.size()}, {"coupons", std::move(list)}, {"bad_rows", std::move(not_taken)}},
      status);
}

std::optional<std::pair<KeyId, std::uint32_t>> read_id(const std::string& text) {
  std::array<std::uint8_t, 7> id{};
  if (!from_hex(text, id)) return std::nullopt;
  std::uint32_t key = 0, serial = 0;
  for (std::size_t i = 0; i < 3; ++i) key = (key << 8) | id[i];
  for (std::size_t i = 3; i < 7; ++i) serial = (serial << 8) | id[i];
  return std::pair{KeyId::from_packed(key), serial};
}

Error another_store() { return {ErrorCode::refused, "store_id", "this token is another store's"}; }

}  // namespace

// The one a members file would name by this row; nullopt: no member.
std::optional<MemberRow> AdminApi::known_member(const MemberRow& row) {
  if (auto held = parts_.ledger.member(row.person)) return held;
  for (const auto& [type, hash] : row.ids)
    if (const auto person = parts_.ledger.person_with(hash))
      if (auto held = parts_.ledger.member(*person)) return held;
  return std::nullopt;
}

AdminApi::Answer AdminApi::make_coupons(const http::Request& request, const std::string& only_store) {
  if (http::content_type_is(request.header("Content-Type"), "text/csv")) return make_for_members(request, only_store);
  auto json = body_object(request);
  if (!json) return json.error();
  auto order = read_order(*json);
  if (!order) return order.error();
  if (!only_store.empty() && order->store_id != only_store) return another_store();
  auto made = parts_.issuing.make(*order);
  if (!made) return made.error();
  log::info("coupons", "made",
            {{"campaign", std::to_string(order->campaign)}, {"count", std::to_string(made->size())}});
  return made_answer(order->order_id, *made, {}, 201);
}

// A file as for the import of members: who is not known, or named twice, gets none and is told by line.
AdminApi::Answer AdminApi::make_for_members(const http::Request& request, const std::string& only_store) {
  OwnOrder order;
  auto campaign = whole(request.query_value_or("campaign", ""), "campaign", 0);
  auto limit = whole(request.query_value_or("limit", ""), "limit", 0);
  for (const auto* number : {&campaign, &limit})
    if (!*number) return number->error();
  order.campaign = *campaign;
  if (*limit > 0) order.limit = *limit;
  order.store_id = request.query_value_or("store", "");
  order.order_id = request.query_value_or("order", "");
  if (auto status = check_order(order); !status.ok()) return status.error();
  if (!only_store.empty() && order.store_id != only_store) return another_store();
  const auto rules = member_rules();
  std::vector<BadRow> bad;
  std::optional<CsvHead> head;
  std::set<PersonKey> seen;
  CsvReader reader([&](const CsvReader::Row& row) {
    if (!head) {
      head.emplace(row.fields);
      return;
    }
    const auto refuse = [&](std::string why) {
      if (bad.size() < kMostListed) bad.push_back({row.line, std::move(why)});
    };
    const auto named = read_member_row(*head, row, rules);
    if (!named) return refuse(named.error().field + ": " + named.error().detail);
    const auto member = known_member(*named);
    if (!member) return refuse("member_id: no such member");
    if (!seen.insert(member->person).second) return refuse("member_id: twice in this file");
    order.persons.push_back(member->person);
  });
  reader.feed(request.body);
  reader.finish();
  if (order.persons.empty()) {
    if (bad.empty()) return Error{ErrorCode::missing_field, "members", "nobody is named"};
    return made_answer(order.order_id, {}, bad, 200);
  }
  auto made = parts_.issuing.make(order);
  if (!made) return made.error();
  return made_answer(order.order_id, *made, bad, 201);
}

AdminApi::Answer AdminApi::list_made(const http::Request& request, const std::string& only_store) {
  const auto order = request.query_value_or("order", "");
  const auto made = parts_.issuing.made(order);
  if (made.empty()) return Error{ErrorCode::not_found, "order", "no such order"};
  if (!only_store.empty() && made.front().coupon.store_id != only_store) return another_store();
  return made_answer(order, made, {}, 200);
}

AdminApi::Answer AdminApi::revoke_coupon(const std::string& id) {
  const auto coupon = read_id(id);
  if (!coupon) return Error{ErrorCode::not_found, "id", "no such coupon"};
  if (auto status = parts_.ledger.revoke_own(coupon->first, coupon->second); !status.ok()) return status.error();
  log::warn("coupons", "one was revoked", {{"coupon", id}});
  return answer({{"id", id}, {"revoked", true}});
}

// Somebody joined the group of a store: she becomes a member there, and is welcomed when it is her first group ever.
AdminApi::Answer AdminApi::take_joined(const http::Request& request) {
  auto json = body_object(request);
  if (!json) return json.error();
  auto store_id = text_field(*json, "store_id", "", 32), at_text = text_field(*json, "at", "", 40);
  for (const auto* text : {&store_id, &at_text})
    if (!*text) return text->error();
  const auto now = parts_.clock.now();
  auto at = at_text->empty() ? Result<Instant>(now) : parse_time(*at_text, StoreZone());
  if (!at) return Error{ErrorCode::bad_time, "at", "a time is wanted"};
  if (*at > now.plus_ms(10 * kMinute)) return Error{ErrorCode::out_of_range, "at", "in the future"};
  const auto rules = member_rules();
  const auto store = rules.stores.find(*store_id);
  if (store == rules.stores.end()) return Error{ErrorCode::not_found, "store_id", "no such store"};
  CsvReader::Row row;
  std::vector<std::string> names;
  for (const char* name : {"member_id", "phone", "card", "unionid", "openid", "external_userid"}) {
    auto text = text_field(*json, name, "", 128);
    if (!text) return text.error();
    names.emplace_back(name);
    row.fields.push_back(*text);
  }
  auto named = read_member_row(CsvHead(names), row, rules);
  if (!named) return named.error();
  return join(*named, {*store_id, store->second, *at});
}

AdminApi::Answer AdminApi::join(const MemberRow& named, const Joining& what) {
  const std::lock_guard lock(joining_mutex_);
  const auto held = known_member(named);
  MemberRow row = held.value_or(named);
  auto record = decode_member(row.record);
  if (!record) return Error{ErrorCode::internal, "", "her record cannot be read"};
  for (const auto& id : named.ids)
    if (std::find(row.ids.begin(), row.ids.end(), id) == row.ids.end()) row.ids.push_back(id);
  JoinFact fact{row.person, {}, {what.store_id}, what.at, false};
  for (const auto& [type, hash] : row.ids) fact.ids.push_back(hash);
  auto welcomed = parts_.issuing.take_joins({&fact, 1});
  if (!welcomed) return welcomed.error();
  const Instant minute{what.at.ms - what.at.ms % kMinute};
  const bool was_in_none = record->stores.empty();
  if (!record->first_joined && was_in_none) record->first_joined = minute;
  if (record->first_joined) record->first_joined = std::min(*record->first_joined, minute);
  if (std::find(record->stores.begin(), record->stores.end(), what.store) == record->stores.end() &&
      record->stores.size() < 15)
    record->stores.push_back(what.store);
  row.record = encode_member(*record);
  if (auto merged = parts_.ledger.merge_members({&row, 1}); !merged) return merged.error();
  std::vector<MemberIdRow> ids;
  ids.reserve(row.ids.size());
  for (const auto& [type, hash] : row.ids) ids.push_back({hash, row.person, row.record, false});
  std::sort(ids.begin(), ids.end(), [](const MemberIdRow& a, const MemberIdRow& b) { return a.hash < b.hash; });
  if (auto changed = parts_.ledger.merge_member_ids(ids); !changed) return changed.error();
  if (auto status = publish_unfinished(parts_.ledger, parts_.snapshots); !status.ok()) return status.error();
  return answer({{"store_id", what.store_id}, {"new_member", !held}, {"welcomed", *welcomed > 0}}, held ? 200 : 201);
}

}  // namespace tillside::hq
