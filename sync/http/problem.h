#pragma once
// RFC 9457 problem documents: the one shape of every refusal and error.

#include <string>
#include <string_view>

#include "sync/http/message.h"

namespace tillside::http {

enum class Language { kChinese, kEnglish };

// By the weights of an Accept-Language header; Chinese when it names neither (or is absent).
Language preferred_language(std::string_view accept_language);

// What went wrong, in the words of both languages. `code` is stable and machine-readable ("body-too-large").
struct Problem {
  unsigned status = 500;
  std::string_view code;
  std::string_view title_zh;
  std::string_view title_en;
  std::string_view detail = {};   // this occurrence; never an identifier, a token or a key
  std::string_view field = {};    // JSON pointer of the offending field ("/lines/2/amount")
  std::string_view mend_zh = {};  // what the caller can do
  std::string_view mend_en = {};
};

// application/problem+json with type ("urn:tillside:problem:<code>"), title, status, code and, where given,
// detail, field, mend. Text that is not UTF-8 is made so by replacing its bad bytes.
Response problem(const Problem& problem, Language language);
Response problem(const Problem& problem, const Request& request);

// The short form; titles by `language`.
Response problem(unsigned status, std::string_view code, std::string_view title_zh, std::string_view title_en,
                 std::string_view detail = {}, std::string_view field = {}, Language language = Language::kChinese);

}  // namespace tillside::http
