#include "sync/hq/issuing_desk.h"

#include <algorithm>

#include "agent/platform/log.h"
#include "agent/platform/zones.h"

namespace tillside::hq {

std::vector<JoinFact> joins_of(std::span<const MemberRow> rows, const std::map<std::string, StoreNumber>& stores) {
  std::map<StoreNumber, std::string> names;
  for (const auto& [name, number] : stores) names[number] = name;
  std::vector<JoinFact> facts;
  for (const auto& row : rows) {
    const auto record = decode_member(row.record);
    if (!record || !record->first_joined || record->stores.empty()) continue;
    JoinFact fact{row.person, {}, {}, record->first_joined, true};
    for (const auto& [type, hash] : row.ids) fact.ids.push_back(hash);
    for (const auto number : record->stores)
      if (const auto name = names.find(number); name != names.end()) fact.stores.push_back(name->second);
    facts.push_back(std::move(fact));
  }
  return facts;
}

TypedCode IssuingDesk::typed(const CouponBody& body) const {
  return typed_code(body, keys_.typed_key(0, body.key.generation));
}

std::vector<Campaign> IssuingDesk::welcomes() const {
  std::vector<Campaign> found;
  for (auto& campaign : ledger_.campaigns())
    if (campaign.terms.kind == CampaignKind::welcome && !campaign.terms.stopped) found.push_back(campaign.terms);
  std::sort(found.begin(), found.end(), goes_before);
  return found;
}

std::vector<MadeCoupon> IssuingDesk::dress(std::vector<OwnCoupon> coupons) const {
  std::map<std::string, StoreZone> zones;
  for (const auto& store : ledger_.stores())
    if (auto zone = load_zone(store.zone)) zones[store.store_id] = std::move(*zone);
  const auto host = ledger_.state().public_host;
  std::vector<MadeCoupon> made;
  made.reserve(coupons.size());
  for (auto& coupon : coupons) {
    const auto bytes = encode_coupon(coupon.body);
    if (!bytes) continue;
    const auto& zone = zones[coupon.store_id];
    MadeCoupon one;
    one.id = coupon_id(coupon.body);
    one.url = coupon_url(host, *bytes,
                         sign_coupon(*bytes, keys_.chain(), keys_.signing(coupon.body.key.generation).secret_key));
    one.typed = format_typed(typed(coupon.body));
    one.digits = format_typed_digits(typed(coupon.body));
    one.valid_until = format_date(zone.date(validity_of(coupon.body, zone).until));
    one.coupon = std::move(coupon);
    made.push_back(std::move(one));
  }
  return made;
}

Result<std::vector<MadeCoupon>> IssuingDesk::make(OwnOrder order) {
  order.now = clock_.now();
  auto coupons = ledger_.issue_own(order, [this](const CouponBody& body) { return typed(body); });
  if (!coupons) return coupons.error();
  return dress(*std::move(coupons));
}

std::vector<MadeCoupon> IssuingDesk::made(const std::string& order_id) { return dress(ledger_.own_coupons(order_id)); }

Result<std::uint64_t> IssuingDesk::take_joins(std::span<const JoinFact> facts) {
  if (facts.empty()) return std::uint64_t{0};
  const auto campaigns = welcomes();
  if (campaigns.empty()) return std::uint64_t{0};
  auto made = ledger_.welcome(facts, campaigns, clock_.now(), [this](const CouponBody& body) { return typed(body); });
  if (!made) return made.error();
  return static_cast<std::uint64_t>(made->size());
}

void IssuingDesk::tell_earned() {
  while (ledger_.earned_are_due()) {
    const auto told = ledger_.tell_earned(clock_.now());
    if (told) continue;
    log::error("coupons", "stores could not be told of what members earned", {{"why", told.error().detail}});
    return;
  }
}

void IssuingDesk::tick() {
  const auto run = clock_.monotonic_ms();
  if (run >= tell_ms_ && ledger_.earned_are_due()) {
    tell_ms_ = run + kSecond;
    workers_.post([this] { tell_earned(); });
  }
  if (run < next_ms_) return;
  next_ms_ = run + kHour;
  workers_.post([this] {
    if (auto ended = ledger_.end_own_coupons(clock_.now()); !ended)
      log::error("coupons", "those that are over could not be ended", {{"why", ended.error().detail}});
  });
}

}  // namespace tillside::hq
