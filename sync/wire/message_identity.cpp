#include "sync/wire/message_json.h"

namespace tillside::wire {

Json to_json(const ContactValue& value) { return Json{{"counter", value.counter}, {"random", hex(value.random)}}; }

void read_fields(Fields& fields, ContactValue& value) {
  fields.number("counter", value.counter);
  fields.bytes("random", value.random);
}

Json to_json(const std::vector<GenerationKey>& keys) {
  Json list = Json::array();
  for (const auto& key : keys) list.push_back(Json{{"generation", key.generation}, {"key", hex(key.key)}});
  return list;
}

void read_generation_keys(Fields& fields, const char* name, std::vector<GenerationKey>& keys) {
  if (fields.required(name) == nullptr) return;
  const Json* list = fields.list(name);
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->size() && fields.ok(); ++i) {
    Fields item((*list)[i], fields.path_of(name, i), fields.trouble());
    auto& key = keys.emplace_back();
    item.number("generation", key.generation);
    item.bytes("key", key.key);
  }
}

Json to_json(const Identity& identity) {
  Json json{
      {"till", identity.till},
      {"store_id", identity.store_id},
      {"store_number", identity.store_number},
      {"store_name", identity.store_name},
      {"zone", identity.zone},
      {"currency", identity.currency},
      {"country_calling_code", identity.country_calling_code},
      {"public_host", identity.public_host},
      {"chain", hex(identity.chain)},
      {"hq_key", hex(identity.hq_key)},
      {"member_keys", to_json(identity.member_keys)},
      {"referral_key", hex(identity.referral_key)},
      {"typed_key", hex(identity.typed_key)},
      {"epoch", hex(identity.epoch)},
      {"key_generation", identity.key_generation},
      {"hq_incarnation", hex(identity.hq_incarnation)},
      {"public_key", hex(identity.public_key)},
      {"certificate", identity.certificate},
  };
  if (!identity.earlier_typed_keys.empty()) json["earlier_typed_keys"] = to_json(identity.earlier_typed_keys);
  for (const auto& key : identity.earlier_hq_keys) json["earlier_hq_keys"].push_back(Json{{"key", hex(key)}});
  return json;
}

void read_fields(Fields& fields, Identity& identity) {
  fields.number("till", identity.till, kMaxTillNumber);
  fields.text("store_id", identity.store_id, 32);
  fields.number("store_number", identity.store_number, kMaxStoreNumber);
  fields.optional_text("store_name", identity.store_name);
  fields.text("zone", identity.zone, 64);
  fields.text("currency", identity.currency, 3);
  fields.text("country_calling_code", identity.country_calling_code, 3);
  fields.text("public_host", identity.public_host, 253);
  fields.bytes("chain", identity.chain);
  fields.bytes("hq_key", identity.hq_key);
  read_generation_keys(fields, "member_keys", identity.member_keys);
  fields.bytes("referral_key", identity.referral_key);
  fields.bytes("typed_key", identity.typed_key);
  if (fields.list("earlier_typed_keys") != nullptr)
    read_generation_keys(fields, "earlier_typed_keys", identity.earlier_typed_keys);
  fields.bytes("epoch", identity.epoch);
  fields.number("key_generation", identity.key_generation, 15);
  fields.bytes("hq_incarnation", identity.hq_incarnation);
  fields.optional_bytes("public_key", identity.public_key);
  fields.optional_text("certificate", identity.certificate, 8192);
  read_optional_list(fields, "earlier_hq_keys", identity.earlier_hq_keys,
                     [](Fields& item, VerifyingKey& key) { item.bytes("key", key); });
}

std::string write(const Identity& identity) { return dump(to_json(identity)); }

Result<Identity> read_identity(std::string_view json) {
  return read_document<Identity>(json, [](Fields& fields, Identity& identity) { read_fields(fields, identity); });
}

}  // namespace tillside::wire
