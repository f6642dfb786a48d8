#include "sync/hq/batch_placement.h"
#include "sync/hq/event_filing.h"
#include "sync/hq/sqlite_ledger_scope.h"

namespace tillside::hq {
namespace {

HeldCursor cursor_from(Query& query) {
  if (!query.step()) return {};
  return {query.natural(0), query.bytes<16>(1)};
}

IngestOutcome refused(IngestResult result, std::uint64_t held) {
  IngestOutcome outcome;
  outcome.result = result;
  outcome.held_seq = held;
  outcome.expected_seq = held + 1;
  return outcome;
}

DigestAt digests_by(Query& query, const IngestBatch& batch) {
  return [&query, &batch](std::uint64_t seq) -> std::optional<wire::ChainHash> {
    query.reset();
    if (!query.bind(batch.till, batch.head.epoch, seq).step()) return std::nullopt;
    return query.bytes<16>(0);
  };
}

KeptOfFork kept_by(Query& query, const IngestBatch& batch) {
  return [&query, &batch](std::uint64_t seq, const wire::ChainHash& digest) {
    query.reset();
    return query.bind(batch.till, batch.head.epoch, seq, digest).step();
  };
}

constexpr const char* kForkDigest = "SELECT 1 FROM fork_event WHERE till=? AND epoch=? AND seq=? AND digest=?";

}  // namespace

Result<std::vector<IngestOutcome>> SqliteLedger::ingest(std::span<const IngestBatch> batches) {
  return guarded([&]() -> Result<std::vector<IngestOutcome>> {
    Write write(*this);
    std::vector<IngestOutcome> outcomes;
    outcomes.reserve(batches.size());
    for (const auto& batch : batches) outcomes.push_back(take(batch));
    write.commit();
    return outcomes;
  });
}

IngestOutcome SqliteLedger::take(const IngestBatch& batch) {
  std::string store_id;
  bool revoked = false;
  {
    auto query = writer_.query(
        "SELECT t.store_id,t.revoked,e.counter FROM till t LEFT JOIN till_epoch e ON e.till=t.till AND e.epoch=? "
        "AND e.state<>2 WHERE t.till=?");
    if (!query.bind(batch.token_epoch, batch.till).step()) return refused(IngestResult::unknown_till, 0);
    if (query.is_null(2) || query.natural(2) != batch.token_counter) return refused(IngestResult::stale_token, 0);
    store_id = query.text(0);
    revoked = query.integer(1) != 0;
  }
  auto outcome = revoked ? quarantine(batch) : append(batch, store_id);
  if (outcome.applied > 0) writer_.query("UPDATE till SET uplink_ms=? WHERE till=?").run(batch.received.ms, batch.till);
  if (state_.recovering && outcome.applied > 0) settle_recovery(batch.received);
  return outcome;
}

IngestOutcome SqliteLedger::append(const IngestBatch& batch, const std::string& store_id) {
  HeldCursor cursor;
  {
    auto query = writer_.query("SELECT held_seq,chain FROM cursor WHERE till=? AND epoch=?");
    query.bind(batch.till, batch.head.epoch);
    cursor = cursor_from(query);
  }
  Placement placement;
  {
    auto query = writer_.query("SELECT digest FROM event WHERE till=? AND epoch=? AND seq=?");
    auto of_fork = writer_.query(kForkDigest);
    placement = place(batch.head, batch.events, cursor, digests_by(query, batch), kept_by(of_fork, batch));
  }
  if (placement.kind == Placement::Kind::gap) return refused(IngestResult::gap, cursor.held_seq);
  if (placement.kind == Placement::Kind::fork) return keep_fork(batch, placement, cursor.held_seq, &store_id);
  if (placement.hole_from != 0)
    writer_.query("INSERT INTO hole(till,epoch,from_seq,to_seq) VALUES(?,?,?,?)")
        .run(batch.till, batch.head.epoch, placement.hole_from, batch.head.first_seq - 1);

  IngestOutcome outcome;
  EventFiling filing(writer_, batch, store_id);
  for (auto i = placement.known; i < batch.events.size(); ++i) {
    if (auto verdict = filing.file(batch.head.first_seq + i, batch.events[i])) outcome.verdicts.push_back(*verdict);
    ++outcome.applied;
  }
  outcome.held_seq = std::max(cursor.held_seq, batch.head.first_seq + batch.events.size() - 1);
  if (outcome.applied == 0) return outcome;
  writer_
      .query(
          "INSERT INTO cursor(till,epoch,held_seq,chain) VALUES(?,?,?,?) ON CONFLICT(till,epoch) DO UPDATE SET "
          "held_seq=excluded.held_seq, chain=excluded.chain")
      .run(batch.till, batch.head.epoch, outcome.held_seq, batch.events.back().digest);
  settle_quotas(batch, filing.units());
  charge_forgotten(filing, batch);
  // Only these can be what an ended epoch was waited for: its own events, and the first of a later life.
  if (cursor.held_seq == 0 || batch.head.epoch != batch.token_epoch) settle_ended_epochs(batch.till);
  tell_ended(filing);
  return outcome;
}

IngestOutcome SqliteLedger::quarantine(const IngestBatch& batch) {
  HeldCursor cursor;
  {
    auto query = writer_.query(
        "SELECT held_seq,chain FROM (SELECT held_seq,chain FROM quarantine_cursor WHERE till=?1 AND epoch=?2 "
        "UNION ALL SELECT held_seq,chain FROM cursor WHERE till=?1 AND epoch=?2) ORDER BY held_seq DESC LIMIT 1");
    query.bind(batch.till, batch.head.epoch);
    cursor = cursor_from(query);
  }
  Placement placement;
  {
    auto query = writer_.query(
        "SELECT digest FROM quarantine_event WHERE till=?1 AND epoch=?2 AND seq=?3 "
        "UNION ALL SELECT digest FROM event WHERE till=?1 AND epoch=?2 AND seq=?3");
    auto of_fork = writer_.query(kForkDigest);
    placement = place(batch.head, batch.events, cursor, digests_by(query, batch), kept_by(of_fork, batch));
  }
  if (placement.kind == Placement::Kind::gap) return refused(IngestResult::gap, cursor.held_seq);
  if (placement.kind == Placement::Kind::fork) return keep_fork(batch, placement, cursor.held_seq, nullptr);
  IngestOutcome outcome;
  outcome.result = IngestResult::quarantined;
  for (auto i = placement.known; i < batch.events.size(); ++i) {
    writer_.query("INSERT OR IGNORE INTO quarantine_event(till,epoch,seq,digest,body,received_ms) VALUES(?,?,?,?,?,?)")
        .run(batch.till, batch.head.epoch, batch.head.first_seq + i, batch.events[i].digest,
             Bytes{batch.events[i].body}, batch.received.ms);
    ++outcome.applied;
  }
  outcome.held_seq = std::max(cursor.held_seq, batch.head.first_seq + batch.events.size() - 1);
  if (outcome.applied > 0)
    writer_.query("INSERT OR REPLACE INTO quarantine_cursor(till,epoch,held_seq,chain) VALUES(?,?,?,?)")
        .run(batch.till, batch.head.epoch, outcome.held_seq, batch.events.back().digest);
  return outcome;
}

// A revoked till's fork is kept and says nothing (no store_id), as everything it sends.
IngestOutcome SqliteLedger::keep_fork(const IngestBatch& batch, const Placement& fork, std::uint64_t held_seq,
                                      const std::string* store_id) {
  const std::string nowhere;
  EventFiling filing(writer_, batch, store_id == nullptr ? nowhere : *store_id);
  auto outcome = refused(IngestResult::fork, held_seq);
  outcome.fork_seq = fork.fork_seq;
  outcome.kept_to = fork.rooted ? batch.head.first_seq + batch.events.size() - 1 : fork.fork_seq - 1;
  for (std::size_t i = 0; i < batch.events.size(); ++i) {
    const auto seq = batch.head.first_seq + i;
    if (seq < fork.fork_seq) continue;
    writer_.query("INSERT OR IGNORE INTO fork_event(till,epoch,seq,digest,body,received_ms) VALUES(?,?,?,?,?,?)")
        .run(batch.till, batch.head.epoch, seq, batch.events[i].digest, Bytes{batch.events[i].body}, batch.received.ms);
    if (store_id != nullptr && writer_.changes() > 0) filing.file_forked(seq, batch.events[i]);
  }
  for (const auto& [campaign, counted] : filing.units())
    writer_
        .query(
            "INSERT INTO quota(campaign,till,epoch,lent,issued,returned,forked) VALUES(?,?,?,0,0,0,?) "
            "ON CONFLICT(campaign,till,epoch) DO UPDATE SET forked=forked+excluded.forked")
        .run(campaign, batch.till, batch.head.epoch, counted.first - counted.second);
  charge_forgotten(filing, batch);
  tell_ended(filing);
  writer_.query("UPDATE till SET forked=1,uplink_ms=? WHERE till=?").run(batch.received.ms, batch.till);
  if (fork.goes_on) return outcome;
  writer_
      .query(
          "UPDATE cursor SET fork_seq=min(coalesce(fork_seq,?1),?1),newest_fork=max(coalesce(newest_fork,?1),?1) "
          "WHERE till=?2 AND epoch=?3")
      .run(fork.fork_seq, batch.till, batch.head.epoch);
  return outcome;
}

void SqliteLedger::settle_quotas(const IngestBatch& batch,
                                 const std::map<std::uint32_t, std::pair<std::int64_t, std::int64_t>>& units) {
  if (units.empty()) return;
  bool live = false;
  {
    auto query = writer_.query("SELECT 1 FROM till_epoch WHERE till=? AND epoch=? AND state=0 AND must_recover=0");
    live = query.bind(batch.till, batch.head.epoch).step();
  }
  for (const auto& [campaign, counted] : units) {
    writer_
        .query(
            "INSERT INTO quota(campaign,till,epoch,lent,issued,returned) VALUES(?,?,?,0,?,?) "
            "ON CONFLICT(campaign,till,epoch) DO UPDATE SET issued=issued+excluded.issued, "
            "returned=returned+excluded.returned")
        .run(campaign, batch.till, batch.head.epoch, counted.first, counted.second);
    if (live) lend(campaign, batch.till, batch.head.epoch, batch.received);
  }
}

}  // namespace tillside::hq
