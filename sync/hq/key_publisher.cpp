#include "sync/hq/key_publisher.h"

#include "agent/platform/log.h"

namespace tillside::hq {

std::string KeyPublisher::sign(KeyPart part, Instant now) const {
  part.chain = keys_.chain();
  part.expires = now.plus_ms(kKeysLife);
  return write_key_part(std::move(part), keys_.signing(ledger_.state().key_generation).secret_key);
}

Status KeyPublisher::publish() {
  const std::lock_guard lock(mutex_);
  return publish_locked();
}

Result<std::uint8_t> KeyPublisher::rotate() {
  const std::lock_guard lock(mutex_);
  auto generation = ledger_.rotate_own([this](std::uint8_t next) -> Result<VerifyingKey> {
    if (auto status = keys_.add(next); !status.ok()) return status.error();
    return keys_.signing(next).public_key;
  });
  if (generation) (void)publish_locked();  // what failed is told, and tried again
  return generation;
}

Status KeyPublisher::publish_locked() {
  const auto now = clock_.now();
  auto parts =
      ledger_.publish_keys(now, now.plus_ms(-kKeysRenewed), [&](const KeyPart& part) { return sign(part, now); });
  const auto run = clock_.monotonic_ms();
  renew_ms_ = run + kHour;
  next_ms_ = run + kSecond * static_cast<std::int64_t>(parts ? 1 + *parts : 10);
  if (parts) return {};
  log::error("keys", "the key directory could not be published", {{"why", parts.error().detail}});
  return parts.error();
}

void KeyPublisher::tick() {
  const auto run = clock_.monotonic_ms();
  if (run < next_ms_ || (run < renew_ms_ && !ledger_.keys_are_due())) return;
  next_ms_ = run + kMinute;
  workers_.post([this] { (void)publish(); });
}

}  // namespace tillside::hq
