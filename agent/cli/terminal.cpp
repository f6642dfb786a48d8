#include "agent/cli/terminal.h"

#include <fmt/format.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

namespace tillside::cli {

Language terminal_language() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != 0) return language_of(value);
  }
  return Language::zh;
}

const char* say(const char* zh, const char* en) { return terminal_language() == Language::zh ? zh : en; }

int complain(const Error& error) {
  const Language language = terminal_language();
  std::string why = error.detail;
  if (!error.field.empty()) why = error.field + (why.empty() ? "" : ": " + why);
  fmt::print(stderr, "tillside: {}{}{}{} {}\n", title_of(error.code, language), why.empty() ? "" : " (", why,
             why.empty() ? "" : ")", mend_of(error.code, language));
  return error.code == ErrorCode::unknown_value || error.code == ErrorCode::missing_field ? kUsage : kFailed;
}

int complain(const LocalAnswer& answer) {
  const auto problem = nlohmann::json::parse(answer.body, nullptr, false);
  const auto text = [&](const char* key) {
    return problem.is_object() && problem.contains(key) && problem[key].is_string() ? problem[key].get<std::string>()
                                                                                    : std::string();
  };
  std::string why = text("field");
  if (const std::string detail = text("detail"); !detail.empty()) why += (why.empty() ? "" : ": ") + detail;
  fmt::print(stderr, "tillside: {}{}{}{} {}\n",
             text("title").empty() ? fmt::format("HTTP {}", answer.status) : text("title"), why.empty() ? "" : " (",
             why, why.empty() ? "" : ")", text("mend"));
  return kFailed;
}

}  // namespace tillside::cli
