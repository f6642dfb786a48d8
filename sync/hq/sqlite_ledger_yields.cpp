// Who decides a coupon: its home, until home has said that it let it go, or has ended and told everything.
#include "sync/hq/sqlite_ledger_scope.h"

namespace tillside::hq {
namespace {

std::string wish_key(KeyId key, std::uint32_t serial) {
  CouponBody body;
  body.key = key;
  body.serial = serial;
  return "yield:" + coupon_id(body);
}

// Everything the epochs of one key did is here, and their till has gone on to another life: its outbox sends the older
// epoch first, so what was done up to the end of the old one has come before the first event of a newer one. Of a disk
// that is gone nothing more is waited for.
constexpr const char* kAllTold =
    "WITH life AS (SELECT e.*,EXISTS(SELECT 1 FROM disk_gone g WHERE g.till=e.till AND g.epoch=e.epoch) AS gone "
    "  FROM till_epoch e WHERE e.till=?1 AND e.generation=?2), waited AS (SELECT * FROM life WHERE gone=0) "
    "SELECT 1 WHERE (EXISTS(SELECT 1 FROM life) AND NOT EXISTS(SELECT 1 FROM waited)) OR ("
    "NOT EXISTS(SELECT 1 FROM waited e LEFT JOIN cursor c ON c.till=e.till AND c.epoch=e.epoch "
    "  WHERE e.state<>2 OR e.report_until>coalesce(c.held_seq,0) "
    "    OR c.fork_seq IS NOT NULL OR EXISTS(SELECT 1 FROM hole h WHERE h.till=e.till AND h.epoch=e.epoch)) "
    "AND EXISTS(SELECT 1 FROM till_epoch n JOIN cursor c ON c.till=n.till AND c.epoch=n.epoch "
    "  WHERE n.till=?1 AND n.generation>?2 AND c.held_seq>0) "
    "AND NOT EXISTS(SELECT 1 FROM till_epoch n LEFT JOIN cursor c ON c.till=n.till AND c.epoch=n.epoch "
    "  WHERE n.till=?1 AND n.generation>?2 AND n.state<>2 AND coalesce(c.held_seq,0)=0))";

// Units that grants of a home's coupons hold, those of headquarters that it is home to among them. ?1: its key.
constexpr const char* kHeldUnits =
    "SELECT r.rid FROM reservation r WHERE r.exposed=1 AND r.state IN (1,4) AND (r.key_id=?1 OR (r.key_id<16 AND "
    "EXISTS(SELECT 1 FROM own_coupon o WHERE o.key_id=r.key_id AND o.serial=r.serial AND o.home=?1)))";
constexpr const char* kGiveUnitsBack =
    "UPDATE reservation SET exposed=2 WHERE exposed=1 AND (key_id=?1 OR (key_id<16 AND EXISTS(SELECT 1 FROM own_coupon "
    "o WHERE o.key_id=reservation.key_id AND o.serial=reservation.serial AND o.home=?1))) AND NOT EXISTS(SELECT 1 FROM "
    "redemption r WHERE r.key_id=reservation.key_id AND r.serial=reservation.serial AND length(r.rid)=0)";

}  // namespace

SqliteLedger::Home SqliteLedger::home_of(KeyId key, std::uint32_t serial) {
  const auto home = home_key_of(key, serial);
  if (!home) return Home::none;
  {
    auto said = writer_.query("SELECT state FROM coupon_yield WHERE key_id=? AND serial=?");
    if (said.bind(key.packed(), serial).step()) {
      const auto state = static_cast<YieldState>(said.integer(0));
      if (state == YieldState::gone) return Home::none;
      if (state == YieldState::spent) return Home::spent;
    }
  }
  std::int64_t life = home->generation;  // an epoch may have had several keys; it stands under its newest
  {
    auto epoch = writer_.query(
        "SELECT e.generation,e.state FROM till_key k JOIN till_epoch e ON e.till=k.till AND e.epoch=k.epoch "
        "WHERE k.till=? AND k.generation=? ORDER BY e.state=2 LIMIT 1");
    if (epoch.bind(home->till, home->generation).step()) {
      if (epoch.integer(1) != 2) return Home::decides;
      life = epoch.integer(0);
    }
  }
  auto told = writer_.query(kAllTold);
  return told.bind(home->till, life).step() ? Home::none : Home::ended;
}

void SqliteLedger::ask_home(KeyId key, std::uint32_t serial, Instant now) {
  writer_.query("INSERT OR IGNORE INTO coupon_yield(key_id,serial,state,asked_ms,answered_ms) VALUES(?,?,1,?,0)")
      .run(key.packed(), serial, now.ms);
  const auto home = home_key_of(key, serial);
  if (!home) return;
  wire::Change change;
  change.kind = wire::ChangeKind::yield;
  change.yield = {key, serial};
  append_change(till_scope(home->till), wish_key(key, serial), wire::write(change));
}

// What an ended epoch may still have redeemed is known now: units come back, but for coupons that were.
void SqliteLedger::settle_ended_epochs(TillNumber till) {
  struct Ended {
    std::uint8_t generation;
    std::int64_t life;
  };
  std::vector<Ended> ended;
  {
    auto rows = writer_.query(
        "SELECT DISTINCT k.generation,e.generation FROM till_key k JOIN till_epoch e ON e.till=k.till AND "
        "e.epoch=k.epoch WHERE e.till=? AND e.state=2");
    rows.bind(till);
    while (rows.step()) ended.push_back({static_cast<std::uint8_t>(rows.integer(0)), rows.integer(1)});
  }
  for (const auto& [generation, life] : ended) {
    const auto key = KeyId{till, generation}.packed();
    if (!writer_.query(kHeldUnits).bind(key).step()) continue;
    if (!writer_.query(kAllTold).bind(till, life).step()) continue;
    writer_.query(kGiveUnitsBack).run(key);
  }
}

Status SqliteLedger::disk_gone(TillNumber till, const wire::Epoch& epoch, Instant now) {
  return guarded([&]() -> Status {
    Write write(*this);
    auto was = EpochState::live;
    bool revoked = false;
    {
      auto query = writer_.query(
          "SELECT e.state,t.revoked FROM till_epoch e JOIN till t ON t.till=e.till WHERE e.till=? AND e.epoch=?");
      if (!query.bind(till, epoch).step()) return Error{ErrorCode::not_found, "epoch", "no such epoch"};
      was = static_cast<EpochState>(query.integer(0));
      revoked = query.integer(1) != 0;
    }
    if (was == EpochState::live && !revoked)
      return Error{ErrorCode::refused, "epoch", "this epoch is live; of a lost till: revoke the till first"};
    writer_.query("INSERT OR IGNORE INTO disk_gone(till,epoch,was,at_ms) VALUES(?,?,?,?)")
        .run(till, epoch, static_cast<int>(was), now.ms);
    if (writer_.changes() == 0) return {};
    writer_.query("UPDATE till_epoch SET state=2,must_recover=0,report_until=0 WHERE till=? AND epoch=?")
        .run(till, epoch);
    keys_changed(till);
    settle_ended_epochs(till);
    if (state_.recovering) settle_recovery(now);
    write.commit();
    return {};
  });
}

}  // namespace tillside::hq
