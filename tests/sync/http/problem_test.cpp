#include "sync/http/problem.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace tillside::http {
namespace {

TEST(PreferredLanguage, WeighsWhatIsNamed) {
  EXPECT_EQ(preferred_language(""), Language::kChinese);
  EXPECT_EQ(preferred_language("en"), Language::kEnglish);
  EXPECT_EQ(preferred_language("en-GB,en;q=0.9"), Language::kEnglish);
  EXPECT_EQ(preferred_language("zh-CN,zh;q=0.9,en;q=0.8"), Language::kChinese);
  EXPECT_EQ(preferred_language("zh;q=0.2, en;q=0.8"), Language::kEnglish);
  EXPECT_EQ(preferred_language("fr, *;q=0.1"), Language::kChinese);
  EXPECT_EQ(preferred_language("en;q=nonsense"), Language::kChinese);
}

TEST(Problem, SaysWhatWentWrongInTheCallersLanguage) {
  const Problem what{.status = 422,
                     .code = "bad-amount",
                     .title_zh = "金额不正确",
                     .title_en = "The amount is wrong",
                     .detail = "negative",
                     .field = "/lines/2/amount",
                     .mend_zh = "改正后重发",
                     .mend_en = "Correct it and send again"};
  const auto chinese = problem(what, Language::kChinese);
  EXPECT_EQ(chinese.status, 422U);
  EXPECT_EQ(chinese.content_type, "application/problem+json");
  EXPECT_EQ(chinese.body,
            R"({"type":"urn:tillside:problem:bad-amount","title":"金额不正确","status":422,"code":"bad-amount",)"
            R"("detail":"negative","field":"/lines/2/amount","mend":"改正后重发"})");
  Request request;
  request.headers = {{"accept-language", "en"}};
  const auto english = nlohmann::json::parse(problem(what, request).body);
  EXPECT_EQ(english["title"], "The amount is wrong");
  EXPECT_EQ(english["mend"], "Correct it and send again");
}

TEST(Problem, LeavesOutWhatIsNotSaid) {
  const auto document = nlohmann::json::parse(problem(404, "not-found", "没有", "none").body);
  EXPECT_FALSE(document.contains("detail"));
  EXPECT_FALSE(document.contains("field"));
  EXPECT_FALSE(document.contains("mend"));
}

TEST(Problem, SurvivesBadUtf8InItsDetail) {
  const auto response = problem(400, "bad-text", "编码", "encoding", "\xff\xfe");
  EXPECT_TRUE(nlohmann::json::accept(response.body));
}

}  // namespace
}  // namespace tillside::http
