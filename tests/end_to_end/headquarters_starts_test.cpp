// What an integrator meets first: how headquarters starts, and what it leaves on the disk.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/fakes/town.h"

namespace tillside::test {
namespace {

namespace fs = std::filesystem;
using fakes::program;

std::string complaint_in(const std::string& locale, const fs::path& folder, const std::vector<std::string>& more = {}) {
  std::vector<std::string> words{"env",          "LC_ALL=" + locale, program("tillside-hq"), "serve", "--data",
                                 folder / "new", "--listen",         "127.0.0.1:0"};
  words.insert(words.end(), more.begin(), more.end());
  try {
    fakes::run_program(words);
  } catch (const std::runtime_error& refused) {
    return refused.what();
  }
  return "it served";
}

std::string members_csv(int rows) {
  std::string csv = "member_id,phone\n";
  for (int i = 0; i < rows; ++i) csv += "M" + std::to_string(i) + "," + std::to_string(13800000000 + i) + "\n";
  return csv;
}

TEST(HeadquartersStarts, OnlyWithAHostForItsCodesAndSaysHowToGiveIt) {
  const fakes::Town town;
  EXPECT_THAT(complaint_in("zh_CN.UTF-8", town.folder()),
              testing::AllOf(testing::HasSubstr("域名"), testing::HasSubstr("--public-host t.example.cn")));
  EXPECT_THAT(complaint_in("en_US.UTF-8", town.folder()),
              testing::AllOf(testing::HasSubstr("no host"), testing::HasSubstr("--public-host t.example.cn")));
  EXPECT_THAT(complaint_in("en_US.UTF-8", town.folder(), {"--public-host", "https://t.example.cn"}),
              testing::HasSubstr("is no host"));
}

TEST(HeadquartersStarts, AndWritesNothingThatOthersCanRead) {
  ::umask(0022);
  fakes::Town town;
  const auto imported = town.post("members/import", members_csv(6000), "text/csv");
  ASSERT_EQ(imported["published"], "snapshot");
  town.post("members/import?more=1", members_csv(10), "text/csv");  // stays open: its staging file is there
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(town.folder() / "hq")) {
    files += entry.is_regular_file();
    EXPECT_EQ(entry.status().permissions() & (fs::perms::group_all | fs::perms::others_all), fs::perms::none)
        << entry.path();
  }
  EXPECT_GE(files, 5u);
}

}  // namespace
}  // namespace tillside::test
