// What every Ledger promises of campaigns and quotas.
#include "tests/contract/ledger_contract.h"

namespace tillside::test {

using hq::IngestResult;

TEST_P(LedgerContract, ANewCampaignLendsAndAddingItAgainChangesNothing) {
  add_store();
  enrol(1);
  enrol(2);
  add_campaign(1, 15, 10);
  EXPECT_EQ(total_lent(1), 15);
  add_campaign(1, 15, 10);
  EXPECT_EQ(total_lent(1), 15);
  Campaign other = ledger().campaigns()[0].terms;
  other.budget_issue = 20;
  EXPECT_EQ(ledger().add_campaign(other).error().code, ErrorCode::conflict);
  other.number = 0;
  EXPECT_EQ(ledger().add_campaign(other)->number, 2u);
}

TEST_P(LedgerContract, UseTopsUpUntilTheBudgetIsLent) {
  add_store();
  TillEvents till(enrol());
  add_campaign(1, 25, 10);
  EXPECT_EQ(total_lent(1), 10);
  std::uint32_t serial = 0;
  for (int i = 1; i <= 5; ++i) till.add(sale_event({.sequence = i, .coupon_serials = {++serial}}));
  ingest(till.batch(1, 5));
  EXPECT_EQ(total_lent(1), 10);  // half is still in hand
  till.add(sale_event({.sequence = 6, .coupon_serials = {++serial}}));
  ingest(till.batch(6, 1));
  EXPECT_EQ(total_lent(1), 16);
  for (int i = 7; i <= 16; ++i) till.add(sale_event({.sequence = i, .coupon_serials = {++serial}}));
  ingest(till.batch(7, 10));
  EXPECT_EQ(total_lent(1), 25);
  EXPECT_EQ(ledger().campaigns()[0].available, 0);
  EXPECT_EQ(ledger().campaigns()[0].issued, 16);
}

TEST_P(LedgerContract, AnUnprintedCouponReturnsItsUnit) {
  add_store();
  TillEvents till(enrol());
  add_campaign(1, 100, 10);
  till.add(sale_event({.sequence = 1, .coupon_serials = {1}}));
  till.add(unprinted_event(1, 1));
  ingest(till.all());
  EXPECT_EQ(ledger().campaigns()[0].returned, 1);
}

TEST_P(LedgerContract, QuotasAreNeverOverdrawnWhateverHappens) {
  add_store();
  std::uint64_t random = 20261122;
  const auto draw = [&](std::uint64_t below) {
    random = random * 6364136223846793005u + 1442695040888963407u;
    return (random >> 33) % below;
  };
  add_campaign(1, 60, 7);
  std::vector<TillEvents> tills;
  std::vector<std::uint32_t> serials;
  std::vector<std::uint8_t> marks;
  std::int64_t sequence = 0;
  std::uint8_t mark = 0;
  for (int step = 0; step < 120; ++step) {
    const auto what = draw(10);
    if (tills.empty() || (what == 0 && tills.size() < 6)) {
      ++mark;
      tills.emplace_back(enrol(mark), mark);
      marks.push_back(mark);
      serials.push_back(0);
    } else if (what == 1) {
      const auto at = draw(tills.size());
      ++mark;
      readmit(tills[at].till(), marks[at], mark, 0, false);
      tills[at] = TillEvents(tills[at].till(), mark);
      marks[at] = mark;
    } else {
      const auto at = draw(tills.size());
      std::int64_t in_hand = 0;
      for (const auto& row : ledger().quotas(1))
        if (row.till == tills[at].till() && row.epoch == tills[at].epoch()) in_hand = row.lent - row.issued;
      const auto first = tills[at].size() + 1;
      const auto count = 1 + draw(4);
      for (std::uint64_t i = 0; i < count; ++i) {
        Sale sale{.sequence = ++sequence};
        if (in_hand-- > 0) sale.coupon_serials = {++serials[at]};
        tills[at].add(sale_event(sale));
      }
      ASSERT_EQ(ingest(tills[at].batch(first, count)).result, IngestResult::taken);
    }
    ASSERT_LE(total_lent(1), 60) << "step " << step;
    ASSERT_LE(ledger().campaigns()[0].issued, 60) << "step " << step;
  }
  EXPECT_GT(ledger().campaigns()[0].issued, 0);
}

}  // namespace tillside::test
