// The one place that words an ErrorCode for people, in Chinese and in English: what happened and the mend.
#pragma once

#include <string_view>

#include "agent/domain/result.h"

namespace tillside {

enum class Language : std::uint8_t { zh, en };

// Chosen from a locale ("zh_CN.UTF-8", "C.UTF-8") or an Accept-Language header; Chinese unless it asks for English.
Language language_of(std::string_view locale_or_header);

std::string_view title_of(ErrorCode code, Language language);  // what: a short sentence
std::string_view mend_of(ErrorCode code, Language language);   // what to do about it

}  // namespace tillside
