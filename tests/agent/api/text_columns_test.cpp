#include "agent/api/text_columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tillside::api {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(TextColumns, ChineseTakesTwo) {
  EXPECT_EQ(columns_of("券码 A1"), 7);
  EXPECT_EQ(columns_of("（）！"), 6);
  EXPECT_EQ(columns_of("é·"), 2);
}

TEST(TextColumns, WordsStayTogetherAndBlanksVanishAtTheEnd) {
  EXPECT_THAT(wrapped("Spend CNY 100 or more", 10), ElementsAre("Spend CNY", "100 or", "more"));
  EXPECT_THAT(wrapped("", 10), IsEmpty());
}

TEST(TextColumns, ChineseBreaksAnywhereAndNeverInHalf) {
  EXPECT_THAT(wrapped("满一百减二十", 5), ElementsAre("满一", "百减", "二十"));
  EXPECT_THAT(wrapped("满100减20元", 8), ElementsAre("满100减", "20元"));
}

TEST(TextColumns, AWordLongerThanALineIsCut) {
  EXPECT_THAT(wrapped("ABCDEFGHIJ", 4), ElementsAre("ABCD", "EFGH", "IJ"));
}

}  // namespace
}  // namespace tillside::api
