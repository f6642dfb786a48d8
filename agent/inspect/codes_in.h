// The QR codes and Code 128 bar codes in a picture.
#pragma once

#include <string>
#include <vector>

#include "agent/inspect/picture_file.h"

namespace tillside::pictures {

// Their texts, each once, from top to bottom; empty when none can be read. Looks again at the picture softened, halved,
// under another threshold and inverted: what one look misses another may find.
std::vector<std::string> codes_in(const GrayPicture& picture);

}  // namespace tillside::pictures
