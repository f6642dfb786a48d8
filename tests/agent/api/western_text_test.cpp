#include "agent/api/western_text.h"

#include <gtest/gtest.h>

namespace tillside::api {
namespace {

TEST(WesternText, LettersOfTheCodePage) {
  EXPECT_EQ(to_windows1252("Members' price: £5 – 20 % off"),
            "Members' price: \xA3"
            "5 \x96 20 % off");
  EXPECT_EQ(to_windows1252("Crème brûlée, Ÿ, €2"),
            "Cr\xE8me br\xFBl\xE9"
            "e, \x9F, \x80"
            "2");
  EXPECT_EQ(to_windows1252(""), "");
}

TEST(WesternText, OthersAreNoneOfIt) {
  for (const char* text : {"水果", "Fruit 店", "ł", "😀", "a\nb", "\x1B@", "\x7F", "\xC2\x81", "\xFF", "\xE6\xB0"})
    EXPECT_FALSE(to_windows1252(text)) << text;
}

}  // namespace
}  // namespace tillside::api
