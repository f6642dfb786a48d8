// What every Ledger promises of the change log and members.
#include "tests/contract/ledger_contract.h"

namespace tillside::test {

TEST_P(LedgerContract, TheChangeLogGivesTheLatestOfEachThingByScope) {
  add_store();
  add_store("0456");
  const auto till = enrol();
  std::vector<std::string> heard;
  ledger().on_change([&](const std::vector<std::string>& scopes) { heard = scopes; });
  ASSERT_TRUE(ledger().replace_staff({{"0123", {{"E1", 1, "一", StaffRole::guide, true, ""}}}}).ok());
  EXPECT_EQ(heard, std::vector<std::string>{"store:0123"});
  ASSERT_TRUE(ledger().replace_staff({{"0123", {{"E2", 2, "二", StaffRole::guide, true, ""}}}}).ok());
  ASSERT_TRUE(ledger().replace_staff({{"0456", {{"E3", 3, "三", StaffRole::guide, true, ""}}}}).ok());
  add_campaign(1, 100, 10);
  auto page = ledger().changes_since(till, "0123", {}, 1 << 20);
  EXPECT_EQ(page.changes.size(), 3u);  // quota, staff (only the latest, only this store's), campaign
  EXPECT_EQ(page.position, ledger().newest_position(till, "0123"));
  EXPECT_TRUE(ledger().changes_since(till, "0123", page.position, 1 << 20).changes.empty());
  ASSERT_TRUE(ledger().stop_campaign(1).ok());
  const auto stopped = ledger().changes_since(till, "0123", page.position, 1 << 20);
  ASSERT_EQ(stopped.changes.size(), 2u);
  EXPECT_TRUE(wire::read_change(stopped.changes[0])->quota.recall);
  const auto change = wire::read_change(stopped.changes[1]);
  ASSERT_TRUE(change.ok());
  EXPECT_TRUE(parse_campaign(change->campaign_json)->stopped);
}

TEST_P(LedgerContract, ASmallPageSaysThereIsMore) {
  add_store();
  const auto till = enrol();
  for (std::uint32_t i = 1; i <= 5; ++i) add_campaign(i, 100, 10);
  hq::Position at;
  std::size_t seen = 0, pages = 0;
  for (bool more = true; more; ++pages) {
    const auto page = ledger().changes_since(till, "0123", at, 300);
    seen += page.changes.size();
    at = page.position;
    more = page.more;
  }
  EXPECT_EQ(seen, 10u);
  EXPECT_GT(pages, 3u);
}

TEST_P(LedgerContract, MembersAreMergedAndPublished) {
  add_store();
  const auto till = enrol();
  const IdHash phone{1}, card{2}, moved{3};
  ASSERT_TRUE(
      ledger()
          .merge_members(std::vector<hq::MemberRow>{{{10}, "r1", {{IdType::phone, phone}, {IdType::card, card}}},
                                                    {{20}, "r2", {{IdType::phone, moved}}}})
          .ok());
  EXPECT_EQ(*ledger().merge_member_ids(std::vector<hq::MemberIdRow>{
                {phone, {10}, "r1", false}, {card, {10}, "r1", false}, {moved, {20}, "r2", false}}),
            3u);
  ASSERT_TRUE(ledger().publish_deltas().ok());
  const auto counts = ledger().member_counts();
  EXPECT_EQ(counts.members, 2u);
  EXPECT_EQ(counts.covered, 1u << static_cast<unsigned>(IdType::phone));
  EXPECT_EQ(counts.dirty, 0u);
  const auto removed = ledger().merge_members(std::vector<hq::MemberRow>{{{10}, "r1", {{IdType::phone, phone}}}});
  ASSERT_EQ(removed->size(), 1u);
  EXPECT_EQ((*removed)[0].hash, card);
  EXPECT_EQ(
      *ledger().merge_member_ids(std::vector<hq::MemberIdRow>{{card, {10}, "", true}, {phone, {10}, "r1", false}}), 1u);
  const auto before = ledger().newest_position(till, "0123");
  ASSERT_TRUE(ledger().publish_deltas().ok());
  const auto page = ledger().changes_since(till, "0123", before, 1 << 20);
  ASSERT_EQ(page.changes.size(), 2u);
  const auto gone = wire::read_change(page.changes[0]);
  ASSERT_TRUE(gone.ok());
  EXPECT_EQ(gone->member.hash, card);
  EXPECT_TRUE(gone->member.record.empty());
  EXPECT_EQ(wire::read_change(page.changes[1])->kind, wire::ChangeKind::members_checkpoint);
}

TEST_P(LedgerContract, ASnapshotReplacesItsDeltas) {
  add_store();
  const auto till = enrol();
  ASSERT_TRUE(ledger().merge_member_ids(std::vector<hq::MemberIdRow>{{IdHash{1}, {10}, "r", false}}).ok());
  ASSERT_TRUE(ledger().publish_deltas().ok());
  std::size_t rows = 0;
  ASSERT_TRUE(ledger().each_member_id([&](const IdHash&, std::string_view) { ++rows; }).ok());
  EXPECT_EQ(rows, 1u);
  wire::MembersCheckpoint checkpoint;
  checkpoint.snapshot = "members-1.snap";
  ASSERT_TRUE(ledger().publish_snapshot(checkpoint).ok());
  EXPECT_EQ(ledger().checkpoint()->snapshot, "members-1.snap");
  const auto page = ledger().changes_since(till, "0123", {}, 1 << 20);
  ASSERT_EQ(page.changes.size(), 1u);
  EXPECT_EQ(wire::read_change(page.changes[0])->kind, wire::ChangeKind::members_checkpoint);
}

}  // namespace tillside::test
