#include "agent/store/key_file.h"

#include "agent/platform/files.h"
#include "tests/agent/store/support.h"

namespace tillside::store {
namespace {

using namespace test;

TEST(KeyFile, IsMadeAtFirstUsePrivateAndStays) {
  TempFolder folder;
  KeyFile keys(folder.path());
  EXPECT_FALSE(fs::exists(folder / "till.key"));
  const auto first = keys.current();
  ASSERT_TRUE(first);
  EXPECT_EQ(fs::status(folder / "till.key").permissions() & fs::perms::all,
            fs::perms::owner_read | fs::perms::owner_write);
  const auto next = keys.next();
  ASSERT_TRUE(next);
  EXPECT_NE(first->public_key, next->public_key);
  KeyFile again(folder.path());
  EXPECT_EQ(again.current()->public_key, first->public_key);
  EXPECT_EQ(again.next()->public_key, next->public_key);
}

TEST(KeyFile, SwitchingIsDurableAndMakesANewNext) {
  TempFolder folder;
  KeyFile keys(folder.path());
  const auto next = keys.next();
  ASSERT_TRUE(keys.switch_to_next());
  KeyFile again(folder.path());
  EXPECT_EQ(again.current()->public_key, next->public_key);
  EXPECT_NE(again.next()->public_key, next->public_key);
  EXPECT_EQ(*again.switched(), 1u);
}

TEST(KeyFile, ADamagedFileIsSaidSoAndNeverReplaced) {
  for (const char* content :
       {"", "{", "[]", "{\"version\":1}", "{\"version\":1,\"switched\":0,\"seed\":\"00\",\"next\":\"11\"}",
        "{\"version\":1,\"switched\":0,\"seed\":7,\"next\":{}}"}) {
    TempFolder folder;
    write_file(folder / "till.key", content);
    KeyFile keys(folder.path());
    ASSERT_FALSE(keys.current()) << content;
    EXPECT_FALSE(keys.next());
    EXPECT_FALSE(keys.switch_to_next());
    EXPECT_EQ(read_file(folder / "till.key"), content);
  }
}

TEST(KeyFile, ANewerFileIsRefusedAsSuch) {
  TempFolder folder;
  write_file(folder / "till.key", "{\"version\":2}");
  EXPECT_EQ(KeyFile(folder.path()).current().error().code, ErrorCode::too_new);
}

TEST(KeyFile, ANewFileThatWasNotRenamedYetDoesNotCount) {
  TempFolder folder;
  KeyFile keys(folder.path());
  const auto before = keys.current();
  write_file(folder / "till.key.new", "{\"version\":1,");
  KeyFile again(folder.path());
  EXPECT_EQ(again.current()->public_key, before->public_key);
  EXPECT_TRUE(again.switch_to_next());
}

}  // namespace
}  // namespace tillside::store
