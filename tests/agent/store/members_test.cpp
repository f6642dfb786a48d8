#include "agent/store/members.h"

#include <thread>

#include "tests/agent/store/snapshots.h"

namespace tillside::store {
namespace {

using namespace test;
using Page = Members::Page;

std::unique_ptr<Members> must_open_members(const fs::path& folder) {
  auto members = Members::open({folder});
  EXPECT_TRUE(members) << (members ? "" : members.error().detail);
  return members ? std::move(*members) : nullptr;
}

void must(const Status& status) { ASSERT_TRUE(status) << message(status); }

void must_apply(Members& members, const std::vector<wire::Change>& changes, const Page& page) {
  must(members.apply(changes, page));
}

// Names, writes and imports a snapshot.
wire::MembersCheckpoint import(Members& members, const TempFolder& folder, const std::string& name, const Rows& rows,
                               Page page, std::uint64_t version = 0) {
  const std::string text = snapshot_text(rows);
  const auto checkpoint = checkpoint_of(name, text, rows.size(), version);
  must_apply(members, {change_of(checkpoint)}, page);
  write_file(folder / name, text);
  must(members.import_snapshot(folder / name, checkpoint));
  return checkpoint;
}

std::string found(Members& members, const IdHash& hash) {
  const auto record = members.find(hash);
  return record ? encode_member(*record) : "";
}

Rows random_rows(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Rows rows;
  while (rows.size() < count) rows[random_hash(random)] = record_with(static_cast<std::uint32_t>(rows.size()));
  return rows;
}

TEST(Members, ANewReplicaKnowsNothingAndSaysSo) {
  TempFolder folder;
  auto members = must_open_members(folder.path());
  EXPECT_FALSE(members->facts().checkpoint_applied);
  EXPECT_FALSE(members->facts().as_of);
  EXPECT_TRUE(members->needs_everything());
  EXPECT_FALSE(members->find(IdHash{}));
  must_apply(*members, {}, {true, false, Instant{5}});
  EXPECT_FALSE(members->needs_everything());
  EXPECT_FALSE(members->facts().checkpoint_applied);
}

TEST(Members, ChangesAndACheckpointWithoutASnapshotMakeItComplete) {
  TempFolder folder;
  {
    auto members = must_open_members(folder.path());
    wire::MembersCheckpoint checkpoint;
    checkpoint.covered_types = 2;
    checkpoint.scope = Scope::store;
    must_apply(*members,
               {change_of(IdHash{1}, record_with(1)), change_of(IdHash{2}, record_with(2)), change_of(checkpoint),
                change_of(IdHash{1}, "")},
               {true, false, Instant{77}});
  }
  auto members = must_open_members(folder.path());
  EXPECT_TRUE(members->facts().checkpoint_applied);
  EXPECT_EQ(members->facts().covered_types, 2u);
  EXPECT_EQ(members->facts().scope, Scope::store);
  EXPECT_EQ(members->facts().as_of, Instant{77});
  EXPECT_EQ(found(*members, IdHash{1}), "");
  EXPECT_EQ(found(*members, IdHash{2}), record_with(2));
}

TEST(Members, TheFactsStayAsOfTheLastCompleteTimeWhileASnapshotIsWanted) {
  TempFolder folder;
  auto members = must_open_members(folder.path());
  const Rows rows = random_rows(100, 1);
  import(*members, folder, "one", rows, {true, false, Instant { 100 }});
  EXPECT_EQ(members->facts().as_of, Instant{100});
  const auto checkpoint = checkpoint_of("two", snapshot_text(rows), rows.size());
  must_apply(*members, {change_of(checkpoint)}, {false, false, Instant{200}});
  EXPECT_TRUE(members->facts().checkpoint_applied);
  EXPECT_EQ(members->facts().as_of, Instant{100});
  must_apply(*members, {change_of(IdHash{1}, record_with(1))}, {false, false, Instant{300}});
  EXPECT_EQ(members->facts().as_of, Instant{100});
  EXPECT_EQ(found(*members, IdHash{1}), record_with(1)) << "what is known is used at once";
  write_file(folder / "two", snapshot_text(rows));
  must(members->import_snapshot(folder / "two", checkpoint));
  EXPECT_EQ(members->facts().as_of, Instant{300});
  EXPECT_EQ(found(*members, IdHash{1}), record_with(1)) << "a change after the checkpoint stays on top";
}

TEST(Members, ASnapshotReplacesAllAndOnlyNewerChangesGoOnTop) {
  TempFolder folder;
  auto members = must_open_members(folder.path());
  const IdHash stale{1}, newer{2}, gone{3};
  must_apply(
      *members,
      {change_of(stale, record_with(1), 10), change_of(newer, record_with(2), 30), change_of(gone, record_with(3), 11)},
      {true, false, Instant{1}});
  Rows rows{{stale, record_with(100)}, {newer, record_with(200)}};
  import(*members, folder, "s", rows, {false, false, Instant { 2 }}, 20);
  EXPECT_EQ(found(*members, stale), record_with(100)) << "the snapshot holds what came after this change";
  EXPECT_EQ(found(*members, newer), record_with(2))
      << "this change came after the snapshot, although it was here first";
  EXPECT_EQ(found(*members, gone), "");
  import(*members, folder, "t", rows, {false, false, Instant { 3 }}, 25);
  EXPECT_EQ(found(*members, newer), record_with(2)) << "it is still newer than the next snapshot";
  import(*members, folder, "u", rows, {false, false, Instant { 4 }}, 40);
  EXPECT_EQ(found(*members, newer), record_with(200));
}

TEST(Members, ARepeatedCheckpointOfTheHeldSnapshotWantsNothing) {
  TempFolder folder;
  const Rows rows = random_rows(10, 2);
  wire::MembersCheckpoint checkpoint;
  {
    auto members = must_open_members(folder.path());
    checkpoint = import(*members, folder, "s", rows, {true, false, Instant{1}});
  }
  auto members = must_open_members(folder.path());
  checkpoint.covered_types = 6;
  must_apply(*members, {change_of(checkpoint)}, {false, false, Instant{9}});
  EXPECT_FALSE(members->wanted());
  EXPECT_EQ(members->facts().covered_types, 6u);
  EXPECT_EQ(members->facts().as_of, Instant{9});
}

TEST(Members, AnythingWrongInASnapshotLeavesEverythingAsItWas) {
  TempFolder folder;
  auto members = must_open_members(folder.path());
  const Rows rows = random_rows(50, 3);
  import(*members, folder, "one", rows, {true, false, Instant { 1 }});
  const std::string text = snapshot_text(random_rows(60, 4));
  const auto checkpoint = checkpoint_of("two", text, 60);
  must_apply(*members, {change_of(checkpoint)}, {false, false, Instant{2}});
  std::string flipped = text;
  flipped[500] = static_cast<char>(flipped[500] ^ 1);
  for (const std::string& bad :
       {text.substr(0, text.size() - 1), text + "x", flipped, std::string(), std::string("no")}) {
    write_file(folder / "two", bad);
    EXPECT_EQ(members->import_snapshot(folder / "two", checkpoint).error().code, ErrorCode::bad_format);
    EXPECT_TRUE(members->wanted());
    EXPECT_EQ(found(*members, rows.begin()->first), rows.begin()->second);
  }
  auto other = checkpoint;
  other.snapshot = "three";
  EXPECT_EQ(members->import_snapshot(folder / "two", other).error().code, ErrorCode::conflict);
  EXPECT_EQ(member_generations(folder.path()).size(), 1u);
  write_file(folder / "two", text);
  must(members->import_snapshot(folder / "two", checkpoint));
  EXPECT_EQ(found(*members, rows.begin()->first), "");
}

TEST(Members, AStreamFromNothingReplacesWhatWasThereAtItsEnd) {
  TempFolder folder;
  auto members = must_open_members(folder.path());
  wire::MembersCheckpoint complete;
  complete.covered_types = 2;
  must_apply(*members, {change_of(IdHash{1}, record_with(1)), change_of(complete)}, {true, false, Instant{1}});
  must_apply(*members, {change_of(IdHash{2}, record_with(2))}, {true, true, Instant{50}});
  EXPECT_EQ(found(*members, IdHash{1}), record_with(1));
  EXPECT_EQ(members->facts().as_of, Instant{1});
  must_apply(*members, {change_of(IdHash{3}, record_with(3)), change_of(complete)}, {false, false, Instant{51}});
  EXPECT_EQ(found(*members, IdHash{1}), "") << "headquarters was restored and does not know her";
  EXPECT_EQ(found(*members, IdHash{2}), record_with(2));
  EXPECT_EQ(found(*members, IdHash{3}), record_with(3));
  EXPECT_TRUE(members->facts().checkpoint_applied);
  EXPECT_EQ(members->facts().as_of, Instant{51});
}

TEST(Members, AStreamFromNothingWithoutACheckpointEndsIncomplete) {
  TempFolder folder;
  auto members = must_open_members(folder.path());
  wire::MembersCheckpoint complete;
  must_apply(*members, {change_of(IdHash{1}, record_with(1)), change_of(complete)}, {true, false, Instant{1}});
  must_apply(*members, {change_of(IdHash{2}, record_with(2))}, {true, false, Instant{50}});
  EXPECT_EQ(found(*members, IdHash{1}), "");
  EXPECT_EQ(found(*members, IdHash{2}), record_with(2));
  EXPECT_FALSE(members->facts().checkpoint_applied);
}

TEST(Members, AgreesWithAMapUnderRandomChangesSnapshotsAndRestarts) {
  TempFolder folder;
  std::mt19937_64 random(42);
  std::vector<IdHash> hashes;
  for (int i = 0; i < 300; ++i) hashes.push_back(random_hash(random));
  Rows truth, at_snapshot;
  std::uint64_t version = 0;
  auto members = must_open_members(folder.path());
  bool first = true;
  for (int round = 0; round < 120; ++round) {
    std::vector<wire::Change> changes;
    for (std::size_t i = 0; i < random() % 12; ++i) {
      const IdHash& hash = hashes[random() % hashes.size()];
      const std::string record = random() % 4 == 0 ? "" : record_with(static_cast<std::uint32_t>(random() % 100'000));
      changes.push_back(change_of(hash, record, ++version));
      if (record.empty())
        truth.erase(hash);
      else
        truth[hash] = record;
      if (random() % 9 == 0) changes.push_back(changes.back());
    }
    must_apply(*members, changes, {first, false, Instant{round}});
    first = false;
    if (random() % 8 == 0) {
      // The snapshot was taken now; more changes arrive before its checkpoint and before its last byte.
      const Rows taken = truth;
      const std::uint64_t taken_version = version;
      const IdHash& hash = hashes[random() % hashes.size()];
      truth[hash] = record_with(7);
      must_apply(*members, {change_of(hash, record_with(7), ++version)}, {false, false, Instant{round}});
      import(*members, folder, "s" + std::to_string(round), taken, {false, false, Instant { round }}, taken_version);
    }
    if (random() % 10 == 0) {
      members.reset();
      members = must_open_members(folder.path());
    }
    for (int i = 0; i < 20; ++i) {
      const IdHash& hash = hashes[random() % hashes.size()];
      const auto known = truth.find(hash);
      ASSERT_EQ(found(*members, hash), known == truth.end() ? "" : known->second) << "round " << round;
    }
  }
}

TEST(Members, LookupsGoOnDuringChangesAndSwaps) {
  TempFolder folder;
  auto members = must_open_members(folder.path());
  const Rows rows = random_rows(3000, 5);
  import(*members, folder, "first", rows, {true, false, Instant { 1 }});
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> lookups{0}, wrong{0};
  std::vector<std::thread> readers;
  for (int t = 0; t < 3; ++t) {
    readers.emplace_back([&, t] {
      std::mt19937_64 random(static_cast<std::uint64_t>(t));
      std::vector<std::pair<IdHash, std::string>> all(rows.begin(), rows.end());
      while (!stop) {
        const auto& [hash, record] = all[random() % all.size()];
        wrong += found(*members, hash) != record;
        wrong += !members->facts().checkpoint_applied;
        ++lookups;
      }
    });
  }
  for (int round = 0; round < 12; ++round) {
    std::vector<wire::Change> changes;
    for (std::uint8_t i = 0; i < 200; ++i) changes.push_back(change_of(IdHash{i, 1, 2}, record_with(i)));
    must_apply(*members, changes, {false, false, Instant{round}});
    import(*members, folder, "s" + std::to_string(round), rows, {false, false, Instant { round }});
  }
  while (lookups < 3000) std::this_thread::yield();
  stop = true;
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0u);
  EXPECT_EQ(member_generations(folder.path()).size(), 1u);
}

TEST(Members, ADamagedPageMakesVerdictsUnknownAndTheReplicaBeginsAgain) {
  TempFolder folder;
  const Rows rows = random_rows(20'000, 6);
  {
    auto members = must_open_members(folder.path());
    import(*members, folder, "s", rows, {true, false, Instant { 1 }});
  }
  const auto file = member_file_path(folder.path(), member_generations(folder.path()).back());
  scribble(file, 4 * MemberFile::kPageSize, fs::file_size(file) - 4 * MemberFile::kPageSize);
  auto members = must_open_members(folder.path());
  EXPECT_TRUE(members->facts().checkpoint_applied) << "the start reads no rows";
  std::size_t unreadable = 0;
  for (const auto& [hash, record] : rows) {
    const bool there = members->find(hash).has_value();
    EXPECT_TRUE(there || !members->facts().checkpoint_applied);
    unreadable += !there;
  }
  EXPECT_GT(unreadable, 0u);
  EXPECT_TRUE(members->needs_everything());
  EXPECT_TRUE(members->mend());
  EXPECT_FALSE(members->mend());
  ASSERT_EQ(members->set_aside().size(), 1u);
  EXPECT_TRUE(fs::exists(folder / members->set_aside().front()));
  EXPECT_TRUE(members->needs_everything());
  import(*members, folder, "s", rows, {true, false, Instant { 9 }});
  EXPECT_EQ(found(*members, rows.begin()->first), rows.begin()->second);
  EXPECT_TRUE(members->set_aside().size() == 1u);
}

TEST(Members, FilesThatAreNoReplicaAreSetAsideAtTheStart) {
  for (const std::string& content : {std::string(70'000, 'x'), std::string("SQLite format 3"), std::string()}) {
    TempFolder folder;
    write_file(folder / "members-4.db", content);
    write_file(folder / "members-3.new", "half");
    auto members = must_open_members(folder.path());
    ASSERT_TRUE(members);
    EXPECT_TRUE(members->needs_everything());
    must_apply(*members, {change_of(IdHash{1}, record_with(1))}, {true, false, Instant{1}});
    EXPECT_EQ(found(*members, IdHash{1}), record_with(1));
  }
}

TEST(Members, ARecordThisVersionCannotReadIsDoubtNotAbsence) {
  TempFolder folder;
  auto members = must_open_members(folder.path());
  wire::MembersCheckpoint complete;
  must_apply(*members, {change_of(IdHash{1}, std::string("\x70\x00", 2)), change_of(complete)},
             {true, false, Instant{1}});
  EXPECT_TRUE(members->facts().checkpoint_applied);
  EXPECT_FALSE(members->find(IdHash{1}));
  EXPECT_FALSE(members->facts().checkpoint_applied);
}

TEST(Members, AKilledLoadLeavesTheOldGeneration) {
  TempFolder folder;
  const Rows rows = random_rows(10, 8);
  {
    auto members = must_open_members(folder.path());
    import(*members, folder, "s", rows, {true, false, Instant { 1 }});
  }
  const std::uint64_t generation = member_generations(folder.path()).back();
  write_file(member_loading_path(folder.path(), generation + 1), std::string(100'000, 'h'));
  auto members = must_open_members(folder.path());
  EXPECT_EQ(found(*members, rows.begin()->first), rows.begin()->second);
  import(*members, folder, "t", rows, {false, false, Instant { 2 }});
  EXPECT_EQ(found(*members, rows.begin()->first), rows.begin()->second);
}

}  // namespace
}  // namespace tillside::store
