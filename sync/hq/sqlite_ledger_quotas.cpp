#include "sync/hq/sqlite_ledger_scope.h"

namespace tillside::hq {
namespace {

struct Lent {
  std::int64_t lent = 0, issued = 0, returned = 0, given_back = 0;
  std::int64_t in_hand() const { return lent - given_back - (issued - returned); }
};

// A till below half of what it is lent at a time is filled up; 0: enough in hand, or nothing left.
std::int64_t units_to_lend(const Lent& row, std::int64_t quota_per_till, std::int64_t available) {
  const auto in_hand = std::max<std::int64_t>(row.in_hand(), 0);
  if (row.lent > 0 && in_hand * 2 >= quota_per_till) return 0;
  return std::clamp<std::int64_t>(quota_per_till - in_hand, 0, std::max<std::int64_t>(available, 0));
}

std::string campaign_change(const Campaign& campaign, const std::string& document) {
  wire::Change change;
  change.kind = wire::ChangeKind::campaign;
  change.campaign = campaign.number;
  change.campaign_json = document;
  return wire::write(change);
}

}  // namespace

std::int64_t SqliteLedger::available(std::uint32_t campaign) {
  auto query = writer_.query(
      "SELECT issue - (SELECT coalesce(sum(max(lent - given_back, issued - returned) + forked),0) FROM quota WHERE "
      "campaign=?1) "
      "FROM campaign WHERE number=?1");
  return query.bind(campaign).step() ? query.integer(0) : 0;
}

// Tills are lent nothing of what headquarters issues itself.
void SqliteLedger::lend(std::uint32_t campaign, TillNumber till, const wire::Epoch& epoch, Instant now) {
  if (state_.recovering) return;
  std::int64_t quota_per_till = 0;
  {
    auto query = writer_.query(
        "SELECT quota_per_till FROM campaign WHERE number=?1 AND stopped=0 AND recalled=0 AND active_until>=?2 "
        "AND json_extract(document,'$.kind') NOT IN ('welcome','pickup') "
        "AND NOT EXISTS(SELECT 1 FROM till WHERE till=?3 AND retired=1)");
    if (!query.bind(campaign, now.ms, till).step()) return;
    quota_per_till = query.integer(0);
  }
  Lent row;
  {
    auto query = writer_.query(
        "SELECT lent,issued,returned,given_back,recalled FROM quota WHERE campaign=? AND till=? AND epoch=?");
    if (query.bind(campaign, till, epoch).step()) {
      if (query.integer(4) != 0) return;
      row = {query.integer(0), query.integer(1), query.integer(2), query.integer(3)};
    }
  }
  if (units_to_lend(row, quota_per_till, quota_per_till) == 0) return;
  const auto units = units_to_lend(row, quota_per_till, available(campaign));
  if (units == 0) return;
  writer_
      .query(
          "INSERT INTO quota(campaign,till,epoch,lent,issued,returned) VALUES(?,?,?,?,0,0) "
          "ON CONFLICT(campaign,till,epoch) DO UPDATE SET lent=excluded.lent")
      .run(campaign, till, epoch, row.lent + units);
  wire::Change change;
  change.kind = wire::ChangeKind::quota;
  change.quota = {campaign, epoch, row.lent + units, false};
  append_change(till_scope(till), quota_key(campaign, epoch), wire::write(change));
}

void SqliteLedger::lend_all(TillNumber till, const wire::Epoch& epoch, Instant now) {
  if (state_.recovering) return;
  std::vector<std::uint32_t> numbers;
  {
    auto query = writer_.query("SELECT number FROM campaign WHERE stopped=0 AND active_until>=? ORDER BY number");
    query.bind(now.ms);
    while (query.step()) numbers.push_back(static_cast<std::uint32_t>(query.integer(0)));
  }
  for (const auto number : numbers) lend(number, till, epoch, now);
  recall_what_is_over(till, epoch, now);
}

Result<Campaign> SqliteLedger::add_campaign(const Campaign& campaign) {
  return guarded([&]() -> Result<Campaign> {
    Write write(*this);
    Campaign added = campaign;
    added.stopped = false;
    if (added.number == 0) added.number = next_number("campaign_floor", "SELECT max(number) FROM campaign");
    const auto document = write_campaign(added);
    if (auto held = writer_.query("SELECT document FROM campaign WHERE number=?"); held.bind(added.number).step()) {
      if (held.view(0) == document) return added;
      return Error{ErrorCode::conflict, "number", "this number has other terms: an edit takes a new number"};
    }
    writer_
        .query(
            "INSERT INTO campaign(number,document,worth,issue,exposure,quota_per_till,active_until) "
            "VALUES(?,?,?,?,?,?,?)")
        .run(added.number, document, highest_worth(added), added.budget_issue, added.budget_exposure,
             added.quota_per_till, added.active_until.ms);
    append_change(kChainScope, "campaign:" + std::to_string(added.number), campaign_change(added, document));
    std::vector<std::pair<TillNumber, wire::Epoch>> live;
    {
      auto query = writer_.query(
          "SELECT e.till,e.epoch FROM till_epoch e JOIN till t ON t.till=e.till WHERE e.state=0 AND t.revoked=0 "
          "ORDER BY e.till");
      while (query.step()) live.emplace_back(static_cast<TillNumber>(query.integer(0)), query.bytes<8>(1));
    }
    for (const auto& [till, epoch] : live) lend(added.number, till, epoch, Instant{0});
    write.commit();
    return added;
  });
}

Status SqliteLedger::stop_campaign(std::uint32_t number) {
  return guarded([&]() -> Status {
    Write write(*this);
    std::string document;
    {
      auto query = writer_.query("SELECT document FROM campaign WHERE number=?");
      if (!query.bind(number).step()) return Error{ErrorCode::not_found, "number", "no such campaign"};
      document = query.text(0);
    }
    auto campaign = parse_campaign(document);
    if (!campaign) return campaign.error();
    campaign->stopped = true;
    writer_.query("UPDATE campaign SET stopped=1 WHERE number=? AND stopped=0").run(number);
    if (writer_.changes() == 0) return {};
    append_change(kChainScope, "campaign:" + std::to_string(number),
                  campaign_change(*campaign, write_campaign(*campaign)));
    await_stop(number);
    for (const auto& place : quotas_of_live_epochs(number, std::nullopt)) tell_quota(place, true);
    write.commit();
    return {};
  });
}

std::vector<CampaignInfo> SqliteLedger::campaigns() {
  Read read(read_mutex_, *reader_, kShortRead);
  return campaigns_in(read.db());
}

std::vector<CampaignInfo> SqliteLedger::campaigns_in(Database& db) {
  auto query = db.query(
      "SELECT c.document,c.worth,c.issue,c.stopped,coalesce(sum(q.lent),0),coalesce(sum(q.issued+q.forked),0),"
      "coalesce(sum(q.returned+q.given_back),0),"
      "c.issue-coalesce(sum(max(q.lent-q.given_back,q.issued-q.returned)+q.forked),0) "
      "FROM campaign c LEFT JOIN quota q ON q.campaign=c.number GROUP BY c.number ORDER BY c.number");
  std::vector<CampaignInfo> out;
  while (query.step()) {
    auto terms = parse_campaign(query.view(0));
    if (!terms) continue;
    terms->stopped = query.integer(3) != 0;
    out.push_back({std::move(*terms), query.integer(1), query.integer(4), query.integer(5), query.integer(6),
                   std::max<std::int64_t>(query.integer(7), 0)});
  }
  return out;
}

std::vector<QuotaRow> SqliteLedger::quotas(std::uint32_t campaign) {
  Read read(read_mutex_, *reader_, kShortRead);
  auto query = read.db().query(
      "SELECT till,epoch,lent,issued,returned,given_back,recalled FROM quota WHERE campaign=? "
      "ORDER BY till,epoch");
  query.bind(campaign);
  std::vector<QuotaRow> out;
  while (query.step())
    out.push_back({campaign, static_cast<TillNumber>(query.integer(0)), query.bytes<8>(1), query.integer(2),
                   query.integer(3), query.integer(4), query.integer(5), query.integer(6) != 0});
  return out;
}

}  // namespace tillside::hq
