// The helper's life hangs on its agent's. The seam to the system: parent_posix.cpp.
#pragma once

#include <string>
#include <string_view>

namespace tillside::odbc {

void die_with_parent();                  // also when the agent is killed
bool read_some(std::string& bytes);      // from the agent; false: it has closed
bool write_all(std::string_view bytes);  // to the agent; false: it has closed

}  // namespace tillside::odbc
