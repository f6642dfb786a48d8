#include "sync/hq/cli/words.h"

#include <cstdlib>
#include <iostream>

namespace tillside::hq::cli {

Language user_language() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (const char* value = std::getenv(name); value != nullptr && *value != 0) return language_of(value);
  return language_of("");
}

std::string in_words(const std::string& zh, const std::string& en) { return user_language() == Language::zh ? zh : en; }

int fail(const std::string& zh, const std::string& en) {
  std::cerr << "tillside-hq: " << in_words(zh, en) << '\n';
  return kFailed;
}

int fail(const Error& error) {
  const auto language = user_language();
  std::string line(title_of(error.code, language));
  if (!error.field.empty() || !error.detail.empty()) line += " (";
  line += error.field;
  if (!error.field.empty() && !error.detail.empty()) line += ": ";
  line += error.detail;
  if (!error.field.empty() || !error.detail.empty()) line += ")";
  line += language == Language::zh ? "；" : "; ";
  line += mend_of(error.code, language);
  return fail(line, line);
}

}  // namespace tillside::hq::cli
