#include "sync/wire/message_json.h"

namespace tillside::wire {
namespace {

constexpr const char* kKinds[] = {"campaign",           "staff", "settings", "member_keys", "member",
                                  "members_checkpoint", "quota", "keys",     "yield"};

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
    case ChangeKind::settings:
      return read_nested(fields, "settings", change.settings);
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
