// What waits in a POS's spool, as the doctor sees it.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <fstream>

#include "agent/doctor/examine_spool.h"

namespace tillside::doctor {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::minutes;

class SpoolFolder : public ::testing::Test {
 protected:
  SpoolFolder() {
    std::string name = (fs::temp_directory_path() / "tillside-doctor-XXXXXX").string();
    top_ = ::mkdtemp(name.data());
    now_ = fs::file_time_type::clock::now();
  }
  ~SpoolFolder() override { fs::remove_all(top_); }

  // As the library names them: docs/c-abi.md.
  void wait(const std::string& folder, int number, minutes age) {
    std::string name = std::to_string(number);
    const fs::path file = spool() / folder / (std::string(16 - name.size(), '0') + name + ".doc");
    fs::create_directories(file.parent_path());
    std::ofstream(file) << "tillside-pos-spool 1 complete 2 9bbd9ba7\n{}";
    fs::last_write_time(file, now_ - age);
  }
  Findings found() { return examine_spools({spool()}, now_); }
  fs::path spool() const { return top_ / "spool"; }

  fs::path top_;
  fs::file_time_type now_;
};

TEST_F(SpoolFolder, IsSilentWhereNoneIsConfigured) { EXPECT_TRUE(examine_spools({}, now_).empty()); }

TEST_F(SpoolFolder, NothingHasWaitedYetOrAnyMore) {
  ASSERT_EQ(found().size(), 1U);
  EXPECT_EQ(found()[0].health, Health::works) << "the library makes it when it needs it";
  fs::create_directories(spool() / "1795310103000-1f9c03ae");
  EXPECT_EQ(found()[0].health, Health::works);
}

TEST_F(SpoolFolder, CountsWhatWaitsAndSinceWhen) {
  wait("1795310103000-1f9c03ae", 1, minutes(1));
  EXPECT_EQ(found()[0].health, Health::works) << "a moment's queue is no fault";
  wait("1795310103000-1f9c03ae", 2, minutes(7));
  wait("1795310109000-00000001", 1, hours(3));
  std::ofstream(spool() / "1795310103000-1f9c03ae" / "lock") << "";
  const Findings findings = found();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].health, Health::look);
  EXPECT_NE(findings[0].says.en.find("3 documents wait, the oldest for 3 hours"), std::string::npos)
      << findings[0].says.en;
  EXPECT_FALSE(findings[0].mend.zh.empty());
}

TEST_F(SpoolFolder, WhatWasRefusedIsPointedAt) {
  fs::create_directories(spool() / "set-aside");
  std::ofstream(spool() / "set-aside" / "1795310103000-1f9c03ae-0000000000000001.doc") << "refused";
  const Findings findings = found();
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].health, Health::works);
  EXPECT_EQ(findings[1].health, Health::look);
  EXPECT_NE(findings[1].says.en.find("set-aside"), std::string::npos);
}

TEST_F(SpoolFolder, WhereItCannotLookItSaysSo) {
  std::ofstream(spool()) << "a file, no folder";
  ASSERT_EQ(found().size(), 1U);
  EXPECT_EQ(found()[0].health, Health::look);
}

}  // namespace
}  // namespace tillside::doctor
