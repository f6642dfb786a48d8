// Errors as one line for people: what, why, the mend; Chinese or English by locale.
#pragma once

#include <string>

#include "agent/domain/error_words.h"

namespace tillside::hq::cli {

inline constexpr int kDone = 0, kFailed = 1, kUsage = 2, kPartly = 3;

Language user_language();      // of LC_ALL, LC_MESSAGES, LANG
int fail(const Error& error);  // prints to stderr, returns kFailed
int fail(const std::string& zh, const std::string& en);
std::string in_words(const std::string& zh, const std::string& en);

}  // namespace tillside::hq::cli
