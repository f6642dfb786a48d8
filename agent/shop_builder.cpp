#include "agent/shop_builder.h"

#include "agent/log.h"
#include "agent/platform/zones.h"

namespace tillside {
namespace {

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
  if (const std::string host = downlink.settings().public_host; !host.empty()) shop.host = host;
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
