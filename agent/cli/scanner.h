// `tillside scanner`: hands what a serial scanner reads to the running agent, which checks it and shows it to the
// cashier.
#pragma once

#include <filesystem>
#include <string>

#include "agent/cli/local_client.h"

namespace tillside::cli {

struct ScannerOrder {
  std::string device;                      // as read_serial_place() wants it
  std::string lane;                        // empty: the screens of every lane
  bool once = false;                       // ends when the device goes away; otherwise it is waited for
  bool json = false;                       // each answer as one line of JSON
  std::filesystem::path config_file = {};  // its [scanner] says what is left empty above
};

// Prints one line for each code. Returns only with `once`, or when the settings or the words of the device cannot be
// read.
int scanner(LocalClient& agent, ScannerOrder order);

}  // namespace tillside::cli
