#include "pos_adapter/plugin/json_text.h"

#include <gtest/gtest.h>

#include <string>

namespace tillside::pos {
namespace {

Text text_of(const std::string& text) { return {text.data(), text.size()}; }
std::string string_of(Text text) { return text.empty() ? "" : std::string(text.data, text.size); }
std::string at(const std::string& json, const char* path) { return string_of(json_at(text_of(json), path)); }
std::string resolved(const std::string& value) {
  std::string out(64, '#');
  const auto size = json_text(text_of(value), out.data(), out.size());
  return size < 0 ? "none" : out.substr(0, static_cast<std::size_t>(size));
}

TEST(JsonText, KnowsWellFormedObjects) {
  for (const char* good :
       {"{}", " {} ", R"({"a":[1,-2.5e+3,true,false,null,"x\u00e9\n",{"b":[]}]})", R"({"a":0,"a":1})"})
    EXPECT_TRUE(is_json_object(good)) << good;
  for (const char* bad : {"",
                          "[]",
                          "1",
                          "{",
                          "{}}",
                          "{,}",
                          R"({"a"})",
                          R"({"a":})",
                          R"({"a":1,})",
                          R"({a:1})",
                          R"({"a":01})",
                          R"({"a":.5})",
                          R"({"a":1.})",
                          R"({"a":1e})",
                          R"({"a":+1})",
                          R"({"a":"\x"})",
                          R"({"a":"\u12g4"})",
                          "{\"a\":\"\n\"}",
                          R"({"a":tru})",
                          R"({"a":[1 2]})",
                          R"({"a":[1,]})",
                          R"({"a":"b)",
                          R"({"a":"b\)",
                          R"({"a":"\u12)",
                          "{}\x01",
                          R"({"a":1]})"})
    EXPECT_FALSE(is_json_object(bad)) << bad;
}

TEST(JsonText, GoesAsDeepAsItsLimit) {
  const auto nested = [](int levels) {
    return "{\"a\":" + std::string(static_cast<std::size_t>(levels - 1), '[') +
           std::string(static_cast<std::size_t>(levels - 1), ']') + "}";
  };
  EXPECT_TRUE(is_json_object(text_of(nested(kMostDepth))));
  EXPECT_FALSE(is_json_object(text_of(nested(kMostDepth + 1))));
  EXPECT_FALSE(is_json_object(text_of("{\"a\":" + std::string(1'000'000, '['))));
}

TEST(JsonText, FindsValuesByPath) {
  const std::string json = R"({"a":{"b":[10,{"c":"x"}]},"d":"1","d":"2","e\u0066":7, "n": null })";
  EXPECT_EQ(at(json, "a.b[0]"), "10");
  EXPECT_EQ(at(json, "a.b[1].c"), R"("x")");
  EXPECT_EQ(at(json, "a.b"), R"([10,{"c":"x"}])");
  EXPECT_EQ(at(json, "d"), R"("2")");
  EXPECT_EQ(at(json, "ef"), "7");
  EXPECT_EQ(at(json, "n"), "null");
  for (const char* none :
       {"x", "a.x", "a.b[2]", "a.b[]", "a.b[1", "a.b[x]", "a.b[99999999]", "d[0]", "d.e", "a.b.c", "."})
    EXPECT_EQ(at(json, none), "") << none;
  EXPECT_EQ(at("{\"a\":1", "a"), "") << "cut off";
  EXPECT_EQ(at("[[1,2],[3]]", "[1][0]"), "3");
}

TEST(JsonText, ResolvesEscapes) {
  EXPECT_EQ(resolved(R"("a\"\\\/\b\f\n\r\tb")"), "a\"\\/\b\f\n\r\tb");
  EXPECT_EQ(resolved(R"("\u0041\u00e9\u4e2d\ud83d\ude00")"), "A\xC3\xA9\xE4\xB8\xAD\xF0\x9F\x98\x80");
  EXPECT_EQ(resolved(R"("\ud83d")"), "none");
  EXPECT_EQ(resolved(R"("\ude00")"), "none");
  EXPECT_EQ(resolved(R"("\ud83dx")"), "none");
  EXPECT_EQ(resolved(R"("\ud83d\u0041")"), "none");
  EXPECT_EQ(resolved("12.5"), "12.5");
}

TEST(JsonText, ReadsIntegersWithinTheirRange) {
  std::int64_t value = 0;
  EXPECT_TRUE(json_integer("-9223372036854775808", value));
  EXPECT_EQ(value, INT64_MIN);
  EXPECT_TRUE(json_integer("9223372036854775807", value));
  EXPECT_EQ(value, INT64_MAX);
  for (const char* none :
       {"9223372036854775808", "-9223372036854775809", "99999999999999999999", "1.5", "1e3", "", "-", "\"1\""})
    EXPECT_FALSE(json_integer(none, value)) << none;
}

TEST(JsonText, CountsElements) {
  EXPECT_EQ(json_count("[1,[2,3],{\"a\":4}]"), 3U);
  EXPECT_EQ(json_count("[]"), 0U);
  EXPECT_EQ(json_count("{\"a\":1}"), 0U);
  EXPECT_EQ(json_count("[1,2"), 0U);
}

}  // namespace
}  // namespace tillside::pos
