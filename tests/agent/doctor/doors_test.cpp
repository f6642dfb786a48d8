// What the doctor finds on the machine itself.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <fstream>

#include "agent/doctor/examine_doors.h"

namespace tillside::doctor {
namespace {

namespace fs = std::filesystem;

class Machine : public ::testing::Test {
 protected:
  Machine() {
    std::string name = (fs::temp_directory_path() / "tillside-doctor-XXXXXX").string();
    top_ = ::mkdtemp(name.data());
    config_.folder = top_ / "till";
    fs::create_directory(config_.folder);
    fs::permissions(config_.folder, fs::perms::owner_all);
  }
  ~Machine() override { fs::remove_all(top_); }

  fs::path write(const std::string& name, const std::string& content) {
    fs::create_directories((top_ / name).parent_path());
    std::ofstream(top_ / name) << content;
    return top_ / name;
  }
  static std::string told(const Findings& findings) {
    std::string text;
    for (const Finding& finding : findings) text += (text.empty() ? "" : ", ") + std::string(name_of(finding.health));
    return text;
  }
  std::string files_in(std::chrono::minutes later = std::chrono::minutes(0)) {
    return told(examine_files(config_, fs::file_time_type::clock::now() + later));
  }

  fs::path top_;
  Config config_;
};

TEST_F(Machine, TheFolderIsForItsOwnerOnly) {
  EXPECT_EQ(told(examine_folder(config_)), "works");
  fs::permissions(config_.folder, fs::perms::group_read, fs::perm_options::add);
  const Findings findings = examine_folder(config_);
  EXPECT_EQ(told(findings), "broken, works");
  EXPECT_EQ(findings[0].mend.zh, "chmod 700 " + config_.folder.string());
  config_.folder = top_ / "nowhere";
  EXPECT_EQ(told(examine_folder(config_)), "broken");
}

TEST_F(Machine, WithoutAFileDoorNothingIsSaidOfIt) { EXPECT_EQ(files_in(), ""); }

TEST_F(Machine, ADropFolderMustBeThereAndEmptiedInTime) {
  config_.drop_folder = top_ / "drop";
  EXPECT_EQ(files_in(), "broken");
  write("drop/day.xml", "<POSLog/>");
  write("drop/day.xml.part", "half");
  EXPECT_EQ(files_in(), "works") << "a file that was just dropped is no fault";
  EXPECT_EQ(files_in(std::chrono::minutes(5)), "broken");
}

TEST_F(Machine, WhatCouldNotBeReadIsPointedAt) {
  config_.drop_folder = top_ / "drop";
  write("drop/done/day.xml.errors.txt", "line 3");
  write("drop/failed/other.csv.errors.txt", "line 1");
  const Findings findings = examine_files(config_, fs::file_time_type::clock::now());
  ASSERT_EQ(told(findings), "look");
  EXPECT_NE(findings[0].says.en.find("2 files"), std::string::npos);
}

TEST_F(Machine, FollowedFilesAndTheMappingMustBeReadable) {
  config_.appended_files = {write("journal.jsonl", ""), top_ / "gone.jsonl"};
  EXPECT_EQ(files_in(), "works, broken");
  config_.mapping = write("mapping.toml", "[columns]\nticket = \"No\"\n");
  EXPECT_EQ(files_in(), "works, broken");
  config_.mapping = write("wrong.toml", "[colums]\nticket = \"No\"\n");
  EXPECT_EQ(files_in(), "works, broken, broken");
}

TEST_F(Machine, ADatabaseIsAskedForARow) {
  EXPECT_TRUE(examine_database(config_).empty()) << "not configured";
  config_.database.query = "SELECT * FROM sales WHERE id > ? ORDER BY id";
  config_.database.high_water = "id";
  config_.database.connection_file = write("connection", "Driver=there-is-none;PWD=open-sesame-77");
  fs::permissions(config_.database.connection_file, fs::perms::owner_read | fs::perms::others_read);
  Findings found = examine_database(config_);
  ASSERT_EQ(told(found), "broken");
  EXPECT_NE(found[0].says.en.find("chmod 600"), std::string::npos);
  fs::permissions(config_.database.connection_file, fs::perms::owner_read);
  found = examine_database(config_);
  ASSERT_EQ(told(found), "broken") << "no such driver, or no tillside-odbc beside this test";
  EXPECT_EQ(found[0].says.en.find("open-sesame-77"), std::string::npos);
}

}  // namespace
}  // namespace tillside::doctor
