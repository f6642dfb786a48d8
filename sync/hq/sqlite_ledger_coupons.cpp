#include <tuple>

#include "agent/domain/coupon.h"
#include "agent/platform/zones.h"
#include "sync/hq/sqlite_ledger_scope.h"

namespace tillside::hq {
namespace {

// Each begins with campaign, store whose till issued it or for which headquarters did ('': for none), currency. Local
// midnights fall on quarters of an hour.
constexpr const char* kIssued =
    "SELECT k.campaign,coalesce(s.store_id,''),coalesce(s.currency,(SELECT min(currency) FROM store),''),"
    "coalesce(s.zone,'Asia/Shanghai'),k.minute/15,"
    "EXISTS(SELECT 1 FROM redemption r WHERE r.key_id=k.key_id AND r.serial=k.serial),"
    "EXISTS(SELECT 1 FROM coupon_revoked v WHERE v.key_id=k.key_id AND v.serial=k.serial),count(*) "
    "FROM coupon k LEFT JOIN own_coupon o ON o.key_id=k.key_id AND o.serial=k.serial "
    "LEFT JOIN till t ON t.till=k.key_id/16 LEFT JOIN store s ON s.store_id=coalesce(o.store_id,t.store_id) "
    "GROUP BY 1,2,3,4,5,6,7";
constexpr const char* kRedeemed =
    "SELECT r.campaign,coalesce(o.store_id,t.store_id,''),r.currency,r.till=coalesce(o.home,r.key_id)/16,"
    "z.serial IS NULL OR NOT EXISTS(SELECT 1 FROM redemption e WHERE e.key_id=r.key_id AND e.serial=r.serial AND "
    "(e.received_ms,e.till,e.epoch,e.seq)<(r.received_ms,r.till,r.epoch,r.seq)),"
    "count(*),sum(r.value),sum(NOT EXISTS(SELECT 1 FROM coupon k WHERE k.key_id=r.key_id AND k.serial=r.serial)) "
    "FROM redemption r LEFT JOIN redeemed_twice z ON z.key_id=r.key_id AND z.serial=r.serial "
    "LEFT JOIN own_coupon o ON o.key_id=r.key_id AND o.serial=r.serial "
    "LEFT JOIN till t ON t.till=r.key_id/16 GROUP BY 1,2,3,4,5";
constexpr const char* kClawedBack =
    "SELECT b.campaign,coalesce(o.store_id,t.store_id,''),coalesce(v.currency,c.currency,''),"
    "count(DISTINCT b.key_id*4294967296+b.serial),sum(b.value) FROM coupon_clawed_back b "
    "LEFT JOIN reversal v ON v.identity=b.identity LEFT JOIN checkout c ON c.identity=b.identity "
    "LEFT JOIN own_coupon o ON o.key_id=b.key_id AND o.serial=b.serial "
    "LEFT JOIN till t ON t.till=b.key_id/16 GROUP BY 1,2,3";
constexpr const char* kReplacements =
    "SELECT k.campaign,coalesce(s.store_id,''),coalesce(s.currency,''),count(*) FROM coupon_replacement p "
    "JOIN coupon k ON k.key_id=p.key_id AND k.serial=p.serial LEFT JOIN till t ON t.till=k.key_id/16 "
    "LEFT JOIN store s ON s.store_id=t.store_id GROUP BY 1,2,3";
constexpr const char* kExposure =
    "SELECT campaign,sum(exposed=1 AND state=1),sum(exposed=1 AND state=4),sum(exposed=2 OR state=3) FROM reservation "
    "WHERE exposed>0 GROUP BY 1";

// Issuing store, redeeming store, campaign, currency, count, value.
constexpr const char* kSettled =
    "SELECT coalesce(t.store_id,''),r.store_id,r.campaign,r.currency,count(*),sum(r.value) FROM redemption r "
    "LEFT JOIN till t ON t.till=r.key_id/16 WHERE r.business_date BETWEEN ? AND ? GROUP BY 1,2,3,4";
constexpr const char* kTakenBack =
    "SELECT coalesce(t.store_id,''),coalesce((SELECT r.store_id FROM redemption r WHERE r.key_id=b.key_id AND "
    "r.serial=b.serial ORDER BY r.received_ms,r.till,r.epoch,r.seq LIMIT 1),''),b.campaign,"
    "coalesce(v.currency,c.currency,''),sum(b.value>0),sum(b.value) FROM coupon_clawed_back b "
    "LEFT JOIN reversal v ON v.identity=b.identity LEFT JOIN checkout c ON c.identity=b.identity "
    "LEFT JOIN till t ON t.till=b.key_id/16 "
    "WHERE coalesce(v.business_date,c.business_date) BETWEEN ? AND ? GROUP BY 1,2,3,4";

class CouponFold {
 public:
  CouponFold(Database& db, Instant now) : db_(db), now_(now) {}

