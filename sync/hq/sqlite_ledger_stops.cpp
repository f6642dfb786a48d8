// Which tills have taken in that a campaign is stopped.
#include "agent/domain/coupon.h"
#include "agent/platform/zones.h"
#include "sync/hq/sqlite_ledger_scope.h"

namespace tillside::hq {
namespace {

constexpr const char* kAwaited =
    "SELECT a.campaign,a.till,t.store_id,coalesce(s.currency,''),coalesce(s.zone,''),max(t.contact_ms,t.uplink_ms),"
    "c.worth,c.document,coalesce((SELECT sum(max(q.lent-q.given_back-(q.issued-q.returned),0)) FROM quota q "
    "JOIN till_epoch e ON e.till=q.till AND e.epoch=q.epoch WHERE q.campaign=a.campaign AND q.till=a.till "
    "AND e.state<>2),0) FROM stop_awaited a JOIN till t ON t.till=a.till JOIN campaign c ON c.number=a.campaign "
    "LEFT JOIN store s ON s.store_id=t.store_id WHERE t.revoked=0 AND (?1 IS NULL OR a.campaign=?1) ORDER BY 1,2";
constexpr const char* kOut =
    "SELECT minute/15,count(*) FROM coupon k WHERE k.key_id BETWEEN ?1*16 AND ?1*16+15 AND k.campaign=?2 "
    "AND NOT EXISTS(SELECT 1 FROM redemption r WHERE r.key_id=k.key_id AND r.serial=k.serial) "
    "AND NOT EXISTS(SELECT 1 FROM coupon_revoked v WHERE v.key_id=k.key_id AND v.serial=k.serial) GROUP BY 1";

std::int64_t live_of(Database& db, const StopAwaited& one, const Campaign& terms, const StoreZone& zone, Instant now) {
  auto query = db.query(kOut);
  query.bind(one.till, one.campaign);
  std::int64_t live = 0;
  while (query.step()) {
    CouponBody body;
    body.issued_minute = static_cast<std::uint32_t>(query.integer(0) * 15);
    body.valid_days = terms.valid_days;
    if (validity_of(body, zone).until >= now) live += query.integer(1);
  }
  return live;
}

}  // namespace

void SqliteLedger::count_awaited() {
  auto query = writer_.query("SELECT count(*) FROM stop_awaited");
  awaited_ = query.step() ? query.integer(0) : 0;
}

void SqliteLedger::await_stop(std::uint32_t campaign) {
  writer_.query("INSERT OR REPLACE INTO stop(campaign,position) VALUES(?,?)").run(campaign, chain_head());
  writer_.query("INSERT OR IGNORE INTO stop_awaited(till,campaign) SELECT till,? FROM till WHERE revoked=0")
      .run(campaign);
  count_awaited();
}

Status SqliteLedger::acknowledged(TillNumber till, const Position& position) {
  if (awaited_ == 0) return {};
  const Status kept = guarded([&]() -> Status {
    {
      Read read(read_mutex_, *reader_, kShortRead);
      auto query = read.db().query(
          "SELECT 1 FROM stop_awaited a JOIN stop s ON s.campaign=a.campaign WHERE a.till=? AND s.position<=? LIMIT 1");
      if (!query.bind(till, position.chain).step()) return {};
    }
    Write write(*this);
    writer_.query("DELETE FROM stop_awaited WHERE till=? AND campaign IN (SELECT campaign FROM stop WHERE position<=?)")
        .run(till, position.chain);
    count_awaited();
    write.commit();
    return {};
  });
  if (!kept.ok()) awaited_ = 1;  // what was counted was rolled back
  return kept;
}

Result<std::vector<StopAwaited>> SqliteLedger::awaited_stops(std::optional<std::uint32_t> campaign, Instant now) {
  return guarded([&]() -> Result<std::vector<StopAwaited>> {
    Read read(report_mutex_, *report_reader_, kLongRead);
    std::vector<StopAwaited> out;
    std::map<std::string, StoreZone> zones;
    auto row = read.db().query(kAwaited);
    row.bind(campaign);
    while (row.step()) {
      StopAwaited one;
      one.campaign = static_cast<std::uint32_t>(row.integer(0));
      one.till = static_cast<TillNumber>(row.integer(1));
      one.store_id = row.text(2);
      one.currency = row.text(3);
      one.heard = {row.integer(5)};
      one.in_hand = row.integer(8);
      one.in_hand_value = one.in_hand * row.integer(6);
      const auto terms = parse_campaign(row.view(7));
      const auto name = row.text(4);
      if (!zones.contains(name)) {
        auto loaded = load_zone(name);
        zones[name] = loaded ? std::move(*loaded) : StoreZone();
      }
      one.live = terms ? live_of(read.db(), one, *terms, zones[name], now) : 0;
      one.live_value = one.live * row.integer(6);
      out.push_back(std::move(one));
    }
    return out;
  });
}

}  // namespace tillside::hq
