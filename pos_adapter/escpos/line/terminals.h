// Of channel: what is no socket. The seam: serial_posix.cpp.
#pragma once

#include <string>

#include "pos_adapter/escpos/line/channel.h"

namespace tillside::escpos {

Result<Channel> open_serial(const Endpoint& place);
Result<Channel> open_pty(const std::string& link);     // the POS's end has that name
Result<Channel> open_device(const std::string& path);  // to print to: a device, a named pipe with a reader, a file
Result<Channel> open_inbox(const std::string& path);  // to be printed to: a device, or a named pipe (made when missing)
Result<Channel> open_standard_input();
void show_modem_lines(int handle, bool ready);

}  // namespace tillside::escpos
