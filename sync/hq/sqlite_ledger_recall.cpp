// Quota that is asked back. Only the till's own word returns it.
#include "sync/hq/sqlite_ledger_scope.h"

namespace tillside::hq {
namespace {

constexpr const char* kOver =
    "SELECT q.campaign FROM quota q JOIN campaign c ON c.number=q.campaign WHERE q.till=?1 AND q.epoch=?2 "
    "AND q.recalled=0 AND q.lent-q.given_back>q.issued-q.returned AND (c.stopped=1 OR c.active_until<?3)";

Error none_named() { return {ErrorCode::missing_field, "campaign", "a campaign or a till is wanted"}; }

}  // namespace

std::vector<SqliteLedger::QuotaPlace> SqliteLedger::quotas_of_live_epochs(std::optional<std::uint32_t> campaign,
                                                                          std::optional<TillNumber> till) {
  auto query = writer_.query(
      "SELECT q.campaign,q.till,q.epoch FROM quota q JOIN till_epoch e ON e.till=q.till AND e.epoch=q.epoch "
      "WHERE e.state<>2 AND (?1 IS NULL OR q.campaign=?1) AND (?2 IS NULL OR q.till=?2)");
  query.bind(campaign, till);
  std::vector<QuotaPlace> places;
  while (query.step())
    places.push_back(
        {static_cast<std::uint32_t>(query.integer(0)), static_cast<TillNumber>(query.integer(1)), query.bytes<8>(2)});
  return places;
}

// What was told of this quota before is told no more: the newest word stands alone in the log.
void SqliteLedger::tell_quota(const QuotaPlace& place, bool recalled) {
  writer_.query("UPDATE quota SET recalled=? WHERE campaign=? AND till=? AND epoch=?")
      .run(recalled ? 1 : 0, place.campaign, place.till, place.epoch);
  std::int64_t lent = 0;
  {
    auto query = writer_.query("SELECT lent FROM quota WHERE campaign=? AND till=? AND epoch=?");
    if (query.bind(place.campaign, place.till, place.epoch).step()) lent = query.integer(0);
  }
  wire::Change change;
  change.kind = wire::ChangeKind::quota;
  change.quota = {place.campaign, place.epoch, lent, recalled};
  append_change(till_scope(place.till), quota_key(place.campaign, place.epoch), wire::write(change));
}

void SqliteLedger::recall_what_is_over(TillNumber till, const wire::Epoch& epoch, Instant now) {
  std::vector<std::uint32_t> over;
  {
    auto query = writer_.query(kOver);
    query.bind(till, epoch, now.ms);
    while (query.step()) over.push_back(static_cast<std::uint32_t>(query.integer(0)));
  }
  for (const auto campaign : over) tell_quota({campaign, till, epoch}, true);
}

Status SqliteLedger::set_recalled(std::optional<std::uint32_t> campaign, std::optional<TillNumber> till,
                                  bool recalled) {
  if (!campaign && !till) return none_named();
  if (campaign) {
    auto known = writer_.query("SELECT 1 FROM campaign WHERE number=?");
    if (!known.bind(*campaign).step()) return Error{ErrorCode::not_found, "number", "no such campaign"};
  }
  if (till) {
    auto known = writer_.query("SELECT 1 FROM till WHERE till=?");
    if (!known.bind(*till).step()) return Error{ErrorCode::not_found, "till", "no such till"};
  }
  const int flag = recalled ? 1 : 0;
  if (!till) writer_.query("UPDATE campaign SET recalled=? WHERE number=?").run(flag, *campaign);
  if (!campaign) writer_.query("UPDATE till SET retired=? WHERE till=?").run(flag, *till);
  if (campaign && till && recalled)
    writer_
        .query(
            "INSERT OR IGNORE INTO quota(campaign,till,epoch,lent,issued,returned) "
            "SELECT ?1,till,epoch,0,0,0 FROM till_epoch WHERE till=?2 AND state<>2")
        .run(*campaign, *till);
  return {};
}

Status SqliteLedger::recall_quota(std::optional<std::uint32_t> campaign, std::optional<TillNumber> till) {
  return guarded([&]() -> Status {
    Write write(*this);
    if (auto status = set_recalled(campaign, till, true); !status.ok()) return status;
    for (const auto& place : quotas_of_live_epochs(campaign, till)) tell_quota(place, true);
    write.commit();
    return {};
  });
}

Status SqliteLedger::lend_again(std::optional<std::uint32_t> campaign, std::optional<TillNumber> till, Instant now) {
  return guarded([&]() -> Status {
    Write write(*this);
    if (auto status = set_recalled(campaign, till, false); !status.ok()) return status;
    for (const auto& place : quotas_of_live_epochs(campaign, till)) tell_quota(place, false);
    std::vector<std::pair<TillNumber, wire::Epoch>> live;
    {
      auto query = writer_.query(
          "SELECT e.till,e.epoch FROM till_epoch e JOIN till t ON t.till=e.till "
          "WHERE e.state=0 AND e.must_recover=0 AND t.revoked=0 AND (?1 IS NULL OR e.till=?1) ORDER BY e.till");
      query.bind(till);
      while (query.step()) live.emplace_back(static_cast<TillNumber>(query.integer(0)), query.bytes<8>(1));
    }
    for (const auto& [number, epoch] : live) {
      if (campaign)
        lend(*campaign, number, epoch, now);
      else
        lend_all(number, epoch, now);
    }
    write.commit();
    return {};
  });
}

}  // namespace tillside::hq
