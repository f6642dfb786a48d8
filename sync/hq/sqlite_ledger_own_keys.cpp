// Headquarters' own keys by generation, and the serials of coupons it signs with them.
#include "agent/domain/coupon_terms.h"
#include "sync/hq/sqlite_ledger_scope.h"

namespace tillside::hq {
namespace {

constexpr std::uint8_t kLastGeneration = 15;
constexpr std::uint32_t kSerialsAMinute = 256;

}  // namespace

Status SqliteLedger::begin_run(const OwnKeys& keys, Instant now) {
  return guarded([&]() -> Status {
    Write write(*this);
    own_keys_ = keys;
    own_serial_floor_ = code_minutes(now) * kSerialsAMinute;
    if (const auto known = own_key(state_.key_generation); known && *known != keys.key_of(state_.key_generation))
      return Error{ErrorCode::conflict, "hq.key",
                   "generation " + std::to_string(state_.key_generation) +
                       " of headquarters' key in hq.key is not the one this ledger knows"};
    state_.key_generation = std::max(state_.key_generation, keys.newest);
    save_state();
    for (std::uint8_t generation = 0; generation <= state_.key_generation; ++generation) note_own_key(generation);
    write.commit();
    return {};
  });
}

Result<std::uint8_t> SqliteLedger::rotate_own(const MakeOwnKey& make) {
  return guarded([&]() -> Result<std::uint8_t> {
    Write write(*this);
    if (state_.key_generation >= kLastGeneration)
      return Error{ErrorCode::limit, "key_generation", "all 16 generations of headquarters' key are used up"};
    const auto next = static_cast<std::uint8_t>(state_.key_generation + 1);
    const auto made = make(next);
    if (!made) return made.error();
    state_.key_generation = next;
    save_state();
    writer_.query("INSERT OR REPLACE INTO own_key(generation,public_key) VALUES(?,?)").run(next, *made);
    all_keys_changed();
    write.commit();
    return next;
  });
}

std::optional<VerifyingKey> SqliteLedger::own_key(std::uint8_t generation) {
  auto row = writer_.query("SELECT public_key FROM own_key WHERE generation=?");
  if (!row.bind(generation).step()) return std::nullopt;
  return row.bytes<32>(0);
}

// A ledger nobody gave keys to knows none.
void SqliteLedger::note_own_key(std::uint8_t generation) {
  if (!own_keys_.key_of) return;
  writer_.query("INSERT OR IGNORE INTO own_key(generation,public_key) VALUES(?,?)")
      .run(generation, own_keys_.key_of(generation));
  if (writer_.changes() > 0) keys_changed(0);
}

void SqliteLedger::skip_own_generation() {
  if (state_.key_generation < kLastGeneration) ++state_.key_generation;
  note_own_key(state_.key_generation);
}

std::uint32_t SqliteLedger::next_own_serial() {
  const auto name = "own_serial." + std::to_string(state_.key_generation);
  const auto newest = meta(name.c_str());
  const auto serial = std::max<std::uint64_t>(newest.empty() ? 1 : std::stoul(newest) + 1, own_serial_floor_);
  set_meta(name.c_str(), std::to_string(serial));
  return static_cast<std::uint32_t>(serial);
}

Status SqliteLedger::revoke_own_key(std::uint8_t generation) {
  const auto key = own_key(generation);
  if (!key) return Error{ErrorCode::not_found, "generation", "no such key"};
  if (key == own_key(state_.key_generation))
    return Error{ErrorCode::refused, "generation", "headquarters signs with this key: rotate it first"};
  state_.revoked_generations = static_cast<std::uint16_t>(state_.revoked_generations | (1u << generation));
  return {};
}

void SqliteLedger::load_revoked() {
  auto rows = writer_.query("SELECT key_id FROM key_revoked WHERE key_id<16");
  while (rows.step())
    state_.revoked_generations = static_cast<std::uint16_t>(state_.revoked_generations | (1u << rows.integer(0)));
}

}  // namespace tillside::hq
