// Text for printers without Chinese letters: Windows-1252, which is code page 16 (ESC t 16) of ESC/POS printers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tillside::api {

// nullopt: no UTF-8, or with a letter that the code page lacks.
std::optional<std::string> to_windows1252(std::string_view text);

}  // namespace tillside::api
