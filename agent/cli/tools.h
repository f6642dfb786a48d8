// The tools that ask the running agent.
#pragma once

#include <filesystem>
#include <string>

#include "agent/cli/local_client.h"

namespace tillside::cli {

int enroll(LocalClient& agent, const std::string& hq_url, const std::string& code, bool json);
int status(LocalClient& agent, bool json);
int open_page(LocalClient& agent, const std::string& page, bool json);
// verb: advise, complete, reverse, event. `file` "-" is standard input.
int checkout(LocalClient& agent, const std::string& verb, const std::filesystem::path& file, bool as_live);
// The receipt of a remembered checkout, or a code, written to standard output.
int receipt(LocalClient& agent, const std::string& identity, const std::string& format);
int qr(LocalClient& agent, const std::string& staff_id, const std::string& showing_id, const std::string& format);

}  // namespace tillside::cli
