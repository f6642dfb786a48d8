// What a ledger promises of the key directory.
#include "tests/contract/ledger_contract.h"

namespace tillside::test {
namespace {

constexpr Instant kPublished{1'795'310'100'000};
constexpr Instant kLongAgo{0};

std::vector<KeyPart> publish(hq::Ledger& ledger, Instant now = kPublished, Instant renew = kLongAgo) {
  std::vector<KeyPart> made;
  const auto parts = ledger.publish_keys(now, renew, [&](const KeyPart& part) {
    made.push_back(part);
    return "document " + std::to_string(part.version);
  });
  EXPECT_TRUE(parts.ok());
  return made;
}

std::vector<wire::KeysChange> keys_told(hq::Ledger& ledger, TillNumber till, const hq::Position& since = {}) {
  std::vector<wire::KeysChange> keys;
  for (const auto& text : ledger.changes_since(till, "0123", since, 1 << 20).changes) {
    const auto change = wire::read_change(text);
    if (change && change->kind == wire::ChangeKind::keys) keys.push_back(change->keys);
  }
  return keys;
}

}  // namespace

TEST_P(LedgerContract, ANewTillsKeyIsPublishedOnce) {
  add_store();
  publish(ledger());
  EXPECT_FALSE(ledger().keys_are_due());
  const auto till = enrol(1);
  EXPECT_TRUE(ledger().keys_are_due());
  const auto made = publish(ledger());
  ASSERT_EQ(made.size(), 1u);
  ASSERT_EQ(made[0].rows.size(), 1u);
  EXPECT_EQ(made[0].rows[0].id, (KeyId{till, 0}));
  EXPECT_EQ(made[0].rows[0].facts.status, KeyFacts::Status::live);
  EXPECT_GE(made[0].rows[0].facts.ceiling, 65'536u);
  EXPECT_EQ(made[0].incarnation, ledger().state().incarnation);
  EXPECT_FALSE(ledger().keys_are_due());
  EXPECT_TRUE(publish(ledger()).empty()) << "nothing changed";
  const auto seen = keys_told(ledger(), till);
  ASSERT_EQ(seen.size(), 1u) << "the newest document of a part only";
  EXPECT_EQ(seen[0].part, 0);
  EXPECT_EQ(seen[0].document, "document " + std::to_string(made[0].version));
  EXPECT_EQ(ledger().keys(), made[0].rows);
}

TEST_P(LedgerContract, WhatIsDueOutlivesARestart) {
  add_store();
  publish(ledger());
  enrol(1);
  reopen();
  EXPECT_TRUE(ledger().keys_are_due());
  EXPECT_EQ(publish(ledger()).size(), 1u);
}

TEST_P(LedgerContract, VersionsRiseAndAnOldPartIsRenewed) {
  add_store();
  enrol(1);
  const auto first = publish(ledger());
  EXPECT_TRUE(publish(ledger(), kPublished.plus_ms(kDay), kPublished.plus_ms(-1)).empty());
  const auto renewed = publish(ledger(), kPublished.plus_ms(7 * kDay), kPublished);
  ASSERT_EQ(renewed.size(), 1u);
  EXPECT_GT(renewed[0].version, first[0].version);
  EXPECT_EQ(renewed[0].rows, first[0].rows);
  reopen();
  enrol(2);
  EXPECT_GT(publish(ledger(), kPublished.plus_ms(8 * kDay))[0].version, renewed[0].version);
}

TEST_P(LedgerContract, ARevokedKeyHoldsUpToASerial) {
  add_store();
  const auto till = enrol(1);
  publish(ledger());
  EXPECT_EQ(ledger().revoke_key({till, 3}, 9).error().code, ErrorCode::not_found);
  ASSERT_TRUE(ledger().revoke_key({till, 0}, 451).ok());
  auto facts = publish(ledger())[0].rows[0].facts;
  EXPECT_EQ(facts.status, KeyFacts::Status::revoked);
  EXPECT_EQ(facts.good_to, 451u);
  ASSERT_TRUE(ledger().revoke_key({till, 0}, 12).ok());
  EXPECT_EQ(publish(ledger())[0].rows[0].facts.good_to, 12u);
}

TEST_P(LedgerContract, ARevokedTillsCouponsHoldAsFarAsTheyAreKnown) {
  add_store();
  add_campaign(1, 100, 10);
  const auto number = enrol(1);
  TillEvents till(number);
  till.add(sale_event({.coupon_serials = {1, 2, 3}}));
  ingest(till.batch(1, 1));
  publish(ledger());
  ASSERT_TRUE(ledger().revoke_till(number).ok());
  const auto made = publish(ledger());
  ASSERT_EQ(made.size(), 1u);
  EXPECT_EQ(made[0].rows[0].facts.status, KeyFacts::Status::revoked);
  EXPECT_EQ(made[0].rows[0].facts.good_to, 3u);
}

TEST_P(LedgerContract, AKeyThatWasReplacedIsRetiredAndEnds) {
  add_store();
  const auto till = enrol(1);
  wire::Epoch old{};
  old.fill(1);
  ASSERT_TRUE(ledger()
                  .contact(till, old, {},
                           [&](const hq::ContactSituation& situation) {
                             hq::ContactPlan plan;
                             plan.answer = "moved";
                             plan.outcome = "readmitted";
                             plan.changed = situation.record;
                             plan.changed->state = hq::EpochState::ended;
                             plan.begun = situation.record;
                             plan.begun->epoch.fill(2);
                             plan.begun->public_key.fill(2);
                             plan.begun->generation = 1;
                             plan.begun->begun = kPublished;
                             return Result<hq::ContactPlan>(plan);
                           })
                  .ok());
  const auto rows = publish(ledger())[0].rows;
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].facts.status, KeyFacts::Status::retired);
  ASSERT_TRUE(rows[0].facts.until);
  EXPECT_GT(*rows[0].facts.until, kPublished.plus_ms(35 * kDay));
  EXPECT_EQ(rows[1].id.generation, 1);
  EXPECT_EQ(rows[1].facts.status, KeyFacts::Status::live);
  EXPECT_FALSE(rows[1].facts.until);
}

TEST_P(LedgerContract, ARestoredHeadquartersSignsItsWholeDirectoryAnew) {
  add_store();
  enrol(1);
  const auto before = publish(ledger());
  const Bytes16 new_life{42};
  ASSERT_TRUE(ledger().found_restored(new_life).ok());
  const auto after = publish(ledger());
  ASSERT_EQ(after.size(), before.size());
  EXPECT_EQ(after[0].incarnation, new_life);
}

}  // namespace tillside::test
