// Bytes of a journal into UTF-8. The one place that knows iconv.
#pragma once

#include <string>
#include <string_view>

#include "agent/domain/result.h"
#include "pos_adapter/journal/mapping.h"

namespace tillside::journal {

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// invalid_utf8 when the bytes are not of that encoding. latin1 is Windows-1252 with its gaps as controls: never fails.
Result<std::string> to_utf8(std::string_view bytes, Encoding encoding);

// "UTF-8", "iso-8859-1", "windows-1252", "gbk" ... in any case; unknown_value for another.
Result<Encoding> encoding_of(std::string_view name);

}  // namespace tillside::journal
