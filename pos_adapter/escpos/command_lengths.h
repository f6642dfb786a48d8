// Of command.cpp: the commands whose length stands in their own bytes.
#pragma once

#include "pos_adapter/escpos/command.h"

namespace tillside::escpos {

// `head` has its introducer and the byte behind it.
Measure measure_long(std::string_view head, const Grammar& grammar);  // of ESC, FS and GS
Measure measure_display(std::string_view head);                       // of ESC and US, while the display is chosen
Measure measure_real_time(std::string_view head);                     // of DLE

// `as_listed` is what the table says of the byte behind the introducer.
Kind kind_of_long(std::string_view head, Kind as_listed);
Kind kind_in_real_time(std::string_view head);

}  // namespace tillside::escpos
