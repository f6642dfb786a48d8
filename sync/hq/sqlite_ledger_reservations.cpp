#include "sync/hq/event_filing.h"
#include "sync/hq/sqlite_ledger_scope.h"

namespace tillside::hq {
namespace {

using wire::ReservationAnswer;
using wire::ReservationState;

std::string text_of(const Bytes16& rid) { return {rid.begin(), rid.end()}; }

Error another_rid() { return {ErrorCode::conflict, "rid", "this reservation is of another till or coupon"}; }

}  // namespace

std::optional<VerifyingKey> SqliteLedger::key_of(KeyId key) {
  Read read(read_mutex_, *reader_, kShortRead);
  auto row = read.db().query(
      "SELECT public_key FROM till_key WHERE till=?1 AND generation=?2 UNION ALL "
      "SELECT public_key FROM own_key WHERE ?1=0 AND generation=?2");
  if (!row.bind(key.till, key.generation).step()) return std::nullopt;
  return row.bytes<32>(0);
}

SqliteLedger::Judged SqliteLedger::judge_reservation(const ReservationAttempt& attempt) {
  const auto key = attempt.key.packed();
  const auto there = [&](const char* sql) { return writer_.query(sql).bind(key, attempt.serial).step(); };
  if (there("SELECT 1 FROM redemption WHERE key_id=? AND serial=? LIMIT 1")) return {RedeemReason::spent};
  if (there("SELECT 1 FROM coupon_revoked WHERE key_id=? AND serial=?")) return {RedeemReason::revoked};
  if (there("SELECT 1 FROM reservation r JOIN till_epoch e ON e.till=r.till AND e.epoch=r.epoch "
            "WHERE r.key_id=? AND r.serial=? AND r.state=1 AND e.state<>0"))
    return {RedeemReason::spent};
  if (there("SELECT 1 FROM reservation WHERE key_id=? AND serial=? AND state=1")) return {RedeemReason::held};
  if (attempt.key.till == 0 && !there("SELECT 1 FROM own_coupon WHERE key_id=? AND serial=?"))
    return {RedeemReason::beyond_ceiling};
  if (attempt.key.till == 0 && attempt.body &&
      !writer_.query("SELECT 1 FROM own_coupon WHERE key_id=? AND serial=? AND body=?")
           .bind(key, attempt.serial, *attempt.body)
           .step())
    return {RedeemReason::forged};
  auto campaign = writer_.query("SELECT exposure FROM campaign WHERE number=?");
  if (!campaign.bind(attempt.campaign).step()) return {RedeemReason::unknown_campaign};
  const auto home = home_of(attempt.key, attempt.serial);
  if (home == Home::spent) return {RedeemReason::spent};
  if (home == Home::none || is_home(attempt)) return {};
  const bool asked = home == Home::decides;
  if (attempt.policy == Policy::strict)
    return {asked ? RedeemReason::home_only : RedeemReason::ended_epoch, false, asked};
  auto used = writer_.query("SELECT count(*) FROM reservation WHERE campaign=? AND exposed=1 AND state IN (1,4)");
  used.bind(attempt.campaign).step();
  const bool covered = used.integer(0) < campaign.integer(0);
  return {covered ? RedeemReason::none : RedeemReason::no_exposure, covered, asked};
}

bool SqliteLedger::is_home(const ReservationAttempt& attempt) {
  const auto key = home_key_of(attempt.key, attempt.serial);
  if (!key || attempt.till != key->till) return false;
  auto home = writer_.query("SELECT 1 FROM till_key WHERE till=? AND generation=? AND epoch=?");
  return home.bind(key->till, key->generation, attempt.epoch).step();
}

// What was granted in a life of this ledger that is forgotten costs its unit as it did then, once: its rid is kept.
void SqliteLedger::charge_forgotten(const EventFiling& filing, const IngestBatch& batch) {
  for (const auto& one : filing.forgotten()) {
    ReservationAttempt attempt;
    attempt.till = batch.till;
    attempt.epoch = batch.head.epoch;
    attempt.key = one.key;
    attempt.serial = one.serial;
    const bool at_home = writer_.query("SELECT 1 FROM redemption WHERE key_id=? AND serial=? AND length(rid)=0")
                             .bind(one.key.packed(), one.serial)
                             .step();
    const bool exposed = !is_home(attempt) && (at_home || home_of(one.key, one.serial) != Home::none);
    const auto rid = text_of(one.rid);
    writer_.query("INSERT OR IGNORE INTO reservation VALUES(?,?,?,?,?,?,?,?,4,'',?)")
        .run(Bytes{rid}, batch.till, batch.head.epoch, one.key.packed(), one.serial, one.campaign, one.value,
             exposed ? 1 : 0, batch.received.ms);
  }
}

Result<ReservationAnswer> SqliteLedger::reserve(const ReservationAttempt& attempt) {
  return guarded([&]() -> Result<ReservationAnswer> {
    Write write(*this);
    const auto rid = text_of(attempt.rid);
    {
      auto known = writer_.query("SELECT till,key_id,serial,state,reason FROM reservation WHERE rid=?");
      if (known.bind(Bytes{rid}).step()) {
        const bool tombstone = known.integer(1) == 0 && known.integer(2) == 0;
        const bool same =
            known.integer(0) == attempt.till &&
            (tombstone || (known.integer(1) == attempt.key.packed() && known.integer(2) == attempt.serial));
        if (!same) return another_rid();
        return ReservationAnswer{static_cast<ReservationState>(known.integer(3)), known.text(4), attempt.now};
      }
    }
    if (state_.recovering) return Error{ErrorCode::unavailable, "", "recovering: nothing is granted"};
    const auto judged = judge_reservation(attempt);
    ReservationAnswer answer;
    answer.state = judged.reason == RedeemReason::none ? ReservationState::granted : ReservationState::refused;
    if (judged.reason != RedeemReason::none) answer.reason = name_of(judged.reason);
    answer.time = attempt.now;
    writer_.query("INSERT INTO reservation VALUES(?,?,?,?,?,?,?,?,?,?,?)")
        .run(Bytes{rid}, attempt.till, attempt.epoch, attempt.key.packed(), attempt.serial, attempt.campaign,
             attempt.value, judged.exposed ? 1 : 0, static_cast<int>(answer.state), answer.reason, attempt.now.ms);
    if (judged.ask_home) ask_home(attempt.key, attempt.serial, attempt.now);
    write.commit();
    return answer;
  });
}

Result<ReservationAnswer> SqliteLedger::release_reservation(TillNumber till, const wire::Epoch& epoch,
                                                            const Bytes16& rid_bytes, Instant now) {
  return guarded([&]() -> Result<ReservationAnswer> {
    Write write(*this);
    const auto rid = text_of(rid_bytes);
    ReservationAnswer answer{ReservationState::released, {}, now};
    auto known = writer_.query("SELECT till,state,reason FROM reservation WHERE rid=?");
    if (!known.bind(Bytes{rid}).step()) {
      writer_.query("INSERT INTO reservation VALUES(?,?,?,0,0,0,0,0,3,'',?)").run(Bytes{rid}, till, epoch, now.ms);
      write.commit();
      return answer;
    }
    if (known.integer(0) != till) return another_rid();
    const auto state = static_cast<ReservationState>(known.integer(1));
    if (state != ReservationState::granted) return ReservationAnswer{state, known.text(2), now};
    writer_.query("UPDATE reservation SET state=3 WHERE rid=?").run(Bytes{rid});
    write.commit();
    return answer;
  });
}

}  // namespace tillside::hq
