// How the tools speak: one line that says what, why and the mend, on stderr, in the locale's language.
#pragma once

#include <string>

#include "agent/cli/local_client.h"
#include "agent/domain/error_words.h"
#include "agent/domain/result.h"

namespace tillside::cli {

enum Exit : int { kDone = 0, kFailed = 1, kUsage = 2, kPartly = 3 };

Language terminal_language();  // LC_ALL, LC_MESSAGES, LANG; Chinese unless they ask for English
const char* say(const char* zh, const char* en);

// Prints the line and returns kFailed (kUsage for errors of the caller's own making).
int complain(const Error& error);
int complain(const LocalAnswer& answer);  // a problem document

}  // namespace tillside::cli
