// What every Ledger promises of reports.
#include "tests/contract/ledger_contract.h"

namespace tillside::test {

TEST_P(LedgerContract, TheReportCountsAHandMadeDay) {
  add_store();
  ASSERT_TRUE(ledger().replace_staff({{"0123", {{"E2033", 3, "阿青", StaffRole::guide, true, ""}}}}).ok());
  add_campaign(1, 100, 10);
  TillEvents till(enrol());
  const Sale member{.sequence = 1,
                    .net = 3000,
                    .guide = "E2033",
                    .staff = 3,
                    .verdict = VerdictStatus::member,
                    .identified = true,
                    .coupon_serials = {1}};
  const Sale stranger{.sequence = 2, .net = 1000, .join_shown = true};
  const Sale no_number{.sequence = 3,
                       .net = 2000,
                       .guide = "E2033",
                       .verdict = VerdictStatus::not_member,
                       .identified = true,
                       .shown = false};
  till.add(sale_event(member));
  till.add(sale_event(stranger));
  till.add(sale_event(no_number));
  till.add(void_event(member, 4, {1}));
  till.add(void_event({.sequence = 900, .net = 50}, 5));
  till.add(conflict_event({.sequence = 2, .net = 1}));
  EXPECT_TRUE(ingest(till.all()).verdicts.empty());
  const auto store = report_row(hq::ReportBy::store, "0123");
  EXPECT_EQ(store.name, "水果店 0123");
  EXPECT_EQ(store.currency, "CNY");
  EXPECT_EQ(store.checkouts, 3);
  EXPECT_EQ(store.identified, 2);
  EXPECT_EQ(store.group_checkouts, 1);
  EXPECT_EQ(store.gross, 6000);
  EXPECT_EQ(store.group_amount, 3000);
  EXPECT_EQ(store.reversals, 2);
  EXPECT_EQ(store.reversals_of_unknown, 1);
  EXPECT_EQ(store.reversed, -3050);
  EXPECT_EQ(store.showings, 2);
  EXPECT_EQ(store.joins_shown, 1);
  EXPECT_EQ(store.coupons, 1);
  EXPECT_EQ(store.coupon_value, 2000);
  EXPECT_EQ(store.coupons_revoked, 1);
  EXPECT_EQ(store.conflicts, 1);
  const auto guide = report_row(hq::ReportBy::guide, "0123:3");
  EXPECT_EQ(guide.name, "阿青");
  EXPECT_EQ(guide.checkouts, 2);
  EXPECT_EQ(guide.gross, 5000);
  EXPECT_EQ(guide.reversed, -3000);
  EXPECT_EQ(guide.coupons, 1);
  EXPECT_EQ(report_row(hq::ReportBy::day, "2026-11-22").checkouts, 3);
}

TEST_P(LedgerContract, ReportsKeepToTheirDates) {
  add_store();
  TillEvents till(enrol());
  till.add(sale_event({.sequence = 1, .date = date_of(2026, 11, 20)}));
  till.add(sale_event({.sequence = 2, .date = date_of(2026, 11, 21)}));
  till.add(sale_event({.sequence = 3, .date = date_of(2026, 11, 22)}));
  ingest(till.all());
  const auto rows = ledger().report({date_of(2026, 11, 21), date_of(2026, 11, 22), hq::ReportBy::day});
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 2u);
  EXPECT_EQ((*rows)[0].key, "2026-11-21");
  EXPECT_EQ((*rows)[1].key, "2026-11-22");
}

}  // namespace tillside::test
