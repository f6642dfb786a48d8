// Text for Chinese printers. The seam to the system's converter: gb18030_iconv.cpp.
#pragma once

#include <string>
#include <string_view>

#include "agent/domain/result.h"

namespace tillside::api {

// invalid_utf8 when `text` is not UTF-8; internal when the system has no converter.
Result<std::string> to_gb18030(std::string_view text);

}  // namespace tillside::api
