#include "sync/hq/key_publisher.h"

#include "sync/hq/log.h"

namespace tillside::hq {
namespace {

constexpr KeyPartNumber kOwnPart = 0;

}  // namespace

// Headquarters' own coupons are signed with its one key, in every generation there was.
std::string KeyPublisher::sign(KeyPart part, Instant now) const {
  part.chain = keys_.chain();
  part.expires = now.plus_ms(kKeysLife);
  if (part.part == kOwnPart) {
    const auto newest = ledger_.state().key_generation;
    for (std::uint8_t generation = 0; generation <= newest; ++generation) {
      KeyRow own{{0, generation}, {}};
      own.facts.key = keys_.signing().public_key;
      if (generation != newest) own.facts.status = KeyFacts::Status::retired;
      part.rows.push_back(std::move(own));
    }
  }
  return write_key_part(std::move(part), keys_.signing().secret_key);
}

Status KeyPublisher::publish() {
  const std::lock_guard lock(mutex_);
  const auto now = clock_.now();
  auto parts =
      ledger_.publish_keys(now, now.plus_ms(-kKeysRenewed), [&](const KeyPart& part) { return sign(part, now); });
  const auto run = clock_.monotonic_ms();
  renew_ms_ = run + kHour;
  next_ms_ = run + kSecond * static_cast<std::int64_t>(parts ? 1 + *parts : 10);
  if (parts) return {};
  log_error("keys", "the key directory could not be published", {{"why", parts.error().detail}});
  return parts.error();
}

void KeyPublisher::tick() {
  const auto run = clock_.monotonic_ms();
  if (run < next_ms_ || (run < renew_ms_ && !ledger_.keys_are_due())) return;
  next_ms_ = run + kMinute;
  workers_.post([this] { (void)publish(); });
}

}  // namespace tillside::hq
