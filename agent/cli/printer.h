// `tillside printer`: the print door, a process of its own between a POS and its printer.
#pragma once

#include <filesystem>
#include <string>

#include "agent/cli/local_client.h"

namespace tillside::cli {

struct PrinterWords {
  std::filesystem::path config_file;
  std::string listen, printer, lane, receipt_template;  // over the settings; empty: as they say
  std::filesystem::path templates, port_file;
  int paper = 0;
};

// Until SIGTERM or SIGINT, or for --listen stdin until its job is printed. kUsage: a place cannot be understood;
// kFailed: it cannot be listened at, or the one job's printer was not there.
int printer(const PrinterWords& words, Where agent);

}  // namespace tillside::cli
