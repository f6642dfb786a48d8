// A bar code scanner: zxing-cpp looking at a picture.
#pragma once

#include <optional>
#include <string>

#include "tests/fakes/picture.h"

namespace tillside::fakes {

// The text of the QR symbol (or the Code 128) that the picture shows; nothing when none can be read.
std::optional<std::string> scan_qr(const Picture& picture);
std::optional<std::string> scan_code128(const Picture& picture);

}  // namespace tillside::fakes