  void issued(const std::map<std::uint32_t, Campaign>& terms) {
    auto row = db_.query(kIssued);
    while (row.step()) {
      auto& counts = counts_of(row);
      const auto n = row.integer(7);
      counts.issued += n;
      if (row.integer(5) != 0) continue;  // kRedeemed has it
      if (row.integer(6) != 0)
        counts.revoked += n;
      else if (is_over(row, terms))
        counts.expired += n;
      else
        counts.live += n;
    }
  }
  void redeemed(const std::map<std::uint32_t, Campaign>& terms) {
    auto row = db_.query(kRedeemed);
    while (row.step()) {
      auto& counts = counts_of(row);
      const auto n = row.integer(5), value = row.integer(6);
      if (row.integer(4) == 0) {
        counts.again += n, counts.again_value += value;
        continue;
      }
      if (row.integer(3) != 0)
        counts.redeemed_home += n, counts.home_value += value;
      else
        counts.redeemed_elsewhere += n, counts.elsewhere_value += value;
      counts.unheard += row.integer(7);
      const auto known = terms.find(static_cast<std::uint32_t>(row.integer(0)));
      if (known != terms.end() && known->second.kind == CampaignKind::pickup) counts.handed_over += n;
    }
  }
  void taken_back() {
    auto row = db_.query(kClawedBack);
    while (row.step()) {
      auto& counts = counts_of(row);
      counts.clawed_back += row.integer(3);
      counts.clawed_back_value += row.integer(4);
    }
    auto replaced = db_.query(kReplacements);
    while (replaced.step()) counts_of(replaced).replacements += replaced.integer(3);
  }
  std::vector<CouponRow> rows() const {
    std::vector<CouponRow> out;
    out.reserve(by_key_.size());
    for (const auto& [key, counts] : by_key_)
      out.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), counts});
    return out;
  }

 private:
  CouponCounts& counts_of(const Query& row) {
    return by_key_[{static_cast<std::uint32_t>(row.integer(0)), row.text(1), row.text(2)}];
  }
  bool is_over(const Query& row, const std::map<std::uint32_t, Campaign>& terms) {
    const auto known = terms.find(static_cast<std::uint32_t>(row.integer(0)));
    if (known == terms.end()) return false;
    CouponBody body;
    body.issued_minute = static_cast<std::uint32_t>(row.integer(4) * 15);
    body.valid_days = known->second.valid_days;
    return validity_of(body, zone(row.text(3))).until < now_;
  }
  const StoreZone& zone(const std::string& name) {
    auto at = zones_.find(name);
    if (at == zones_.end()) {
      auto loaded = load_zone(name);
      at = zones_.emplace(name, loaded ? std::move(*loaded) : StoreZone()).first;
    }
    return at->second;
  }

  Database& db_;
  Instant now_;
  std::map<std::tuple<std::uint32_t, std::string, std::string>, CouponCounts> by_key_;
  std::map<std::string, StoreZone> zones_;
};

