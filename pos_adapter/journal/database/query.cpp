#include "pos_adapter/journal/database/query.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace tillside::journal {
namespace {

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '$' ||
         c == '@' || static_cast<unsigned char>(c) >= 0x80;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  return out;
}

// Behind a quoted text that begins at `at`; the closing mark doubled stands for itself.
std::size_t behind_quote(std::string_view query, std::size_t at) {
  const char closing = query[at] == '[' ? ']' : query[at];
  for (std::size_t i = at + 1; i < query.size(); ++i) {
    if (query[i] != closing) continue;
    if (i + 1 >= query.size() || query[i + 1] != closing) return i + 1;
    ++i;
  }
  return query.size();
}

std::size_t behind_comment(std::string_view query, std::size_t at) {
  const bool line = query[at] == '-';
  const auto end = query.find(line ? "\n" : "*/", at + 2);
  return end == std::string_view::npos ? query.size() : end + (line ? 1 : 2);
}

struct Parts {
  std::vector<std::string> words;  // in capitals
  int marks = 0;
  bool second_statement = false;
};

Parts parts_of(std::string_view query) {
  Parts parts;
  bool ended = false;
  for (std::size_t at = 0; at < query.size();) {
    const char c = query[at];
    const auto two = query.substr(at, 2);
    if (two == "--" || two == "/*") {
      at = behind_comment(query, at);
    } else if (c == '\'' || c == '"' || c == '`' || c == '[') {
      at = behind_quote(query, at);
      parts.second_statement = parts.second_statement || ended;
    } else if (is_word(c)) {
      const std::size_t begin = at;
      while (at < query.size() && is_word(query[at])) ++at;
      parts.words.push_back(upper(query.substr(begin, at - begin)));
      parts.second_statement = parts.second_statement || ended;
    } else {
      parts.marks += c == '?' ? 1 : 0;
      ended = ended || c == ';';
      ++at;
    }
  }
  return parts;
}

Error refused(std::string why) { return {ErrorCode::bad_format, "database.query", std::move(why)}; }

}  // namespace

Status check_query(std::string_view query) {
  static constexpr std::array<std::string_view, 26> kNever = {
      "INSERT", "UPDATE",   "DELETE", "MERGE",   "INTO",   "CREATE", "ALTER",      "DROP", "TRUNCATE",
      "EXEC",   "EXECUTE",  "CALL",   "GRANT",   "REVOKE", "LOCK",   "ATTACH",     "COPY", "VACUUM",
      "PRAGMA", "SHUTDOWN", "BACKUP", "HANDLER", "RENAME", "DO",     "OPENROWSET", "XLOCK"};
  const Parts parts = parts_of(query);
  if (parts.words.empty() || (parts.words.front() != "SELECT" && parts.words.front() != "WITH"))
    return refused("begins neither with SELECT nor with WITH");
  if (parts.second_statement) return refused("more than one statement");
  for (const std::string& word : parts.words)
    if (std::find(kNever.begin(), kNever.end(), word) != kNever.end())
      return refused("only reading is allowed: " + word);
  if (parts.marks != 1) return refused("wants exactly one ? for the high-water mark");
  return {};
}

}  // namespace tillside::journal
