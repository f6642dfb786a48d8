// A scanner sends the keys of a US keyboard; a computer set to another layout reads other characters. What was meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tillside {

// `clean` (clean_scan()) as the keys of a French, Belgian, German, Czech and Dvorak keyboard, in this order, where that
// reads differently, without repeats. A character no such key makes stays, and so do the digits that Caps Lock makes on
// a French one. Empty for texts over 512 bytes: no code of ours is that long.
std::vector<std::string> undo_layouts(std::string_view clean);

// It begins as a URL, and its "://" was changed on the way.
bool is_garbled_url(std::string_view clean);

}  // namespace tillside
