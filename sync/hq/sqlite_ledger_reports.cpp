#include "sync/hq/sqlite_ledger_scope.h"

namespace tillside::hq {
namespace {

// Every query below gives: store id, day, staff number, currency, then its own columns.
constexpr const char* kCheckouts =
    "SELECT c.store_id,c.business_date,coalesce(nullif(c.staff,0),s.number,0),c.currency,count(*),sum(c.identified),"
    "sum(c.verdict=0),sum(c.net),sum((c.verdict=0)*c.net) FROM checkout c "
    "LEFT JOIN staff s ON s.store_id=c.store_id AND s.staff_id=c.guide_id "
    "WHERE c.sale=1 AND c.business_date BETWEEN ? AND ? GROUP BY 1,2,3,4";
constexpr const char* kReversals =
    "SELECT r.store_id,r.business_date,coalesce(nullif(c.staff,0),sc.number,sr.number,0),r.currency,count(*),"
    "sum(c.identity IS NULL),sum(-abs(r.net)) FROM reversal r LEFT JOIN checkout c ON c.identity=r.original "
    "LEFT JOIN staff sc ON sc.store_id=c.store_id AND sc.staff_id=c.guide_id "
    "LEFT JOIN staff sr ON sr.store_id=r.store_id AND sr.staff_id=r.guide_id "
    "WHERE r.business_date BETWEEN ? AND ? GROUP BY 1,2,3,4";
constexpr const char* kShowings =
    "SELECT w.store_id,w.business_date,w.staff,coalesce(t.currency,''),count(*),sum(w.join_shown) FROM showing w "
    "LEFT JOIN store t ON t.store_id=w.store_id WHERE w.business_date BETWEEN ? AND ? GROUP BY 1,2,3,4";
constexpr const char* kCoupons =
    "SELECT c.store_id,c.business_date,k.staff,c.currency,count(*),sum(coalesce(g.worth,0)),"
    "sum(v.serial IS NOT NULL) FROM coupon k JOIN checkout c ON c.identity=k.identity "
    "LEFT JOIN campaign g ON g.number=k.campaign "
    "LEFT JOIN coupon_revoked v ON v.key_id=k.key_id AND v.serial=k.serial "
    "WHERE c.business_date BETWEEN ? AND ? GROUP BY 1,2,3,4";
constexpr const char* kCollisions =
    "SELECT x.store_id,x.business_date,0,coalesce(t.currency,''),sum(x.kind='conflict'),sum(x.kind='duplicate') "
    "FROM collision x LEFT JOIN store t ON t.store_id=x.store_id WHERE x.business_date BETWEEN ? AND ? "
    "GROUP BY 1,2,3,4";
constexpr const char* kParked =
    "SELECT p.store_id,p.received_ms/86400000,0,coalesce(t.currency,''),count(*) FROM parked_event p "
    "LEFT JOIN store t ON t.store_id=p.store_id WHERE p.received_ms/86400000 BETWEEN ? AND ? GROUP BY 1,2,3,4";

constexpr const char* kDiscounts =
    "SELECT d.store_id,d.business_date,d.operator_id,d.currency,count(*),sum(d.differs),sum(d.advised),sum(d.applied) "
    "FROM advised_discount d WHERE d.business_date BETWEEN ? AND ? GROUP BY 1,2,3,4";

class Fold {
 public:
  Fold(Database& db, const ReportQuery& query) : db_(db), query_(query) {}

  template <class Add>
  void add(const char* sql, Add add_to) {
    auto rows = db_.query(sql);
    rows.bind(query_.from ? query_.from->days : kFirstDay, query_.to ? query_.to->days : kLastDay);
    while (rows.step()) add_to(row_for(rows), rows);
  }
  std::vector<ReportRow> rows() && {
    std::vector<ReportRow> out;
    out.reserve(by_key_.size());
    for (auto& [key, row] : by_key_) out.push_back(std::move(row));
    return out;
  }

 private:
  ReportRow& row_for(const Query& from) {
    std::string key, name;
    if (query_.by == ReportBy::day)
      key = format_date({static_cast<std::int32_t>(from.integer(1))});
    else if (query_.by == ReportBy::store)
      key = from.text(0), name = store_name(key);
    else if (query_.by == ReportBy::cashier)
      key = from.text(0) + ":" + from.text(2), name = operator_name(from.text(0), from.text(2));
    else
      key = from.text(0) + ":" + std::to_string(from.integer(2)), name = staff_name(from.text(0), from.integer(2));
    auto& row = by_key_[{key, from.text(3)}];
    row.key = key;
    row.name = name;
    row.currency = from.text(3);
    return row;
  }
  std::string store_name(const std::string& store_id) {
    auto query = db_.query("SELECT name FROM store WHERE store_id=?");
    return query.bind(store_id).step() ? query.text(0) : std::string();
  }
  std::string staff_name(const std::string& store_id, std::int64_t number) {
    auto query = db_.query("SELECT name FROM staff WHERE store_id=? AND number=? ORDER BY staff_id");
    return query.bind(store_id, number).step() ? query.text(0) : std::string();
  }

