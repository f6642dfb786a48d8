// Codes in a picture, read by the program tillside-inspect beside this one. The seam to the system:
// picture_codes_posix.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/domain/result.h"

namespace tillside::cli {

bool is_picture(std::string_view bytes);  // begins as a PNG or a JPEG

// The text of each code from top to bottom; none when there is no code in it. unavailable: tillside-inspect is not
// installed. bad_format: it is no sound picture. Up to kMostPictureBytes are taken; more is out_of_range.
inline constexpr std::size_t kMostPictureBytes = 32u << 20;
Result<std::vector<std::string>> codes_in_picture(std::string_view bytes);

}  // namespace tillside::cli
