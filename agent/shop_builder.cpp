#include "agent/shop_builder.h"

#include <charconv>

#include "agent/platform/log.h"
#include "agent/platform/zones.h"

namespace tillside {
namespace {

constexpr std::string_view kManualKey = "manual_key.";

void take_identity(Shop& shop, const wire::Identity& identity) {
  shop.enrolled = true;
  shop.store_id = identity.store_id;
  shop.store_name = identity.store_name;
  shop.store_number = identity.store_number;
  shop.key = {identity.till, identity.key_generation};
  shop.country_calling_code = identity.country_calling_code;
  shop.host = identity.public_host;
  shop.chain = identity.chain;
  for (const wire::GenerationKey& key : identity.member_keys) shop.member_keys.push_back(key.key);
  shop.referral_key = identity.referral_key;
  shop.typed_key = identity.typed_key;
  for (const wire::GenerationKey& one : identity.earlier_typed_keys)
    if (one.generation < 16) shop.earlier_keys.push_back({one.generation, one.key});
  if (auto currency = currency_of(identity.currency)) {
    shop.currency = *currency;
  } else {
    log::warn("agent", "unknown currency of the store", {{"currency", identity.currency}});
  }
  if (auto zone = load_zone(identity.zone)) {
    shop.zone = std::move(*zone);
  } else {
    log::warn("agent", "unknown zone of the store", {{"zone", identity.zone}});
  }
}

// What headquarters sets beside what every version of the settings knows; what it leaves out keeps its default.
void take_limit(const wire::Settings& settings, const char* name, std::int64_t& limit) {
  const auto found = settings.other.find(name);
  if (found == settings.other.end()) return;
  const std::string& text = found->second;
  std::int64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec == std::errc() && read.ptr == text.data() + text.size() && value >= 0) limit = value;
}

}  // namespace

Shop build_shop(const Config& config, store::StoreContact& contact, store::StoreDownlink& downlink,
                store::KeyFile& keys) {
  Shop shop;
  shop.restarting_lanes = config.restarting_lanes;
  const auto identity = contact.identity();
  if (!identity) return shop;
  take_identity(shop, *identity);
  shop.campaigns = downlink.campaigns();
  shop.roster = downlink.roster();
  shop.keys = downlink.keys();
  const wire::Settings settings = downlink.settings();
  if (!settings.public_host.empty()) shop.host = settings.public_host;
  take_limit(settings, "redeem_cap_count", shop.redeem_limits.cap_count);
  take_limit(settings, "redeem_cap_value", shop.redeem_limits.cap_value);
  take_limit(settings, "redeem_ask_above", shop.redeem_limits.ask_above);
  for (const auto& [name, words] : settings.other)
    if (name.starts_with(kManualKey)) shop.manual_keys[name.substr(kManualKey.size())] = words;
  for (const auto& [code, words] : config.manual_keys) shop.manual_keys[code] = words;
  if (auto pair = keys.current()) {
    shop.signing_key = pair->secret_key;
    // Between the two durable steps of a fence the key is still the old one: nothing is signed with it.
    const bool named = identity->public_key == VerifyingKey{} || identity->public_key == pair->public_key;
    shop.may_issue = contact.may_issue() && named;
  } else {
    log::error("agent", "the till's key cannot be read: no coupons until it can", {{"why", pair.error().detail}});
  }
  return shop;
}

}  // namespace tillside
