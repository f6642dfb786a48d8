#include "sync/http/problem.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace tillside::http {
namespace {

std::string_view without_spaces(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// The weight of "zh-CN;q=0.8" in thousandths; 1000 without a q; 0 when malformed.
int weight_of(std::string_view parameters) {
  const auto q = parameters.find("q=");
  if (q == std::string_view::npos) return 1000;
  const auto digits = parameters.substr(q + 2);
  double weight = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), weight);
  return static_cast<int>(std::clamp(weight, 0.0, 1.0) * 1000.0);
}

bool speaks(std::string_view range, std::string_view language) {
  const auto primary = range.substr(0, range.find('-'));
  return equal_ignoring_case(primary, language);
}

}  // namespace

Language preferred_language(std::string_view accept_language) {
  int chinese = 0;
  int english = 0;
  while (!accept_language.empty()) {
    const auto end = std::min(accept_language.find(','), accept_language.size());
    const auto entry = without_spaces(accept_language.substr(0, end));
    accept_language.remove_prefix(std::min(end + 1, accept_language.size()));
    const auto semicolon = std::min(entry.find(';'), entry.size());
    const auto range = without_spaces(entry.substr(0, semicolon));
    const int weight = weight_of(entry.substr(semicolon));
    if (speaks(range, "zh")) chinese = std::max(chinese, weight);
    if (speaks(range, "en")) english = std::max(english, weight);
  }
  return english > chinese ? Language::kEnglish : Language::kChinese;
}

Response problem(const Problem& problem, Language language) {
  const bool english = language == Language::kEnglish;
  nlohmann::ordered_json document;
  document["type"] = "urn:tillside:problem:" + std::string(problem.code);
  document["title"] = english ? problem.title_en : problem.title_zh;
  document["status"] = problem.status;
  document["code"] = problem.code;
  if (!problem.detail.empty()) document["detail"] = problem.detail;
  if (!problem.field.empty()) document["field"] = problem.field;
  const auto mend = english ? problem.mend_en : problem.mend_zh;
  if (!mend.empty()) document["mend"] = mend;

  Response response;
  response.status = problem.status;
  response.content_type = "application/problem+json";
  response.body = document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  response.with("Content-Language", english ? "en" : "zh");
  return response;
}

Response problem(const Problem& what, const Request& request) {
  return problem(what, preferred_language(request.header("Accept-Language")));
}

Response problem(unsigned status, std::string_view code, std::string_view title_zh, std::string_view title_en,
                 std::string_view detail, std::string_view field, Language language) {
  return problem(
      {.status = status, .code = code, .title_zh = title_zh, .title_en = title_en, .detail = detail, .field = field},
      language);
}

}  // namespace tillside::http
