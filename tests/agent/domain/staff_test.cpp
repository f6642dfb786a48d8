#include "agent/domain/staff.h"

#include <gtest/gtest.h>

#include "agent/domain/error_words.h"

namespace tillside {
namespace {

StaffRoster roster() {
  return StaffRoster({{"E3", 3, "Three", StaffRole::cashier, false, ""},
                      {"E1", 1, "One", StaffRole::guide, true, ""},
                      {"E2", 2, "Two", StaffRole::manager, true, ""}});
}

TEST(Roster, FindsByIdAndByNumber) {
  const auto staff = roster();
  EXPECT_EQ(staff.find("E2")->number, 2);
  EXPECT_EQ(staff.find(StaffNumber{3})->staff_id, "E3");
  EXPECT_EQ(staff.find("E4"), nullptr);
  EXPECT_EQ(staff.find(StaffNumber{9}), nullptr);
  EXPECT_EQ(StaffRoster{}.find("E1"), nullptr);
}

TEST(Roster, CreditsTheNamedGuideThenTheFriendThenTheStore) {
  const auto staff = roster();
  EXPECT_EQ(staff.credited("E1", 2), 1);
  EXPECT_EQ(staff.credited("", 2), 2);
  EXPECT_EQ(staff.credited("E9", 2), 2);
  EXPECT_EQ(staff.credited("E3", 2), 2);  // has left
  EXPECT_EQ(staff.credited("", 3), 0);
  EXPECT_EQ(staff.credited("", 9), 0);
  EXPECT_EQ(staff.credited("", std::nullopt), 0);
}

TEST(Roster, RolesHaveNames) {
  for (const auto role : {StaffRole::guide, StaffRole::cashier, StaffRole::manager})
    EXPECT_EQ(staff_role_of(name_of(role)), role);
  EXPECT_EQ(staff_role_of("owner"), std::nullopt);
}

TEST(ErrorWords, StandForEveryCodeInBothLanguages) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::internal); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    EXPECT_STRNE(name_of(code), "");
    for (const auto language : {Language::zh, Language::en}) {
      EXPECT_FALSE(title_of(code, language).empty()) << name_of(code);
      EXPECT_FALSE(mend_of(code, language).empty()) << name_of(code);
    }
    EXPECT_NE(title_of(code, Language::zh), title_of(code, Language::en));
  }
  EXPECT_STREQ(name_of(ErrorCode::unknown_value), "unknown_value");
  EXPECT_STREQ(name_of(ErrorCode::storage_full), "storage_full");
}

TEST(ErrorWords, LanguageIsChineseUnlessEnglishIsAskedFor) {
  for (const char* text : {"", "zh_CN.UTF-8", "C.UTF-8", "POSIX", "zh-CN,zh;q=0.9,en;q=0.8", "fr-FR", "en;q=0",
                           "en;q=0.5,zh", "eng", "zh,en", "*"})
    EXPECT_EQ(language_of(text), Language::zh) << text;
  for (const char* text :
       {"en", "en_US.UTF-8", "EN-gb", "en-US,en;q=0.9,zh;q=0.8", "zh;q=0.1, en;q=0.2", "de, en;q=0.5"})
    EXPECT_EQ(language_of(text), Language::en) << text;
}

}  // namespace
}  // namespace tillside
