// One spelling for a phone number: E.164 (ITU-T E.164: "+", country code and national number, at most 15 digits).
// Why not libphonenumber: docs/decisions/0002-phone-numbers.md.
#pragma once

#include <string>
#include <string_view>

#include "agent/domain/result.h"

namespace tillside {

// Blanks, dashes, brackets, dots and their full-width forms are ignored; "+" or "00" begins an international number,
// anything else is national in `country_calling_code` ("86"), whose trunk prefix is dropped. Under 86 a bare
// "86138..." of 13 digits is international too, and a number beginning 13 to 19 must have 11 digits.
// Letters, a national number without a country, a second "+", fewer than 7 or more than 15 digits: bad_format.
Result<std::string> normalise_phone(std::string_view text, std::string_view country_calling_code);

}  // namespace tillside
