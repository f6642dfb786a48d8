// `tillside agent`: settings, signals, run until told to stop.
#pragma once

#include <filesystem>

namespace tillside::cli {

struct AgentWords {  // what the command line says over the settings; empty or -1: nothing
  std::filesystem::path config_file, folder, socket;
  int port = -1;
};

int run_agent(const AgentWords& words);

}  // namespace tillside::cli
