#include <algorithm>
#include <cstdlib>

#include "agent/store/session.h"

namespace tillside::store {

Issuing::Issuing(Database& database, Meta& meta)
    : database_(database),
      meta_(meta),
      store_(database.prepare("INSERT INTO coupon VALUES(?,?,?,?,?,?)")),
      find_(database.prepare("SELECT body,signature,state FROM coupon WHERE generation=? AND serial=?")),
      revoke_(database.prepare("UPDATE coupon SET state=1 WHERE generation=? AND serial=?")),
      put_quota_(database.prepare("INSERT INTO quota VALUES(?,?,?,?,?) ON CONFLICT(campaign,epoch_no) DO UPDATE SET "
                                  "lent=excluded.lent, used=excluded.used, returned=excluded.returned")) {}

void Issuing::load(std::int64_t epoch_no) {
  epoch_no_ = epoch_no;
  quotas_.clear();
  serials_.clear();
  serials_changed_ = false;
  Statement quotas = database_.prepare("SELECT campaign,lent,used,returned FROM quota WHERE epoch_no=?");
  quotas.with(epoch_no);
  while (quotas.step()) {
    const auto campaign = static_cast<std::uint32_t>(quotas.integer(0));
    quotas_[campaign] = {{campaign, quotas.integer(1), quotas.integer(2), quotas.integer(3)}, false};
  }
  tell_units();
  Statement serials = database_.prepare("SELECT k,v FROM meta WHERE k>='serial.' AND k<'serial/'");
  while (serials.step()) {
    const auto generation =
        static_cast<std::uint8_t>(std::strtoul(std::string(serials.text(0)).c_str() + 7, nullptr, 10));
    serials_[generation] = static_cast<std::uint32_t>(std::strtoul(std::string(serials.blob(1)).c_str(), nullptr, 10));
  }
}

void Issuing::tell_units() {
  auto units = std::make_shared<std::vector<std::uint32_t>>();
  for (const auto& [campaign, kept] : quotas_)
    if (left(campaign) > 0) units->push_back(campaign);
  units_changed_ = false;
  const std::lock_guard lock(units_mutex_);
  with_units_ = std::move(units);
}

std::shared_ptr<const std::vector<std::uint32_t>> Issuing::with_units() const {
  const std::lock_guard lock(units_mutex_);
  return with_units_;
}

void Issuing::save() {
  if (units_changed_) tell_units();
  for (auto& [campaign, kept] : quotas_) {
    if (!kept.changed) continue;
    put_quota_.with(campaign, epoch_no_, kept.quota.lent, kept.quota.used, kept.quota.returned).run();
    kept.changed = false;
  }
  if (!serials_changed_) return;
  for (const auto& [generation, serial] : serials_) meta_.put_number("serial." + std::to_string(generation), serial);
  serials_changed_ = false;
}

std::uint32_t Issuing::next_serial(std::uint8_t generation) {
  serials_changed_ = true;
  const std::uint32_t serial = ++serials_[generation];
  newest_.store(std::uint64_t{generation} << 32 | serial, std::memory_order_relaxed);
  return serial;
}

std::uint32_t Issuing::foreseen_serial(std::uint8_t generation) const {
  const std::uint64_t newest = newest_.load(std::memory_order_relaxed);
  return newest >> 32 == generation ? static_cast<std::uint32_t>(newest) + 1 : 0;
}

std::int64_t Issuing::left(std::uint32_t campaign) const {
  const auto found = quotas_.find(campaign);
  if (found == quotas_.end()) return 0;
  const Quota& quota = found->second.quota;
  return quota.lent - quota.used - quota.returned;
}

bool Issuing::take(std::uint32_t campaign) {
  if (left(campaign) <= 0) return false;
  Kept& kept = quotas_[campaign];
  ++kept.quota.used;
  units_changed_ |= left(campaign) == 0;
  return kept.changed = true;
}

void Issuing::give_back(std::uint32_t campaign) {
  const auto found = quotas_.find(campaign);
  if (found == quotas_.end() || found->second.quota.used == 0) return;
  --found->second.quota.used;
  units_changed_ = true;
  found->second.changed = true;
}

void Issuing::lend(std::uint32_t campaign, std::int64_t lent_in_all) {
  if (lent_in_all <= 0) return;
  Kept& kept = quotas_[campaign];
  if (lent_in_all <= kept.quota.lent) return;
  kept.quota.campaign = campaign;
  kept.quota.lent = lent_in_all;
  units_changed_ = true;
  kept.changed = true;
}

std::optional<std::int64_t> Issuing::return_unused(std::uint32_t campaign) {
  const std::int64_t unused = left(campaign);
  if (unused <= 0) return std::nullopt;
  Kept& kept = quotas_[campaign];
  kept.quota.returned += unused;
  kept.changed = true;
  return kept.quota.returned;
}

std::vector<Issuing::Quota> Issuing::all() const {
  std::vector<Quota> quotas;
  quotas.reserve(quotas_.size());
  for (const auto& [campaign, kept] : quotas_) quotas.push_back(kept.quota);
  return quotas;
}

void Issuing::store(const CouponBody& body, const CouponBytes& bytes, const Signature& signature) {
  store_.with(body.key.generation, body.serial, body.campaign, 0, bytes, signature).run();
}

std::optional<StoredCoupon> Issuing::find(std::uint8_t generation, std::uint32_t serial) {
  std::optional<StoredCoupon> coupon;
  if (find_.with(generation, serial).step()) {
    coupon.emplace();
    const std::string_view body = find_.blob(0), signature = find_.blob(1);
    std::copy_n(body.begin(), std::min(body.size(), coupon->body.size()), coupon->body.begin());
    std::copy_n(signature.begin(), std::min(signature.size(), coupon->signature.size()), coupon->signature.begin());
    coupon->state = static_cast<CouponState>(find_.integer(2));
  }
  find_.rewind();
  return coupon;
}

void Issuing::revoke(std::uint8_t generation, std::uint32_t serial) { revoke_.with(generation, serial).run(); }

}  // namespace tillside::store
