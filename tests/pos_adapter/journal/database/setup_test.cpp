// What [database] names: the secret's file, the query, the marks, the mapping.
#include "pos_adapter/journal/database/setup.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace tillside::journal {
namespace {

namespace fs = std::filesystem;

class Setup : public ::testing::Test {
 protected:
  Setup() {
    std::string name = (fs::temp_directory_path() / "tillside-setup-XXXXXX").string();
    folder = ::mkdtemp(name.data());
    settings.connection_file = write("connection", "Driver=SQLite3;PWD=open-sesame-77\n");
    settings.query = "SELECT * FROM sales WHERE id > ? ORDER BY id";
    settings.high_water = "id";
  }
  ~Setup() override { fs::remove_all(folder); }

  fs::path write(const std::string& name, const std::string& text, fs::perms mode = fs::perms::owner_read) const {
    std::ofstream(folder / name) << text;
    fs::permissions(folder / name, mode);
    return folder / name;
  }
  // "code field: detail" of the refusal, or "fine".
  std::string refusal() const {
    const auto setup = set_up_database(settings);
    if (setup) return "fine";
    EXPECT_EQ(setup.error().detail.find("open-sesame-77"), std::string::npos);
    return std::string(name_of(setup.error().code)) + " " + setup.error().field;
  }

  fs::path folder;
  DatabaseSettings settings;
};

TEST_F(Setup, TheConnectionIsALineOfAPrivateFile) {
  const auto setup = set_up_database(settings);
  ASSERT_TRUE(setup.ok()) << setup.error().detail;
  EXPECT_EQ(setup->helper.connection, "Driver=SQLite3;PWD=open-sesame-77");
  EXPECT_EQ(setup->door.rules.look_back, 500);
  EXPECT_EQ(setup->door.poll_ms, 5000);
  EXPECT_FALSE(setup->helper.as_bytes);
  for (const fs::perms more : {fs::perms::group_read, fs::perms::others_read, fs::perms::group_write}) {
    fs::permissions(settings.connection_file, fs::perms::owner_read | more);
    EXPECT_EQ(refusal(), "refused database.connection_file");
  }
  settings.connection_file = write("blank", " \n");
  EXPECT_EQ(refusal(), "bad_format database.connection_file");
  settings.connection_file = folder / "none";
  EXPECT_EQ(refusal(), "not_found database.connection_file");
}

TEST_F(Setup, WhatIsMissingOrWrongIsNamed) {
  settings.query = "DELETE FROM sales WHERE id > ?";
  EXPECT_EQ(refusal(), "bad_format database.query");
  settings.query.clear();
  EXPECT_EQ(refusal(), "missing_field database.query");
  settings.query = "SELECT * FROM sales WHERE id > ?";
  settings.high_water.clear();
  EXPECT_EQ(refusal(), "missing_field database.high_water");
  settings.high_water = "id";
  settings.start = "soon";
  EXPECT_EQ(refusal(), "bad_format database.start");
  settings.start.clear();
  settings.mapping = write("mapping.toml", "[columns]\nticket = 7\n");
  EXPECT_EQ(refusal(), "wrong_type columns.ticket");
}

TEST_F(Setup, TimesLookBackInSecondsAndAnEncodingAsksForBytes) {
  settings.high_water_is = "time";
  settings.start = "2026-11-22 00:00:00";
  settings.mapping = write("mapping.toml", "[file]\nencoding = \"gb18030\"\n");
  const auto setup = set_up_database(settings);
  ASSERT_TRUE(setup.ok()) << setup.error().detail;
  EXPECT_EQ(setup->door.rules.look_back, 600'000);
  EXPECT_EQ(format_mark(setup->door.start, MarkKind::time), "2026-11-22 00:00:00.000");
  EXPECT_TRUE(setup->helper.as_bytes);
  settings.look_back = 60;
  EXPECT_EQ(set_up_database(settings)->door.rules.look_back, 60'000);
}

}  // namespace
}  // namespace tillside::journal
