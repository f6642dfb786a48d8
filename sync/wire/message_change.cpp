#include <algorithm>

#include "sync/wire/message_json.h"

namespace tillside::wire {
namespace {

constexpr const char* kKinds[] = {"campaign",           "staff", "settings", "member_keys", "member",
                                  "members_checkpoint", "quota", "keys",     "yield",       "coupon"};

Json to_json(const std::vector<Staff>& staff) {
  Json list = Json::array();
  for (const auto& one : staff)
    list.push_back(Json{{"staff_id", one.staff_id},
                        {"number", one.number},
                        {"name", one.name},
                        {"role", name_of(one.role)},
                        {"active", one.active},
                        {"badge_token", one.badge_token}});
  return list;
}

void read_role(Fields& fields, StaffRole& role) {
  std::string name;
  fields.text("role", name, 32);
  if (const auto known = staff_role_of(name))
    role = *known;
  else
    fields.fail(ErrorCode::unknown_value, "role");
}

void read_staff(Fields& fields, std::vector<Staff>& staff) {
  if (fields.required("staff") == nullptr) return;
  const Json* list = fields.list("staff");
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->size() && fields.ok(); ++i) {
    Fields item((*list)[i], fields.path_of("staff", i), fields.trouble());
    auto& one = staff.emplace_back();
    item.text("staff_id", one.staff_id, 32);
    item.number("number", one.number);
    item.optional_text("name", one.name);
    read_role(item, one.role);
    item.optional_flag("active", one.active);
    item.optional_text("badge_token", one.badge_token, 64);
  }
}

constexpr std::size_t kLongestKeyPart = 256 << 10;  // 16 generations of 256 tills

std::string hex_of(const std::string& bytes) {
  return to_hex(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

void read_hex(Fields& fields, const char* name, std::string& bytes, std::size_t longest) {
  std::string text;
  fields.text(name, text, longest * 2);
  bytes.resize(text.size() / 2);
  if (fields.ok() && !from_hex(text, reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()))
    fields.fail(ErrorCode::bad_format, name, "not hex digits");
}

void put_checkpoint(Json& json, const MembersCheckpoint& checkpoint) {
  json["snapshot"] = checkpoint.snapshot;
  if (checkpoint.version != 0) json["version"] = checkpoint.version;
  json["rows"] = checkpoint.rows;
  json["bytes"] = checkpoint.bytes;
  json["digest"] = hex(checkpoint.digest);
  json["covered_types"] = checkpoint.covered_types;
  json["scope"] = name_of(checkpoint.scope);
}

void read_scope(Fields& fields, Scope& scope) {
  std::string name;
  fields.text("scope", name, 16);
  for (const auto known : {Scope::store, Scope::chain}) {
    if (name != name_of(known)) continue;
    scope = known;
    return;
  }
  fields.fail(ErrorCode::unknown_value, "scope");
}

void read_checkpoint(Fields& fields, MembersCheckpoint& checkpoint) {
  fields.text("snapshot", checkpoint.snapshot, 128);
  fields.optional_number("version", checkpoint.version);
  fields.number("rows", checkpoint.rows);
  fields.number("bytes", checkpoint.bytes);
  fields.bytes("digest", checkpoint.digest);
  fields.number("covered_types", checkpoint.covered_types);
  read_scope(fields, checkpoint.scope);
}

void read_campaign(Fields& fields, Change& change) {
  fields.number("number", change.campaign, (1u << 24) - 1);
  if (fields.required("terms") == nullptr) return;
  if (const Json* terms = fields.object("terms")) change.campaign_json = dump(*terms);
}

void read_quota(Fields& fields, QuotaGrant& quota) {
  fields.number("campaign", quota.campaign, (1u << 24) - 1);
  fields.bytes("epoch", quota.epoch);
  fields.signed_number("lent", quota.lent, 0, std::numeric_limits<std::int64_t>::max());
  fields.optional_flag("recall", quota.recall);
}

// As coupon_id() writes it.
std::string coupon_of(const YieldWish& wish) {
  CouponBody body;
  body.key = wish.key;
  body.serial = wish.serial;
  return coupon_id(body);
}

void read_yield(Fields& fields, YieldWish& wish) {
  std::array<std::uint8_t, 7> id{};
  fields.bytes("coupon", id);
  const auto* byte = id.data();
  wish.key = KeyId::from_packed(static_cast<std::uint32_t>(byte[0] << 16 | byte[1] << 8 | byte[2]));
  wish.serial = std::uint32_t{byte[3]} << 24 | std::uint32_t{byte[4]} << 16 | std::uint32_t{byte[5]} << 8 | byte[6];
}

// "id" is the coupon's, as it is written everywhere: key id and serial, 14 hex digits.
std::string id_of(const CouponChange& coupon) {
  CouponBody body;
  body.key = coupon.key;
  body.serial = coupon.serial;
  return coupon_id(body);
}

void put_coupon(Json& json, const CouponChange& coupon) {
  json["id"] = id_of(coupon);
  if (coupon.gone) {
    json["gone"] = true;
    return;
  }
  json["body"] = hex(coupon.body);
  if (coupon.person != 0) json["person"] = coupon.person;
  if (coupon.home) json["home"] = Json{{"till", coupon.home->till}, {"generation", coupon.home->generation}};
  if (coupon.typed) json["typed"] = format_typed(*coupon.typed);
}

void read_home(Fields& fields, CouponChange& coupon) {
  const Json* object = fields.object("home");
  if (object == nullptr) return;
  Fields home(*object, fields.path_of("home"), fields.trouble());
  auto& key = coupon.home.emplace();
  home.number("till", key.till, kMaxTillNumber);
  home.number("generation", key.generation, 15);
}

void read_typed_form(Fields& fields, CouponChange& coupon) {
  std::string text;
  fields.optional_text("typed", text, 64);
  if (text.empty()) return;
  if (const auto typed = read_typed(text))
    coupon.typed = *typed;
  else
    fields.fail(ErrorCode::bad_format, "typed");
}

void read_coupon(Fields& fields, CouponChange& coupon) {
  std::array<std::uint8_t, 7> id{};
  fields.bytes("id", id);
  coupon.key =
      KeyId::from_packed((static_cast<std::uint32_t>(id[0]) << 16) | (static_cast<std::uint32_t>(id[1]) << 8) | id[2]);
  for (std::size_t i = 3; i < id.size(); ++i) coupon.serial = (coupon.serial << 8) | id[i];
  fields.optional_flag("gone", coupon.gone);
  if (coupon.gone || !fields.ok()) return;
  fields.bytes("body", coupon.body);
  if (fields.ok() && !std::equal(id.begin(), id.end(), coupon.body.begin() + 1))
    return fields.fail(ErrorCode::bad_format, "body", "of another coupon");
  fields.optional_number("person", coupon.person);
  read_home(fields, coupon);
  read_typed_form(fields, coupon);
}

}  // namespace

const char* name_of(ChangeKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

std::optional<ChangeKind> change_kind_of(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kKinds); ++i)
    if (name == kKinds[i]) return static_cast<ChangeKind>(i);
  return std::nullopt;
}

Json to_json(const Change& change) {
  Json json{{"kind", name_of(change.kind)}};
  switch (change.kind) {
    case ChangeKind::campaign:
      json["number"] = change.campaign;
      json["terms"] = Json::parse(change.campaign_json, nullptr, false);
      if (json["terms"].is_discarded()) json["terms"] = nullptr;
      break;
    case ChangeKind::staff:
      json["staff"] = to_json(change.staff);
      break;
    case ChangeKind::settings:
      json["settings"] = to_json(change.settings);
      if (change.of_store) json["scope"] = "store";
      break;
    case ChangeKind::member_keys:
      json["member_keys"] = to_json(change.member_keys);
      break;
    case ChangeKind::member:
      json["hash"] = hex(change.member.hash);
      json["record"] = hex_of(change.member.record);
      if (change.member.version != 0) json["version"] = change.member.version;
      break;
    case ChangeKind::members_checkpoint:
      put_checkpoint(json, change.checkpoint);
      break;
    case ChangeKind::quota:
      json["campaign"] = change.quota.campaign;
      json["epoch"] = hex(change.quota.epoch);
      json["lent"] = change.quota.lent;
      if (change.quota.recall) json["recall"] = true;
      break;
    case ChangeKind::keys:
      json["part"] = change.keys.part;
      json["document"] = hex_of(change.keys.document);
      break;
    case ChangeKind::yield:
      json["coupon"] = coupon_of(change.yield);
      break;
    case ChangeKind::coupon:
      put_coupon(json, change.coupon);
      break;
  }
  return json;
}

void read_fields(Fields& fields, Change& change) {
  std::string name;
  fields.text("kind", name, 64);
  const auto kind = change_kind_of(name);
  if (!kind) return fields.fail(ErrorCode::unknown_value, "kind");
  change.kind = *kind;
  switch (*kind) {
    case ChangeKind::campaign:
      return read_campaign(fields, change);
    case ChangeKind::staff:
      return read_staff(fields, change.staff);
    case ChangeKind::settings: {
      std::string scope;
      fields.optional_text("scope", scope, 16);
      change.of_store = scope == "store";
      return read_nested(fields, "settings", change.settings);
    }
    case ChangeKind::member_keys:
      return read_generation_keys(fields, "member_keys", change.member_keys);
    case ChangeKind::member:
      fields.bytes("hash", change.member.hash);
      fields.optional_number("version", change.member.version);
      return read_hex(fields, "record", change.member.record, 255);
    case ChangeKind::members_checkpoint:
      return read_checkpoint(fields, change.checkpoint);
    case ChangeKind::quota:
      return read_quota(fields, change.quota);
    case ChangeKind::keys:
      fields.number("part", change.keys.part);
      return read_hex(fields, "document", change.keys.document, kLongestKeyPart);
    case ChangeKind::yield:
      return read_yield(fields, change.yield);
    case ChangeKind::coupon:
      return read_coupon(fields, change.coupon);
  }
}

std::string write(const Change& change) { return dump(to_json(change)); }

Result<Change> read_change(std::string_view json) {
  return read_document<Change>(json, [](Fields& fields, Change& change) { read_fields(fields, change); });
}

Json to_json(const Settings& settings) {
  Json other = Json::object();
  for (const auto& [name, value] : settings.other) other[name] = value;
  return Json{{"event_retention_days", settings.event_retention_days},
              {"public_host", settings.public_host},
              {"other", std::move(other)}};
}

void read_fields(Fields& fields, Settings& settings) {
  fields.optional_number("event_retention_days", settings.event_retention_days, 3650);
  fields.optional_text("public_host", settings.public_host, 253);
  const Json* other = fields.object("other");
  if (other == nullptr) return;
  for (const auto& [name, value] : other->items())
    if (value.is_string()) settings.other[name] = value.get_ref<const std::string&>();
}

std::string write(const Settings& settings) { return dump(to_json(settings)); }

Result<Settings> read_settings(std::string_view json) {
  return read_document<Settings>(json, [](Fields& fields, Settings& settings) { read_fields(fields, settings); });
}

}  // namespace tillside::wire
