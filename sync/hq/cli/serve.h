#pragma once

#include <string>

#include "sync/hq/hq_server.h"

namespace tillside::hq::cli {

// Serves until SIGTERM or SIGINT. `port_file`, when given, gets the port once it listens.
int serve(const HqOptions& options, const std::string& port_file);

// Makes the owner's token when there is none and prints it with its file.
int create_owner(const std::string& data, bool json);

// "127.0.0.1:7980", "[::1]:7980", ":0".
Result<HqOptions> read_listen(const std::string& text);

}  // namespace tillside::hq::cli