  std::string operator_name(const std::string& store_id, const std::string& staff_id) {
    auto query = db_.query("SELECT name FROM staff WHERE store_id=? AND staff_id=?");
    return query.bind(store_id, staff_id).step() ? query.text(0) : std::string();
  }

  Database& db_;
  const ReportQuery& query_;
  std::map<std::pair<std::string, std::string>, ReportRow> by_key_;
};

void add_checkouts(ReportRow& row, const Query& from) {
  row.checkouts += from.integer(4);
  row.identified += from.integer(5);
  row.group_checkouts += from.integer(6);
  row.gross += from.integer(7);
  row.group_amount += from.integer(8);
}

void add_reversals(ReportRow& row, const Query& from) {
  row.reversals += from.integer(4);
  row.reversals_of_unknown += from.integer(5);
  row.reversed += from.integer(6);
}

void add_showings(ReportRow& row, const Query& from) {
  row.showings += from.integer(4);
  row.joins_shown += from.integer(5);
}

void add_coupons(ReportRow& row, const Query& from) {
  row.coupons += from.integer(4);
  row.coupon_value += from.integer(5);
  row.coupons_revoked += from.integer(6);
}

void add_collisions(ReportRow& row, const Query& from) {
  row.conflicts += from.integer(4);
  row.duplicates += from.integer(5);
}

void add_discounts(ReportRow& row, const Query& from) {
  row.discounted += from.integer(4);
  row.discounts_differing += from.integer(5);
  row.discount_advised += from.integer(6);
  row.discount_applied += from.integer(7);
}

}  // namespace

Result<std::vector<ReportRow>> SqliteLedger::report(const ReportQuery& query) {
  static_assert(static_cast<int>(VerdictStatus::member) == 0);
  return guarded([&]() -> Result<std::vector<ReportRow>> {
    Read read(report_mutex_, *report_reader_, kLongRead);
    Fold fold(read.db(), query);
    if (query.by != ReportBy::guide) fold.add(kDiscounts, add_discounts);
    if (query.by == ReportBy::cashier) return std::move(fold).rows();
    fold.add(kCheckouts, add_checkouts);
    fold.add(kReversals, add_reversals);
    fold.add(kShowings, add_showings);
    fold.add(kCoupons, add_coupons);
    fold.add(kCollisions, add_collisions);
    fold.add(kParked, [](ReportRow& row, const Query& from) { row.parked += from.integer(4); });
    return std::move(fold).rows();
  });
}

std::vector<EpochLedger> SqliteLedger::till_ledger(TillNumber till) {
  Read read(report_mutex_, *report_reader_, kLongRead);
  auto& db = read.db();
  std::map<wire::Epoch, EpochLedger> epochs;
  const auto each = [&](const char* sql, auto add) {
    auto rows = db.query(sql);
    rows.bind(till);
    while (rows.step()) {
      auto& epoch = epochs[rows.bytes<8>(0)];
      epoch.epoch = rows.bytes<8>(0);
      add(epoch, rows);
    }
  };
  each("SELECT epoch,state,generation FROM till_epoch WHERE till=?", [](EpochLedger& e, const Query& row) {
    e.state = static_cast<EpochState>(row.integer(1));
    e.generation = static_cast<std::uint8_t>(row.integer(2));
  });
  each("SELECT epoch FROM disk_gone WHERE till=?", [](EpochLedger& e, const Query&) { e.disk_gone = true; });
  each("SELECT epoch,held_seq,chain,fork_seq FROM cursor WHERE till=?", [](EpochLedger& e, const Query& row) {
    e.held_seq = row.natural(1);
    e.chain = row.bytes<16>(2);
    if (!row.is_null(3)) e.fork_seq = row.natural(3);
  });
  each("SELECT epoch,kind,count(*) FROM event WHERE till=? GROUP BY 1,2", [](EpochLedger& e, const Query& row) {
    if (row.is_null(1))
      e.parked = row.natural(2);
    else
      e.by_kind[name_of(static_cast<EventKind>(row.integer(1)))] = row.natural(2);
  });
  each("SELECT epoch,sum(sale),sum(sale*net) FROM checkout WHERE till=? GROUP BY 1",
       [](EpochLedger& e, const Query& row) { e.sales = row.natural(1), e.net = row.integer(2); });
  each("SELECT epoch,count(*) FROM coupon WHERE key_id BETWEEN ?1*16 AND ?1*16+15 GROUP BY 1",
       [](EpochLedger& e, const Query& row) { e.coupons = row.natural(1); });
  each("SELECT epoch,count(*) FROM quarantine_event WHERE till=? GROUP BY 1",
       [](EpochLedger& e, const Query& row) { e.quarantined = row.natural(1); });
  each("SELECT epoch,count(*) FROM fork_event WHERE till=? GROUP BY 1",
       [](EpochLedger& e, const Query& row) { e.fork_events = row.natural(1); });
  each("SELECT epoch,from_seq,to_seq FROM hole WHERE till=?",
       [](EpochLedger& e, const Query& row) { e.holes.emplace_back(row.natural(1), row.natural(2)); });
  std::vector<EpochLedger> out;
  out.reserve(epochs.size());
  for (auto& [epoch, ledger] : epochs) out.push_back(std::move(ledger));
  return out;
}

}  // namespace tillside::hq
