// By what sales were paid. Kept nowhere but in the events: asked seldom, and an event is found by its checkout's key.
#include <map>

#include "sync/hq/json_answers.h"
#include "sync/hq/sqlite_ledger_scope.h"

namespace tillside::hq {
namespace {

// Store, currency, net, the event that told of it.
constexpr const char* kSales =
    "SELECT c.store_id,c.currency,c.net,CAST(e.body AS TEXT) FROM checkout c JOIN event e "
    "ON e.till=c.till AND e.epoch=c.epoch AND e.seq=c.seq WHERE c.sale=1 AND c.business_date BETWEEN ? AND ?";
constexpr const char* kRefunds =
    "SELECT r.store_id,r.currency,r.net,CAST(e.body AS TEXT) FROM reversal r JOIN event e "
    "ON e.till=r.till AND e.epoch=r.epoch AND e.seq=r.seq WHERE r.business_date BETWEEN ? AND ?";

using Key = std::tuple<std::string, std::string, std::string>;  // store, currency, tender
using Sums = std::map<Key, TenderRow>;

class Count {
 public:
  Count(Sums& sums, std::int64_t TenderRow::*number, Minor TenderRow::*amount)
      : sums_(sums), number_(number), amount_(amount) {}

  void take(const Query& row) {
    const Json event = Json::parse(row.view(3), nullptr, false);
    // Where a till's disk was copied, two events have one number; the other one says nothing of this checkout.
    const bool its_own = event.is_object() && event.value("N", row.integer(2)) == row.integer(2);
    const auto paid = its_own ? event.find("P") : event.end();
    if (paid == event.end()) return add(row, "", row.integer(2));
    if (paid->is_string()) return add(row, paid->get<std::string>(), row.integer(2));
    if (!paid->is_array()) return;
    for (const Json& tender : *paid)
      if (tender.is_array() && tender.size() == 2 && tender[0].is_string() && tender[1].is_number_integer())
        add(row, tender[0].get<std::string>(), tender[1].get<Minor>());
  }

 private:
  void add(const Query& row, const std::string& tender, Minor amount) {
    TenderRow& sum = sums_[{row.text(0), row.text(1), tender}];
    ++(sum.*number_);
    const bool as_it_was_sold = amount_ == &TenderRow::refunded && row.integer(2) > 0;  // a void may stand so
    sum.*amount_ += as_it_was_sold ? -amount : amount;
  }

  Sums& sums_;
  std::int64_t TenderRow::*number_;
  Minor TenderRow::*amount_;
};

}  // namespace

Result<std::vector<TenderRow>> SqliteLedger::tenders(const DateRange& range) {
  return guarded([&]() -> Result<std::vector<TenderRow>> {
    Read read(report_mutex_, *report_reader_, kLongRead);
    Sums sums;
    const auto each = [&](const char* sql, Count count) {
      auto rows = read.db().query(sql);
      rows.bind(range.from ? range.from->days : kFirstDay, range.to ? range.to->days : kLastDay);
      while (rows.step()) count.take(rows);
    };
    each(kSales, Count(sums, &TenderRow::paid, &TenderRow::amount));
    each(kRefunds, Count(sums, &TenderRow::refunds, &TenderRow::refunded));
    std::vector<TenderRow> report;
    for (auto& [key, row] : sums) {
      std::tie(row.store_id, row.currency, row.tender) = key;
      report.push_back(std::move(row));
    }
    return report;
  });
}

}  // namespace tillside::hq
