#include "sync/hq/sqlite_ledger_scope.h"

namespace tillside::hq {
namespace {

// Each gives store, operator, what else parts the groups, identity ('' none), currency, value; sorted by the first
// three. A person is whom the members' file joins her identifiers to, else the identifier itself.
constexpr const char* kSamePerson =
    "SELECT DISTINCT c.store_id,c.operator_id,coalesce(m.person,n.hash),c.identity,'',0,c.business_date FROM named n "
    "JOIN checkout c ON c.identity=n.identity LEFT JOIN member_id m ON m.hash=n.hash "
    "WHERE c.sale=1 AND c.business_date BETWEEN ? AND ? ORDER BY 1,2,3,4";
constexpr const char* kVoidedCash =
    "SELECT c.store_id,c.operator_id,'',c.identity,c.currency,sum(coalesce(g.worth,0)),c.business_date FROM coupon k "
    "JOIN checkout c ON c.identity=k.identity LEFT JOIN campaign g ON g.number=k.campaign "
    "WHERE c.cash=1 AND c.business_date BETWEEN ? AND ? AND c.identity IN "
    "(SELECT r.original FROM reversal r GROUP BY r.original HAVING sum(abs(r.net))>="
    "(SELECT abs(o.net) FROM checkout o WHERE o.identity=r.original)) GROUP BY c.identity ORDER BY 1,2,3,4";
constexpr const char* kOverrides =
    "SELECT coalesce(c.store_id,t.store_id,''),p.operator_id,'',coalesce(c.identity,''),'',0,"
    "coalesce(c.business_date,p.at_ms/86400000) d FROM prompt_key p LEFT JOIN till t ON t.till=p.till "
    "LEFT JOIN checkout c ON c.till=p.till AND c.epoch=p.epoch AND c.showing=p.ordinal "
    "WHERE p.answer='in_group' AND d BETWEEN ? AND ? ORDER BY 1,2,3,4";
constexpr const char* kUnapproved =
    "SELECT store_id,operator_id,'',identity,currency,applied,business_date FROM unapproved "
    "WHERE applied>0 AND business_date BETWEEN ? AND ? ORDER BY 1,2,3,4";
constexpr const char* kDiffering =
    "SELECT store_id,operator_id,'',identity,currency,abs(applied-advised),business_date FROM advised_discount "
    "WHERE differs=1 AND business_date BETWEEN ? AND ? ORDER BY 1,2,3,4";

class Search {
 public:
  Search(Database& db, const DateRange& range, const OddityThresholds& thresholds)
      : db_(db), range_(range), thresholds_(thresholds) {}

  void look(OddityKind kind, const char* sql, std::int64_t threshold) {
    kind_ = kind;
    threshold_ = threshold;
    auto row = db_.query(sql);
    row.bind(range_.from ? range_.from->days : kFirstDay, range_.to ? range_.to->days : kLastDay);
    while (row.step()) take(row);
    end_group();
  }
  std::vector<Oddity> found() && { return std::move(found_); }

 private:
  void take(const Query& row) {
    if (group_.count == 0 || row.view(0) != group_.store_id || row.view(1) != group_.operator_id ||
        row.view(2) != person_)
      begin_group(row);
    ++group_.count;
    group_.value += row.integer(5);
    if (group_.currency.empty()) group_.currency = row.text(4);
    if (kind_ == OddityKind::same_person) group_.most_a_day = std::max(group_.most_a_day, ++by_day_[row.integer(6)]);
    const auto identity = row.view(3);
    if (identity.empty() || group_.checkouts.size() >= thresholds_.checkouts_listed) return;
    if (group_.checkouts.empty() || group_.checkouts.back() != identity) group_.checkouts.emplace_back(identity);
  }
  void begin_group(const Query& row) {
    end_group();
    group_.kind = kind_;
    group_.store_id = row.text(0);
    group_.operator_id = row.text(1);
    person_ = row.text(2);
  }
  void end_group() {
    const bool often = kind_ == OddityKind::same_person && group_.most_a_day >= thresholds_.same_person_a_day;
    if (group_.count > 0 && (group_.count >= threshold_ || often)) {
      group_.threshold = group_.count >= threshold_ ? threshold_ : thresholds_.same_person_a_day;
      group_.name = name_of_operator();
      found_.push_back(std::move(group_));
    }
    group_ = {};
    by_day_.clear();
  }
  std::string name_of_operator() {
    auto query = db_.query("SELECT name FROM staff WHERE store_id=? AND staff_id=?");
    return query.bind(group_.store_id, group_.operator_id).step() ? query.text(0) : std::string();
  }

  Database& db_;
  const DateRange& range_;
  const OddityThresholds& thresholds_;
  OddityKind kind_ = OddityKind::same_person;
  std::int64_t threshold_ = 0;
  Oddity group_;
  std::string person_;
  std::map<std::int64_t, std::int64_t> by_day_;
  std::vector<Oddity> found_;
};

}  // namespace

const char* name_of(OddityKind kind) {
  constexpr const char* kNames[] = {"same_person", "voided_cash", "overrides", "unapproved", "differing"};
  return kNames[static_cast<std::size_t>(kind)];
}

Result<std::vector<Oddity>> SqliteLedger::oddities(const DateRange& range, const OddityThresholds& thresholds) {
  return guarded([&]() -> Result<std::vector<Oddity>> {
    Read read(report_mutex_, *report_reader_, kLongRead);
    Search search(read.db(), range, thresholds);
    search.look(OddityKind::same_person, kSamePerson, thresholds.same_person);
    search.look(OddityKind::voided_cash, kVoidedCash, thresholds.voided_cash);
    search.look(OddityKind::overrides, kOverrides, thresholds.overrides);
    search.look(OddityKind::unapproved, kUnapproved, thresholds.unapproved);
    search.look(OddityKind::differing, kDiffering, thresholds.differing);
    return std::move(search).found();
  });
}

}  // namespace tillside::hq
