// The store opens whatever it finds: what is damaged is set aside under a name that says so, and the till goes on.
#include <future>
#include <thread>

#include "tests/agent/store/support.h"

namespace tillside::store {
namespace {

using namespace test;

std::string incident(Store& store) {
  std::string body;
  EXPECT_TRUE(store.read([&](Session& session) {
    Statement row = session.database().prepare("SELECT body FROM event ORDER BY id LIMIT 1");
    if (row.step()) body = row.text(0);
  }));
  return body;
}

void expect_fresh_and_told(const fs::path& folder) {
  auto store = must_open(folder);
  ASSERT_TRUE(store);
  ASSERT_FALSE(store->set_aside().empty());
  EXPECT_EQ(store->set_aside().front(), "tillside.db.damaged-1");
  EXPECT_TRUE(fs::exists(folder / store->set_aside().front()));
  EXPECT_NE(incident(*store).find("tillside.db.damaged-1"), std::string::npos);
  append_events(*store, 3);
  store.reset();
  store = must_open(folder);
  EXPECT_TRUE(store->set_aside().empty());
  EXPECT_EQ(count(*store, "SELECT count(*) FROM event"), 4);
}

void fill(const fs::path& folder, int events = 200) {
  auto store = must_open(folder);
  append_events(*store, events, std::string(2000, 'x'));
}

TEST(StoreOpen, ANewFolderIsPrivateAndHasAProvisionalEpoch) {
  TempFolder folder;
  auto store = must_open(folder / "till");
  EXPECT_EQ(fs::status(folder / "till").permissions() & fs::perms::all, fs::perms::owner_all);
  EXPECT_EQ(count(*store, "SELECT provisional FROM epoch"), 1);
  EXPECT_EQ(count(*store, "SELECT count(*) FROM event"), 0);
  const Bytes32 key = store->content_key();
  EXPECT_NE(key, Bytes32{});
  store.reset();
  EXPECT_EQ(must_open(folder / "till")->content_key(), key);
}

TEST(StoreOpen, SetsAsideGarbage) {
  TempFolder folder;
  write_file(folder / "tillside.db", std::string(9000, 'g'));
  expect_fresh_and_told(folder.path());
}

TEST(StoreOpen, SetsAsideAnEmptyFile) {
  TempFolder folder;
  write_file(folder / "tillside.db", "");
  expect_fresh_and_told(folder.path());
}

TEST(StoreOpen, SetsAsideATornFile) {
  TempFolder folder;
  fill(folder.path());
  fs::resize_file(folder / "tillside.db", fs::file_size(folder / "tillside.db") / 2);
  expect_fresh_and_told(folder.path());
}

TEST(StoreOpen, FindsADamagedPageAfterAnUncleanStopWhileItServes) {
  TempFolder folder;
  fill(folder.path());
  scribble(folder / "tillside.db", 40 * 4096, 8 * 4096);
  write_file(folder / "tillside.db-wal", "");
  {
    std::promise<std::string> found;
    auto store = must_open(folder.path(), [&](const std::string& damage) { found.set_value(damage); });
    EXPECT_TRUE(store->set_aside().empty()) << "it serves at once";
    EXPECT_NE(found.get_future().get().find("event"), std::string::npos);
    EXPECT_TRUE(store->damage_found());
  }
  expect_fresh_and_told(folder.path());
}

TEST(StoreOpen, LooksAtThePagesAgainWhenItWasStoppedBeforeTheEnd) {
  TempFolder folder;
  fill(folder.path());
  scribble(folder / "tillside.db", 40 * 4096, 8 * 4096);
  write_file(folder / "tillside.db.unchecked", "");  // a clean stop, but the look had not ended
  {
    std::promise<std::string> found;
    auto store = must_open(folder.path(), [&](const std::string& damage) { found.set_value(damage); });
    found.get_future().wait();
  }
  expect_fresh_and_told(folder.path());
}

TEST(StoreOpen, LooksAtSoundPagesOnceAfterAnUncleanStop) {
  TempFolder folder;
  fill(folder.path());
  write_file(folder / "tillside.db-wal", "");
  auto store = must_open(folder.path());
  append_events(*store, 20);
  while (fs::exists(folder / "tillside.db.unchecked")) std::this_thread::yield();
  EXPECT_FALSE(store->damage_found());
  store.reset();
  store = must_open(folder.path());
  EXPECT_FALSE(fs::exists(folder / "tillside.db.unchecked"));
  EXPECT_EQ(count(*store, "SELECT count(*) FROM event"), 220);
}

TEST(StoreOpen, DamageMetWhileRunningIsLookedForAtTheNextStart) {
  TempFolder folder;
  fill(folder.path());
  scribble(folder / "tillside.db", 40 * 4096, fs::file_size(folder / "tillside.db") - 41 * 4096);
  {
    auto store = must_open(folder.path());
    ASSERT_TRUE(store->set_aside().empty());
    const Status read =
        store->read([](Session& session) { session.database().integer("SELECT sum(length(body)) FROM event"); });
    EXPECT_EQ(read.error().code, ErrorCode::storage_failed);
  }
  expect_fresh_and_told(folder.path());
}

TEST(StoreOpen, RefusesANewerFileByNameAndLeavesItAlone) {
  TempFolder folder;
  fill(folder.path(), 1);
  { Database(folder / "tillside.db", {}).run("PRAGMA user_version=99"); }
  const auto opened = try_open(folder.path());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::too_new);
  EXPECT_NE(opened.error().detail.find("tillside.db"), std::string::npos);
  for (const std::string& name : names_in(folder.path())) EXPECT_EQ(name.find("damaged"), std::string::npos) << name;
}

TEST(StoreOpen, ACopyTakenInTheMiddleOfTheWalOpensWithAllThatWasCommitted) {
  TempFolder folder, copy;
  auto store = must_open(folder.path());
  append_events(*store, 50);
  for (const char* name : {"tillside.db", "tillside.db-wal"}) fs::copy_file(folder / name, copy / name);
  auto other = must_open(copy.path());
  EXPECT_TRUE(other->set_aside().empty());
  EXPECT_EQ(count(*other, "SELECT count(*) FROM event"), 50);
  append_events(*other, 1, "after");
  EXPECT_EQ(count(*other, "SELECT count(*) FROM event"), 51);
}

TEST(StoreOpen, AWalCutAtAnyByteOpensWithAPrefixOfWhatWasCommitted) {
  TempFolder folder;
  auto store = must_open(folder.path());
  append_events(*store, 8);
  const auto wal = fs::file_size(folder / "tillside.db-wal");
  for (std::uint64_t cut = 0; cut <= wal; cut += 7919) {
    TempFolder copy;
    for (const char* name : {"tillside.db", "tillside.db-wal"}) fs::copy_file(folder / name, copy / name);
    fs::resize_file(copy / "tillside.db-wal", cut);
    auto other = must_open(copy.path());
    ASSERT_TRUE(other);
    if (!other->set_aside().empty()) continue;
    const std::int64_t there = count(*other, "SELECT count(*) FROM event");
    EXPECT_EQ(there, count(*other, "SELECT coalesce(max(id) & 1099511627775, 0) FROM event"));
    append_events(*other, 1, "after");
    EXPECT_EQ(count(*other, "SELECT count(*) FROM event"), there + 1);
  }
}

TEST(StoreOpen, CheckpointsOfFileDoorsAreKept) {
  TempFolder folder;
  {
    auto store = must_open(folder.path());
    EXPECT_EQ(store->get_checkpoint("a"), std::nullopt);
    ASSERT_TRUE(store->put_checkpoint("a", "12"));
    ASSERT_TRUE(store->put_checkpoint("a", "13"));
  }
  EXPECT_EQ(must_open(folder.path())->get_checkpoint("a"), "13");
}

}  // namespace
}  // namespace tillside::store