CampaignBudget budget_of(const CampaignInfo& info) {
  CampaignBudget budget;
  budget.campaign = info.terms.number;
  budget.name_zh = info.terms.name_zh;
  budget.name_en = info.terms.name_en;
  budget.kind = info.terms.kind;
  budget.worth = info.worth;
  budget.issue = info.terms.budget_issue;
  budget.lent = info.lent;
  budget.used = info.issued;
  budget.returned = info.returned;
  budget.available = info.available;
  budget.exposure = info.terms.budget_exposure;
  budget.stopped = info.terms.stopped;
  return budget;
}

void take_exposure(Database& db, std::vector<CampaignBudget>& budgets) {
  auto row = db.query(kExposure);
  while (row.step()) {
    const auto number = static_cast<std::uint32_t>(row.integer(0));
    const auto at = std::find_if(budgets.begin(), budgets.end(),
                                 [&](const CampaignBudget& budget) { return budget.campaign == number; });
    if (at == budgets.end()) continue;
    at->exposure_open = row.integer(1);
    at->exposure_spent = row.integer(2);
    at->exposure_returned = row.integer(3);
  }
}

using Cell = std::tuple<std::string, std::string, std::uint32_t, std::string>;

SettlementRow& row_of(std::map<Cell, SettlementRow>& rows, const Query& from) {
  const Cell cell{from.text(0), from.text(1), static_cast<std::uint32_t>(from.integer(2)), from.text(3)};
  auto& row = rows[cell];
  std::tie(row.issuing, row.redeeming, row.campaign, row.currency) = cell;
  return row;
}

}  // namespace

CouponCounts& operator+=(CouponCounts& sum, const CouponCounts& more) {
  sum.issued += more.issued;
  sum.unheard += more.unheard;
  sum.live += more.live;
  sum.expired += more.expired;
  sum.revoked += more.revoked;
  sum.redeemed_home += more.redeemed_home;
  sum.redeemed_elsewhere += more.redeemed_elsewhere;
  sum.home_value += more.home_value;
  sum.elsewhere_value += more.elsewhere_value;
  sum.again += more.again;
  sum.again_value += more.again_value;
  sum.replacements += more.replacements;
  sum.clawed_back += more.clawed_back;
  sum.clawed_back_value += more.clawed_back_value;
  sum.handed_over += more.handed_over;
  return sum;
}

Result<CouponReport> SqliteLedger::coupon_report(Instant now) {
  return guarded([&]() -> Result<CouponReport> {
    Read read(report_mutex_, *report_reader_, kLongRead);
    CouponReport report;
    std::map<std::uint32_t, Campaign> terms;
    for (const auto& info : campaigns_in(read.db())) {
      report.campaigns.push_back(budget_of(info));
      terms.emplace(info.terms.number, info.terms);
    }
    take_exposure(read.db(), report.campaigns);
    CouponFold fold(read.db(), now);
    fold.issued(terms);
    fold.redeemed(terms);
    fold.taken_back();
    report.rows = fold.rows();
    return report;
  });
}

Result<std::vector<SettlementRow>> SqliteLedger::settlement(const DateRange& range) {
  return guarded([&]() -> Result<std::vector<SettlementRow>> {
    Read read(report_mutex_, *report_reader_, kLongRead);
    const auto from = range.from ? range.from->days : kFirstDay, to = range.to ? range.to->days : kLastDay;
    std::map<Cell, SettlementRow> cells;
    auto redeemed = read.db().query(kSettled);
    redeemed.bind(from, to);
    while (redeemed.step()) {
      auto& row = row_of(cells, redeemed);
      row.redeemed = redeemed.integer(4), row.value = redeemed.integer(5);
    }
    auto back = read.db().query(kTakenBack);
    back.bind(from, to);
    while (back.step()) {
      auto& row = row_of(cells, back);
      row.clawed_back = back.integer(4), row.clawed_back_value = back.integer(5);
    }
    std::vector<SettlementRow> out;
    out.reserve(cells.size());
    for (auto& [cell, row] : cells) out.push_back(std::move(row));
    return out;
  });
}

}  // namespace tillside::hq
